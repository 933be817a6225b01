"""The service: the HTTP server. It is granian, which times the heads of requests, and starts an ended process anew."""

from collections.abc import Callable
from functools import partial
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server import Server

from .app import create_app
from .settings import Settings
from .tokens import check_token


def run_server(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM; ExpectedError for a token that is none."""
    if settings.token is not None:
        check_token(settings.token)
    clocks = HTTP1Settings(header_read_timeout=int(1000 * settings.head_seconds))
    server = Server(
        "image-similarity", address=settings.host, port=settings.port, interface=Interfaces.ASGI, workers=1,
        http=HTTPModes.http1, http1_settings=clocks, websockets=False, respawn_failed_workers=True,
    )  # fmt: skip
    server.serve(target_loader=partial(_load, settings), wrap_loader=False)


def _load(settings: Settings, *_: object) -> Callable[..., Any]:
    return create_app(settings)
