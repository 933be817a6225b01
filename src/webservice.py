"""The service: the REST API and the pages of an index, over HTTP."""

from .web.app import create_app
from .web.clusterlink import ClusterLink
from .web.knowngroups import check_duplicates
from .web.openedindex import open_searcher
from .web.server import address_of, run_server
from .web.settings import MOST_BYTES_OF_UPLOADS, Settings

__all__ = [
    "MOST_BYTES_OF_UPLOADS",
    "Settings",
    "address_of",
    "check_duplicates",
    "count_images",
    "create_app",
    "run_server",
]


def count_images(settings: Settings) -> int:
    """Return how many images the index has; ExpectedError if it, or the cluster that searches, cannot be used."""
    link = ClusterLink(settings.cluster) if settings.cluster is not None else None
    if link is None or link.is_local:
        # The process that serves is a copy of this one, in which threads that Dask had here would be missing.
        return len(open_searcher(settings))
    try:
        return len(open_searcher(settings, link))
    finally:
        link.drop()
