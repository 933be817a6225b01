"""The service: what each request goes through before it reaches the application."""

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from .bodies import Bodies
from .gate import Gate
from .headers import SecurityHeaders
from .hosts import KnownHosts
from .metrics import CountRequests, Metrics
from .origins import KnownPages
from .settings import Settings
from .tokens import Tokens, check_token


class GuardedApplication(FastAPI):
    """An application behind all that `add_guards` adds."""

    def build_middleware_stack(self) -> ASGIApp:
        """Return the application with its middleware."""
        # What is added by add_middleware does not see the response to an error that nobody expected.
        counted = CountRequests(super().build_middleware_stack(), self.state.metrics)
        return SecurityHeaders(counted, shown_elsewhere=bool(self.state.settings.allowed_origins))


def add_guards(app: GuardedApplication, settings: Settings) -> None:
    """Have an application count its requests, and look at them before it does anything for them."""
    app.state.settings = settings
    app.state.metrics = Metrics()
    app.state.tokens = None if settings.token is None else Tokens(check_token(settings.token))
    # What is added last is gone through first.
    if app.state.tokens is not None:
        app.add_middleware(Gate, checks=[app.state.tokens])
    if settings.allowed_origins:
        # Its preflights bear no token.
        app.add_middleware(
            CORSMiddleware, allow_origins=settings.allowed_origins, allow_methods=["GET", "HEAD", "POST"],
            allow_headers=["Authorization"], expose_headers=["Retry-After"],
        )  # fmt: skip
    app.add_middleware(Gate, checks=[KnownHosts(settings), KnownPages(settings)])
    app.add_middleware(Bodies, seconds=settings.refused_seconds, most_bytes=2 * settings.most_upload_bytes)
