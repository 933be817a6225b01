"""The service: /docs, a page to try the API. It is Swagger UI, from the files of the package fastapi-offline.

These are served by this service as they are: the page asks no other host.
"""

from importlib.util import find_spec
from pathlib import Path

from fastapi import APIRouter
from starlette.responses import FileResponse

from .pages import STATIC
from .problems import ProblemError

router = APIRouter(include_in_schema=False)

_PACKAGE = "fastapi_offline"
_FILES = ("swagger-ui-bundle.js", "swagger-ui.css")
# They are others only where another version of the package is installed.
_KEPT = {"Cache-Control": "private, max-age=3600"}


@router.api_route("/docs", methods=["GET", "HEAD"])
async def docs_page() -> FileResponse:
    """Return the page."""
    return FileResponse(STATIC / "docs.html")


@router.api_route("/docs/{name}", methods=["GET", "HEAD"])
async def viewer_file(name: str) -> FileResponse:
    """Return a file that the page is made of."""
    # Only its files are needed: the package is found, not imported.
    found = find_spec(_PACKAGE) if name in _FILES else None
    if found is None or not found.submodule_search_locations:
        raise ProblemError(404, "there is nothing at this address")
    return FileResponse(Path(found.submodule_search_locations[0]) / "static" / name, headers=_KEPT)
