"""The service: addresses that name a picture of the index by its id, and the id that an address names.

An id may hold any bytes that a name of a file can, while text of the web is UTF-8. So ids are taken from the address as
it came, before it was decoded for others.
"""

import sys
from urllib.parse import parse_qsl, quote, unquote_to_bytes

from fastapi import Request

IMAGES = "/api/images/"
THUMBNAIL = "/thumbnail"
# How Python has names of files that are no text: other bytes on most systems, halves of characters on Windows.
_ERRORS = sys.getfilesystemencodeerrors()


def image_links(image_id: str) -> dict[str, str]:
    """Return the addresses of a picture: of itself, its thumbnail, a search from it, and the page that searches."""
    name = quoted(image_id)
    return {
        "image": f"{IMAGES}{name}",
        "thumbnail": f"{IMAGES}{name}{THUMBNAIL}",
        "search": f"/api/search?id={name}",
        "page": f"/?id={name}",
    }


def quoted(image_id: str) -> str:
    """Return an id as an address holds it; its slashes too, so that it is one step of a path."""
    try:
        name = image_id.encode("utf-8", _ERRORS)
    except UnicodeEncodeError:  # no name of a file here, but anyone may have written the index
        name = image_id.encode("utf-8", "surrogatepass")
    return quote(name, safe="")


def id_in_path(request: Request) -> tuple[str, bool]:
    """Return the id after `/api/images/`, and whether its thumbnail is asked for.

    Only a slash that is written as such begins `/thumbnail`: an id may end in this word.
    """
    raw: bytes = request.scope["raw_path"]
    named = raw.partition(IMAGES.encode())[2]
    name = named.removesuffix(THUMBNAIL.encode())
    return _text(unquote_to_bytes(name)), name != named


def id_in_query(request: Request, field: str = "id") -> str | None:
    """Return the id that is a field of the query, the last if there are several."""
    query: bytes = request.scope["query_string"]
    found = dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True, encoding="latin-1"))
    return _text(found[field].encode("latin-1")) if field in found else None


def _text(name: bytes) -> str:
    try:
        return name.decode("utf-8", _ERRORS)
    except UnicodeDecodeError:
        return name.decode("utf-8", "surrogateescape")
