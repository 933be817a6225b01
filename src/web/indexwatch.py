"""The service: the index as it is now. A new one is taken up when index.py has replaced it, or has added to it.

Requests look whether the files are others. If they are, the index is opened anew beside the event loop, once for all
requests. They wait for it a moment; if it takes longer, as where a CSV is parsed, they are answered from the old one.
That goes on too if the new one cannot be used, or the file is gone.
"""

import asyncio
import logging
import os
import time
from contextlib import suppress

from ..errors import ExpectedError
from ..indexfile import IndexPaths, csv_path, current_cache
from .openedindex import OpenedIndex
from .settings import Settings

# An index with its cache is opened within this, and what index.py has just written is then found by the next search.
PATIENCE_SECONDS = 0.5
# A run replaces the CSV first. Its cache follows within this, unless the run has died.
CACHE_SECONDS = 10.0
LOOK_SECONDS = 0.05
# So long nobody looks again: each look may give the processor to a thread that searches, for milliseconds.
REST_SECONDS = 0.02
# What went wrong may have had its cause elsewhere, as where memory was short.
RETRY_SECONDS = 30.0

GONE = "the index is gone; what was read of it is still served"
UNUSABLE = "the index has changed and cannot be used; the one before is served, and the log says why"

_LOG = logging.getLogger(__name__)


class IndexWatch:
    """Opens the index, and opens it anew when its files are others.

    Parameters
    ----------
    settings : Settings

    Attributes
    ----------
    current : OpenedIndex
        What was opened last; for an answer, ask `index`.
    trouble : str
        Why it is not the index that is there now; empty if it is.

    Raises
    ------
    IndexFileError
        If the index cannot be used. Later, what was opened stays.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._seen = self._resolve_and_look()
        self.current = OpenedIndex(settings)
        self.trouble = ""
        self._opening: asyncio.Task[None] | None = None
        self._patience_ends = self._retry_at = self._rest_ends = 0.0

    async def index(self) -> OpenedIndex:
        """Return the index as it is now, for one answer."""
        if self._opening is None and self._is_due():
            self._opening = asyncio.create_task(self._open())
            self._patience_ends = time.monotonic() + PATIENCE_SECONDS
        if self._opening is not None and (patience := self._patience_ends - time.monotonic()) > 0:
            await asyncio.wait({self._opening}, timeout=patience)
        return self.current

    def _is_due(self) -> bool:
        now = time.monotonic()
        if now < self._rest_ends:
            return False
        is_due = self._look() != self._seen or (bool(self.trouble) and now > self._retry_at)
        self._rest_ends = now + REST_SECONDS
        return is_due

    async def _open(self) -> None:
        try:
            self.current, self.trouble = await asyncio.to_thread(self._open_anew), ""
        except Exception as error:
            self.trouble = UNUSABLE if os.path.exists(self._settings.index) else GONE
            self._retry_at = time.monotonic() + RETRY_SECONDS
            _LOG.warning("%s: %s", self.trouble, error, exc_info=not isinstance(error, ExpectedError))
        finally:
            self._opening = None

    def _open_anew(self) -> OpenedIndex:
        # What changes while it is opened differs from this, and is taken up by the next request.
        self._seen = self._resolve_and_look()
        self._wait_for_cache()
        return OpenedIndex(self._settings, self.current)

    def _wait_for_cache(self) -> None:
        """Let a run write its cache: without it, the CSV would be parsed, and held in memory."""
        end = time.monotonic() + CACHE_SECONDS
        with suppress(OSError):
            while os.path.exists(self._paths.journal) and time.monotonic() < end:
                if current_cache(self._paths.csv) is not None:
                    return
                time.sleep(LOOK_SECONDS)

    def _resolve_and_look(self) -> tuple[tuple[int, ...] | None, ...]:
        # It may be a link, which now leads elsewhere.
        self._paths = IndexPaths(csv_path(self._settings.index))
        return self._look()

    def _look(self) -> tuple[tuple[int, ...] | None, ...]:
        # Where a CSV is appended to, its cache is the last to change.
        return tuple(map(_state, (self._settings.index, self._paths.cache, self._paths.added)))


def _state(path: str) -> tuple[int, ...] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
