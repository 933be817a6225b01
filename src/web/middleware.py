"""The service: what each request goes through before it reaches the application."""

from collections.abc import Callable, Sequence

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from .admission import Admission
from .bodies import Bodies
from .headers import SecurityHeaders
from .heads import check_headers
from .hosts import KnownHosts
from .metrics import CountRequests, Metrics
from .origins import KnownPages
from .problems import ProblemError, problem_response
from .sending import Sending
from .settings import Settings
from .tokens import Tokens, check_token

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


class GuardedApplication(FastAPI):
    """An application behind all that `add_guards` adds."""

    def build_middleware_stack(self) -> ASGIApp:
        """Return the application with its middleware."""
        # What is added by add_middleware does not see the response to an error that nobody expected.
        sent = Sending(super().build_middleware_stack(), self.state.admission)
        counted = CountRequests(sent, self.state.metrics)
        return SecurityHeaders(counted, shown_elsewhere=bool(self.state.settings.allowed_origins))


def add_guards(app: GuardedApplication, settings: Settings) -> None:
    """Have an application count its requests, and look at them before it does anything for them."""
    app.state.settings = settings
    app.state.metrics = Metrics()
    app.state.admission = Admission(settings.most_searches, settings.most_bytes_of_uploads)
    app.state.tokens = None if settings.token is None else Tokens(check_token(settings.token))
    # What is added last is gone through first.
    if app.state.tokens is not None:
        app.add_middleware(Gate, checks=[app.state.tokens])
    if settings.allowed_origins:
        # Its preflights bear no token.
        app.add_middleware(
            CORSMiddleware, allow_origins=settings.allowed_origins, allow_methods=["GET", "HEAD", "POST"],
            allow_headers=["Authorization"], expose_headers=["Retry-After"],
        )  # fmt: skip
    app.add_middleware(Gate, checks=[check_headers, KnownHosts(settings), KnownPages(settings)])
    app.add_middleware(Bodies, seconds=settings.refused_seconds, most_bytes=2 * settings.most_upload_bytes)
