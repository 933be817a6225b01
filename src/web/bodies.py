"""The service: the bodies of requests, read to their end, and held in memory no longer than their requests take."""

from contextlib import ExitStack

import anyio
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# What is in `request.state` of each request: what is given back once it is answered.
HELD = "held"


class Bodies:
    """ASGI middleware: reads what a request still sends when it has been refused, for a short time.

    A client that is cut off in the middle of its picture sees a broken connection, and not what was wrong with it.

    Parameters
    ----------
    seconds : float
        What still comes is taken so long,
    most_bytes : int
        and so much of it. None of it is kept.
    """

    def __init__(self, app: ASGIApp, seconds: float, most_bytes: int) -> None:
        self._app = app
        self._seconds = seconds
        self._most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        # Who waits to be told to continue sends nothing when told otherwise.
        is_more = "expect" not in headers and ("content-length" in headers or "transfer-encoding" in headers)

        async def receive_and_see() -> Message:
            nonlocal is_more
            message = await receive()
            is_more = message["type"] == "http.request" and message.get("more_body", False)
            return message

        with ExitStack() as held:
            scope.setdefault("state", {})[HELD] = held
            await self._app(scope, receive_and_see, send)
        if not is_more:
            return
        with anyio.move_on_after(self._seconds):
            got = 0
            while is_more and got <= self._most_bytes:
                got += len((await receive_and_see()).get("body", b""))
