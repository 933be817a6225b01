"""The service: the application, put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI

from .. import __version__
from .apidescription import tell_problems
from .duplicates import router as duplicates
from .explanation import router as explanations
from .health import router as health
from .images import router as images
from .metrics import router as metrics
from .middleware import GuardedApplication, add_guards
from .pages import add_pages
from .placesofresult import router as places
from .problems import add_problems
from .searches import router as searches
from .service import Service
from .settings import Settings
from .tokens import router as sessions


class _Application(GuardedApplication):
    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            tell_problems(super().openapi(), asks_for_token=self.state.tokens is not None)
        return super().openapi()


def create_app(settings: Settings) -> FastAPI:
    """Return the ASGI application of an index; it opens the index when it starts, or as soon as there is one."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.service = service = Service(settings, app.state.metrics, app.state.admission)
        try:
            yield
        finally:
            service.close()

    app = _Application(
        title="Image Similarity", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None,
        separate_input_output_schemas=False, redirect_slashes=False,
    )  # fmt: skip
    add_guards(app, settings)
    add_problems(app)
    app.include_router(searches)
    app.include_router(sessions)
    app.include_router(images)
    add_pages(app)
    app.include_router(explanations)
    app.include_router(places)
    app.include_router(health)
    app.include_router(metrics)
    app.include_router(duplicates)
    return app
