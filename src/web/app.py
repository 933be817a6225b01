"""The service: the application, put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.types import ASGIApp

from .. import __version__
from .headers import SecurityHeaders
from .problems import add_problems
from .searches import router as searches
from .service import Service
from .settings import Settings


class _Application(FastAPI):
    def build_middleware_stack(self) -> ASGIApp:
        # What is added by add_middleware does not see the response to an error that nobody expected.
        return SecurityHeaders(super().build_middleware_stack())


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

    app = _Application(
        title="Image Similarity", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None,
        separate_input_output_schemas=False,
    )  # fmt: skip
    app.state.settings = settings
    add_problems(app)
    app.include_router(searches)
    return app
