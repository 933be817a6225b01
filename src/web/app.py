"""The service: the application, put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from .. import __version__
from .apidescription import tell_problems
from .bodies import Bodies
from .docspage import router as docs
from .explanation import router as explanations
from .gate import Gate
from .headers import SecurityHeaders
from .health import router as health
from .hosts import KnownHosts
from .images import router as images
from .origins import KnownPages
from .pages import add_pages
from .problems import add_problems
from .searches import router as searches
from .service import Service
from .settings import Settings
from .tokens import Tokens, check_token
from .tokens import router as sessions


class _Application(FastAPI):
    def build_middleware_stack(self) -> ASGIApp:
        # What is added by add_middleware does not see the response to an error that nobody expected.
        return SecurityHeaders(super().build_middleware_stack())

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            tell_problems(super().openapi(), asks_for_token=self.state.tokens is not None)
        return super().openapi()


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
    app.state.tokens = None if settings.token is None else Tokens(check_token(settings.token))
    add_problems(app)
    app.include_router(searches)
    app.include_router(sessions)
    app.include_router(images)
    add_pages(app)
    app.include_router(explanations)
    app.include_router(health)
    app.include_router(docs)
    _close_gates(app, settings)
    return app


def _close_gates(app: FastAPI, settings: Settings) -> None:
    # What is added last is gone through first.
    if app.state.tokens is not None:
        app.add_middleware(Gate, checks=[app.state.tokens])
    if settings.allowed_origins:
        # Its preflights bear no token.
        app.add_middleware(
            CORSMiddleware, allow_origins=settings.allowed_origins, allow_methods=["GET", "POST"],
            allow_headers=["Authorization"], expose_headers=["Retry-After"],
        )  # fmt: skip
    app.add_middleware(Gate, checks=[KnownHosts(settings), KnownPages(settings)])
    app.add_middleware(Bodies, seconds=settings.refused_seconds, most_bytes=2 * settings.most_upload_bytes)
