"""The service: the index as it is now. A new one is taken up when index.py has replaced it, or has added to it.

Requests look whether the files are others. If they are, the index is opened anew beside the event loop, once for all
requests. They wait for it a moment; if it takes longer, as where a CSV is parsed, they are answered from the old one.
That goes on too if the new one cannot be used, or the file is gone. A process that finds no index when it is started
anew has no old one: requests are told to come again, until there is one. Where the index is a URL, looking takes longer
than many an answer, so that is done every few seconds and nobody waits for it.
"""

import asyncio
import logging
import os
import stat
import time
from contextlib import suppress

from ..errors import ExpectedError, IndexFileError
from ..indexfile import MANIFEST, IndexPaths, csv_path, current_cache, folder_of, is_folder, is_url, telling_files
from .clusterlink import ClusterLink
from .openedindex import OpenedIndex
from .problems import CLUSTER_LOST, ProblemError
from .settings import Settings

# An index with its cache is opened within this, and what index.py has just written is then found by the next search.
PATIENCE_SECONDS = 0.5
# A run replaces the CSV first. Its cache follows within this, unless the run has died.
CACHE_SECONDS = 10.0
LOOK_SECONDS = 0.05
# So long nobody looks again: each look may give the processor to a thread that searches, for milliseconds.
REST_SECONDS = 0.02
# A look at a URL is one request to a storage.
URL_REST_SECONDS = 5.0
# What went wrong may have had its cause elsewhere, as where memory was short.
RETRY_SECONDS = 30.0

GONE = "the index is gone; what was read of it is still served"
UNUSABLE = "the index has changed and cannot be used; the one before is served, and the log says why"
# Where nothing has been read so far.
AWAY = "the index is gone: nothing can be served until it is there again"
USELESS = "the index cannot be used: nothing can be served until it can be, and the log says why"
COMING = "the index is just being read"
# Where a cluster searches.
LOST_RETRY_SECONDS = 2.0
# Workers that join late, or again, get shards to search soon after.
SPREAD_SECONDS = 10.0
COME_AGAIN = {"Retry-After": "2"}

_LOG = logging.getLogger(__name__)


class IndexWatch:
    """Opens the index, and opens it anew when its files are others.

    Parameters
    ----------
    settings : Settings

    Attributes
    ----------
    current : OpenedIndex or None
        What was opened last, if anything; for an answer, ask `index`.
    trouble : str
        Why it is not the index that is there now; empty if it is.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._is_url = is_url(csv_path(settings.index))
        self._manifest: bytes | None = None
        self._seen = self._resolve_and_look()
        self.current: OpenedIndex | None = None
        self.trouble = ""
        self._opening: asyncio.Task[None] | None = None
        self._patience_ends = self._retry_at = self._rest_ends = 0.0
        self._spread_at = time.monotonic() + SPREAD_SECONDS
        self._link = ClusterLink(settings.cluster) if settings.cluster is not None else None
        self._is_lost = False
        self._said = ""
        try:
            self.current = self._open_url() if self._is_url else self._opened()
        except Exception as error:
            self._note(error)

    async def index(self) -> OpenedIndex:
        """Return the index as it is now, for one answer.

        Raises
        ------
        ProblemError
            503 if none could be opened so far.
        """
        if self._opening is None and self._is_due():
            self._opening = asyncio.create_task(self._open())
            is_quiet = self.current is not None and (self._is_url or (not self.trouble and self._look() == self._seen))
            self._patience_ends = 0.0 if is_quiet else time.monotonic() + PATIENCE_SECONDS
        if self._opening is not None and (patience := self._patience_ends - time.monotonic()) > 0:
            await asyncio.wait({self._opening}, timeout=patience)
        if self.current is None or self._is_lost:
            is_coming = self._opening is not None and not self._is_lost
            raise ProblemError(503, COMING if is_coming else self.trouble, COME_AGAIN)
        return self.current

    def close(self) -> None:
        """Let the cluster go."""
        if self._link is not None:
            self._link.drop()

    def lose_cluster(self, error: ExpectedError) -> bool:
        """Take it that a request failed because the cluster did: it is connected to anew, and the index opened there.

        Returns
        -------
        bool
            False if no cluster searches.
        """
        if self._link is None:
            return False
        if not self._is_lost:
            self._is_lost = True
            self._note(error)
            self._retry_at = 0.0
        return True

    def _opened(self) -> OpenedIndex:
        if self._is_lost and self._link is not None:
            self._link.drop()
        return OpenedIndex(self._settings, self.current, self._link)

    def _is_due(self) -> bool:
        now = time.monotonic()
        if now < self._rest_ends:
            return False
        is_due = self._is_url or self._look() != self._seen or (bool(self.trouble) and now > self._retry_at)
        is_due = is_due or (self._link is not None and not self.trouble and now > self._spread_at)
        self._rest_ends = now + (URL_REST_SECONDS if self._is_url else REST_SECONDS)
        return is_due

    async def _open(self) -> None:
        try:
            self.current, self.trouble = await asyncio.to_thread(self._open_anew), ""
            self._is_lost, self._said = False, ""
        except Exception as error:
            self._note(error)
        finally:
            self._opening = None

    def _note(self, error: Exception) -> None:
        """Note why an index could not be opened: whatever it was, the service goes on, and tries again."""
        unusable, gone = (USELESS, AWAY) if self.current is None else (UNUSABLE, GONE)
        self.trouble = unusable if self._is_url or os.path.exists(self._settings.index) else gone
        self._retry_at = time.monotonic() + RETRY_SECONDS
        if self._link is not None and (self._is_lost or not isinstance(error, IndexFileError)):
            # Each connection is looked at anew: what has come back may be another one.
            self._is_lost = True
            self.trouble = USELESS if isinstance(error, IndexFileError) else CLUSTER_LOST
            self._retry_at = time.monotonic() + LOST_RETRY_SECONDS
        said = f"{self.trouble}: {error}"
        if said != self._said:
            # A night without a cluster is one line, not one for each time that it is looked for.
            _LOG.warning("%s", said, exc_info=not isinstance(error, ExpectedError))
        self._said = said

    def _open_anew(self) -> OpenedIndex:
        if self._is_url:
            return self._open_url()
        if self.current is not None and not self.trouble and self._look() == self._seen and not self._could_spread():
            return self.current
        # What changes while it is opened differs from this, and is taken up by the next request.
        self._seen = self._resolve_and_look()
        self._wait_for_cache()
        return self._opened()

    def _open_url(self) -> OpenedIndex:
        manifest = None
        with suppress(OSError):
            manifest = folder_of(csv_path(self._settings.index)).read(MANIFEST)
        is_same = manifest is not None and manifest == self._manifest
        if self.current is None or self._is_lost or not is_same or self._could_spread():
            self._manifest, opened = manifest, self._opened()
            return opened
        return self.current

    def _could_spread(self) -> bool:
        """Tell, now and then, whether there are workers of the cluster that have nothing to search."""
        if self.current is None or self._link is None or time.monotonic() < self._spread_at:
            return False
        self._spread_at = time.monotonic() + SPREAD_SECONDS
        return self.current.searcher.could_spread()

    def _wait_for_cache(self) -> None:
        """Let a run write its cache: without it, the CSV would be parsed, and held in memory."""
        path = csv_path(self._settings.index)
        if is_folder(path):
            return  # shards are whole before the manifest names them
        end = time.monotonic() + CACHE_SECONDS
        with suppress(OSError):
            while os.path.exists(IndexPaths(path).journal) and time.monotonic() < end:
                if current_cache(path) is not None:
                    return
                time.sleep(LOOK_SECONDS)

    def _resolve_and_look(self) -> tuple[tuple[int, ...] | None, ...]:
        # It may be a link, which then leads elsewhere.
        self._looked_at = [self._settings.index, *telling_files(self._settings.index)]
        return self._look()

    def _look(self) -> tuple[tuple[int, ...] | None, ...]:
        return tuple(map(_state, self._looked_at))


def _state(path: str) -> tuple[int, ...] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    if stat.S_ISDIR(status.st_mode):
        return status.st_dev, status.st_ino  # files come and go in it as long as a run writes shards
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
