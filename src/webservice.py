"""The service: the REST API and the pages of an index, over HTTP."""

from .web.app import create_app
from .web.server import run_server
from .web.settings import Settings

__all__ = ["Settings", "create_app", "run_server"]
