"""The service: answers are sent in small pieces, each as its client takes it, and only so much of them is held at once.

A client may ask for much and read nothing. What is given to the server at once is in memory until it is read.
"""

from contextlib import ExitStack

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .admission import Admission
from .problems import ProblemError, problem_response

# Smaller answers are not counted, so that pages, thumbnails and searches are there whatever else is being sent.
SMALL_BYTES = 1 << 16
_PIECE_BYTES = 1 << 14
# The server takes so many pieces before it waits for the client. As many empty ones tell that the last of an answer is
# with the system.
_PIECES_AHEAD = 8
# With this, the server would send files on its own, as many as are asked for.
_FILES_BY_SERVER = "http.response.pathsend"


class Sending:
    """ASGI middleware: answers 503 instead of what would be too much beside all that is being sent."""

    def __init__(self, app: ASGIApp, admission: Admission) -> None:
        self._app = app
        self._admission = admission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.get("extensions", {}).pop(_FILES_BY_SERVER, None)
        with ExitStack() as counting:
            answer = _Answer(scope, send, self._admission, counting)
            try:
                await self._app(scope, receive, answer.send)
            except Exception:
                if answer.refusal is None:
                    raise
        if answer.refusal is not None:
            error = answer.refusal
            await problem_response(error.status, error.detail, error.headers)(scope, receive, send)


class _Answer:
    def __init__(self, scope: Scope, send: Send, admission: Admission, counting: ExitStack) -> None:
        self.refusal: ProblemError | None = None
        self._is_head = scope["method"] == "HEAD"
        self._send = send
        self._admission = admission
        self._counting = counting
        # What is not sent until it is known how large the answer is.
        self._start: Message | None = None
        self._is_large = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        body = b"" if self._is_head else message.get("body", b"")
        is_more = message.get("more_body", False)
        if self._start is not None:
            self._is_large = not self._is_head and (is_more or len(body) > SMALL_BYTES)
            if self._is_large:
                self._count(len(body), is_more)
            await self._send(self._start)
            self._start = None
        if not self._is_large:
            await self._send({**message, "body": body})
            return
        for begin in range(0, len(body), _PIECE_BYTES):
            await self._send_piece(body[begin : begin + _PIECE_BYTES])
        if not is_more:
            for _ in range(_PIECES_AHEAD):
                await self._send_piece(b"")
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    def _count(self, size: int, is_more: bool) -> None:
        try:
            self._counting.enter_context(
                self._admission.files.hold() if is_more else self._admission.answer_bytes.hold(size)
            )
        except ProblemError as error:
            self.refusal = error
            # The application has nothing more to do for it. That it has begun to answer keeps it from telling why.
            raise ConnectionAbortedError(error.detail) from None

    async def _send_piece(self, piece: bytes) -> None:
        await self._send({"type": "http.response.body", "body": piece, "more_body": True})
