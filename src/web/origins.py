"""The service: which pages may ask it. A page of somebody else may link to it, and nothing more, unless it is allowed.

Without this, any page that somebody visits could have the browser send pictures here: a form needs no leave to be sent.
"""

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from .problems import ProblemError
from .settings import Settings


class KnownPages:
    """A check of requests: they come from a page of this service, from an allowed one, or from no page."""

    def __init__(self, settings: Settings) -> None:
        self._allowed = frozenset(settings.allowed_origins)

    def __call__(self, connection: HTTPConnection) -> None:
        """Raise ProblemError for a request of another page."""
        headers = connection.headers
        origin = headers.get("origin") or self._shown_by(connection)
        if origin in self._allowed or self._is_link(connection):
            return
        # Browsers tell the site only to what they reach safely, such as localhost or by https.
        site = headers.get("sec-fetch-site")
        if site is not None:
            is_known = site in ("same-origin", "none")
        else:
            # The scheme is not compared: https may end at a proxy.
            is_known = origin is None or _host_of(origin) == headers.get("host", "").lower()
        if not is_known:
            raise ProblemError(403, "pages of others may not ask this service; --allow-origin allows one")

    @staticmethod
    def _shown_by(connection: HTTPConnection) -> str | None:
        """Return the origin of the page that shows a picture of this service, which a browser tells in no other way."""
        referer = connection.headers.get("referer")
        if connection.scope["method"] != "GET" or connection.headers.get("sec-fetch-dest") != "image" or not referer:
            return None
        # An origin is all that a page need tell: it ends with a slash, or a path follows.
        return "/".join(referer.split("/", 3)[:3])

    @staticmethod
    def _is_link(connection: HTTPConnection) -> bool:
        headers = connection.headers
        return (
            connection.scope["method"] in ("GET", "HEAD")
            and headers.get("sec-fetch-mode") == "navigate"
            and headers.get("sec-fetch-dest", "document") == "document"
        )


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc.lower() or None
    except ValueError:
        return None
