"""The service: the application, put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from .. import __version__
from .problems import add_problems
from .searches import router as searches
from .service import Service
from .settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """Return the ASGI application of an index; it opens the index when it starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        service = Service(settings)
        app.state.service = service
        try:
            yield
        finally:
            service.close()

    app = FastAPI(
        title="Image Similarity", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None,
        separate_input_output_schemas=False,
    )  # fmt: skip
    app.state.settings = settings
    add_problems(app)
    app.include_router(searches)
    return app
