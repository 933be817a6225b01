"""The service: the token that requests must bear, if there is one.

A program sends it with each request. A page sends it once, and gets a cookie for it, as a browser asks for the
pictures of a page without it.
"""

import hmac
import math
import re
import time

from fastapi import APIRouter, Request, Response
from starlette.requests import HTTPConnection

from ..errors import ExpectedError
from .guesses import Guesses
from .problems import Problem, ProblemError

SESSION_PATH = "/api/session"
COOKIE = "image-similarity-session"
SHORTEST = 16
SESSION_SECONDS = 30 * 24 * 3600
# Whether it is alive may be asked by what restarts it, and whoever has no session may begin one.
_OPEN = ("/api/health", SESSION_PATH)
# What RFC 6750 lets a client send.
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")


def check_token(token: str) -> str:
    """Return a token that is fit to be one; ExpectedError if it is not."""
    if len(token) < SHORTEST or not _TOKEN.fullmatch(token):
        raise ExpectedError(
            f"the token (IMAGE_SIMILARITY_TOKEN) must be {SHORTEST} or more letters, digits and . _ ~ + / -: "
            "set another one, or unset it to let anybody in"
        )
    return token


class Tokens:
    """A check of requests: what is not open to all bears the token, or a cookie that was given for it."""

    def __init__(self, token: str) -> None:
        self._token = token.encode()
        self._guesses = Guesses()

    def __call__(self, connection: HTTPConnection) -> None:
        """Raise ProblemError for a request that may not be answered."""
        path = connection.scope["path"]
        if not (path == "/api" or path.startswith("/api/")) or path in _OPEN:
            return
        if not self._is_session(connection.cookies.get(COOKIE, "")):
            self.check_bearer(connection)

    def check_bearer(self, connection: HTTPConnection) -> None:
        """Raise ProblemError for a request that does not bear the token; 429 if its address was wrong too often."""
        scheme, _, given = connection.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not given:
            raise ProblemError(401, "this needs the token of the service", {"WWW-Authenticate": "Bearer"})
        # First of all: behind a proxy, whoever guesses has the address of all others.
        if hmac.compare_digest(given.strip().encode(), self._token):
            return
        address = connection.client.host if connection.client else ""
        if wait := self._guesses.wait(address):
            later = {"Retry-After": f"{math.ceil(wait)}"}
            raise ProblemError(429, "too many wrong tokens came from this address", later)
        self._guesses.count(address)
        raise ProblemError(
            401, "that is not the token of the service", {"WWW-Authenticate": 'Bearer error="invalid_token"'}
        )

    def new_session(self) -> str:
        """Return the value of a cookie that stands for the token for some time, also after a restart."""
        until = str(int(time.time()) + SESSION_SECONDS)
        return f"{until}.{self._sign(until)}"

    def _is_session(self, cookie: str) -> bool:
        until, _, signature = cookie.partition(".")
        is_ours = hmac.compare_digest(signature.encode(), self._sign(until).encode())
        return is_ours and int(until) > time.time()

    def _sign(self, until: str) -> str:
        return hmac.digest(self._token, f"session {until}".encode(), "sha256").hex()


router = APIRouter(tags=["session"])


@router.post(SESSION_PATH, status_code=204, responses={401: {"model": Problem}, 429: {"model": Problem}})
async def begin_session(request: Request) -> Response:
    """Get a cookie for the token, which is sent as `Authorization: Bearer TOKEN`, for as long as 30 days."""
    tokens: Tokens | None = request.app.state.tokens
    response = Response(status_code=204)
    if tokens is not None:
        tokens.check_bearer(request)
        # A proxy may speak https for this service; the page then has an origin of https.
        is_safe = "https" in (request.url.scheme, request.headers.get("origin", "").partition(":")[0])
        response.set_cookie(
            COOKIE, tokens.new_session(), SESSION_SECONDS, path="/api", secure=is_safe, httponly=True, samesite="strict"
        )
    return response


@router.delete(SESSION_PATH, status_code=204)
async def end_session() -> Response:
    """Have the browser forget its cookie."""
    response = Response(status_code=204)
    response.delete_cookie(COOKIE, path="/api", httponly=True, samesite="strict")
    return response
