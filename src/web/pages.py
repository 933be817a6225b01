"""The service: its pages, and the scripts and styles that they are made of, as they lie in `static/`.

The page to try the API is Swagger UI, from the files of the package fastapi-offline. These are served by this service
as they are: no page asks another host.
"""

import mimetypes
from importlib.util import find_spec
from pathlib import Path

from fastapi import APIRouter, FastAPI
from starlette.responses import FileResponse
from starlette.staticfiles import StaticFiles

from .problems import ProblemError

STATIC = Path(__file__).parent / "static"

# A system may say something else of these, and browsers run no script that comes as plain text.
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("text/css", ".css")

router = APIRouter(include_in_schema=False)

_VIEWER_PACKAGE = "fastapi_offline"
_VIEWER_FILES = ("swagger-ui-bundle.js", "swagger-ui.css")
# They are others only where another version of the package is installed.
_KEPT = {"Cache-Control": "private, max-age=3600"}


@router.api_route("/", methods=["GET", "HEAD"])
async def search_page() -> FileResponse:
    """Return the page to search with."""
    return FileResponse(STATIC / "search.html")


@router.api_route("/duplicates", methods=["GET", "HEAD"])
async def review_page() -> FileResponse:
    """Return the page to look through duplicates."""
    return FileResponse(STATIC / "duplicates.html")


@router.api_route("/docs", methods=["GET", "HEAD"])
async def docs_page() -> FileResponse:
    """Return the page to try the API."""
    return FileResponse(STATIC / "docs.html")


@router.api_route("/docs/{name}", methods=["GET", "HEAD"])
async def viewer_file(name: str) -> FileResponse:
    """Return a file that the page to try the API is made of."""
    # Only its files are needed: the package is found, not imported.
    found = find_spec(_VIEWER_PACKAGE) if name in _VIEWER_FILES else None
    if found is None or not found.submodule_search_locations:
        raise ProblemError(404, "there is nothing at this address")
    return FileResponse(Path(found.submodule_search_locations[0]) / "static" / name, headers=_KEPT)


def add_pages(app: FastAPI) -> None:
    """Give an app its pages."""
    app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
