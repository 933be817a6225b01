"""The service: how long the headers of a request may be. All that is made of them is made while others wait."""

from starlette.requests import HTTPConnection

from .problems import ProblemError

# One of 4,096 bytes is what browsers send of the address that a request comes from.
MOST_HEADER_BYTES = 4200
MOST_HEADERS_BYTES = 10_000


def check_headers(connection: HTTPConnection) -> None:
    """Raise ProblemError for a request with a header that is too long, or with too many."""
    sizes = [len(name) + len(value) for name, value in connection.scope["headers"]]
    if max(sizes, default=0) > MOST_HEADER_BYTES or sum(sizes) > MOST_HEADERS_BYTES:
        detail = f"a header may have {MOST_HEADER_BYTES} bytes, and all of them {MOST_HEADERS_BYTES}"
        raise ProblemError(431, detail, {"Connection": "close"})
