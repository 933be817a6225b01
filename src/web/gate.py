"""The service: requests are looked at before anything is done for them."""

from collections.abc import Callable, Sequence

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from .problems import ProblemError, problem_response

Check = Callable[[HTTPConnection], None]


class Gate:
    """ASGI middleware: lets a request in if no check raises ProblemError. Its body is not read before that."""

    def __init__(self, app: ASGIApp, checks: Sequence[Check]) -> None:
        self._app = app
        self._checks = checks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "http":
            try:
                for check in self._checks:
                    check(HTTPConnection(scope))
            except ProblemError as error:
                response = problem_response(error.status, error.detail, error.headers)
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)
