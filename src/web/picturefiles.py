"""The service: pictures as responses. Whatever else a browser takes one for, it does nothing."""

from collections.abc import AsyncIterator
from contextlib import suppress
from email.utils import formatdate
from typing import Any

import anyio.to_thread
from fastapi import Request
from starlette.responses import Response, StreamingResponse
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Receive, Scope, Send

from .servedfiles import ServedFile

Responses = dict[int | str, dict[str, Any]]

PICTURE_ONLY = {
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}
UNCHANGED: Responses = {304: {"description": "The picture is the one that the request knows."}}
_PIECE_BYTES = 1 << 15
_FRESHNESS = StaticFiles()


def picture_of(media_type: str) -> Responses:
    """Return what a route says of a picture that it answers with."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {200: {"description": "The picture.", "content": {media_type: binary}}}


def picture_headers(served: ServedFile, tag: str, cache_control: str) -> dict[str, str]:
    """Return the headers of a picture that is, or is made of, a file; `tag` tells it from others of its address."""
    headers = {
        "ETag": f'"{tag}"',
        "Cache-Control": cache_control,
        **PICTURE_ONLY,
    }
    with suppress(ValueError, OverflowError, OSError):  # a file may say that it is of any year
        headers["Last-Modified"] = formatdate(served.mtime_ns // 10**9, usegmt=True)
    return headers


def not_modified(request: Request, headers: dict[str, str]) -> Response | None:
    """Return what to answer somebody who has the picture as it is; None if nobody says so."""
    response = Response(headers=headers)
    is_fresh = _FRESHNESS.is_not_modified(response.headers, request.headers)
    return NotModifiedResponse(response.headers) if is_fresh else None


class FileAnswer(StreamingResponse):
    """A file that is open, from its beginning to the size it had; it is closed whatever becomes of the request."""

    def __init__(self, served: ServedFile, headers: dict[str, str]) -> None:
        length = {"Content-Length": str(served.size)}
        super().__init__(self._pieces(), headers={**headers, **length}, media_type=served.media_type)
        self._served = served

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        try:
            if scope["method"] == "HEAD":
                await Response(headers=self.headers)(scope, receive, send)
            else:
                await super().__call__(scope, receive, send)
        finally:
            self._served.file.close()

    async def _pieces(self) -> AsyncIterator[bytes]:
        piece, left = self._served.head[: self._served.size], self._served.size
        while piece:
            yield piece
            left -= len(piece)
            piece = await anyio.to_thread.run_sync(self._served.file.read, min(_PIECE_BYTES, left)) if left else b""
