"""The service: its pages, and the scripts and styles that they are made of, as they lie in `static/`."""

import mimetypes
from pathlib import Path

from fastapi import APIRouter, FastAPI
from starlette.responses import FileResponse
from starlette.staticfiles import StaticFiles

STATIC = Path(__file__).parent / "static"

# A system may say something else of these, and browsers run no script that comes as plain text.
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("text/css", ".css")

router = APIRouter(include_in_schema=False)


@router.api_route("/", methods=["GET", "HEAD"])
async def search_page() -> FileResponse:
    """Return the page to search with."""
    return FileResponse(STATIC / "search.html")


@router.api_route("/duplicates", methods=["GET", "HEAD"])
async def review_page() -> FileResponse:
    """Return the page to look through duplicates."""
    return FileResponse(STATIC / "duplicates.html")


def add_pages(app: FastAPI) -> None:
    """Give an app its pages."""
    app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
