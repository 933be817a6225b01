"""The service: where groups of duplicates are known from; they are found once for each index, beside other answers.

They are told by a file that `duplicates.py --json` has written, or found in the fingerprints that
`duplicates.py --index` leaves beside an index. Nothing is written.
"""

import asyncio
import logging
import math
import os
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

from ..decisions import read_pairs
from ..errors import ExpectedError
from ..keptfingerprints import file_stamp, keeps_fingerprints, kept_stamp
from .groupsearch import GroupSearch
from .openedindex import OpenedIndex
from .problems import ProblemError
from .servedgroups import ServedGroups, served_groups
from .settings import Settings
from .toldgroups import MOST_BYTES, ToldGroups, read_groups

# A request waits so long for groups that are just found, which those of some thousand pictures are by then.
PATIENCE_SECONDS = 2.0
RETRY = {"Retry-After": "2"}
# What went wrong may be of the moment, as where somebody has ended the process. Whoever asks after this has it tried
# again, after twice as long if it goes wrong again, and so on up to the longest.
RETRY_SECONDS, LONGEST_RETRY_SECONDS = 2.0, 300.0
# Groups are shown if that share of the pictures has a fingerprint: some may be of a kind that gives none.
ENOUGH = 0.9

_log = logging.getLogger(__name__)


class _Kept(NamedTuple):
    """Whether an index keeps fingerprints; it may only seem to keep none, where its cache could not be read."""

    stamp: str
    is_so: bool
    until: float


class KnownGroups:
    """The groups of duplicates of an index, found when somebody asks for them first, and anew when they have changed.

    All methods are called from the event loop.
    """

    def __init__(self, settings: Settings) -> None:
        self._index_path = settings.index
        self._file, self._ignore = settings.duplicates, settings.ignore
        self._thread = ThreadPoolExecutor(1, "duplicates")
        self._index: OpenedIndex | None = None
        self._stamp = ""
        self._search: GroupSearch | None = None
        self._found: asyncio.Future[ServedGroups] | None = None
        self._failures = 0
        self._retry_at = 0.0
        self._kept = _Kept("", is_so=False, until=0.0)

    async def of(self, index: OpenedIndex) -> ServedGroups:
        """Return the groups of an index.

        Raises
        ------
        ProblemError
            404 if they are not known; 503 if they are not found yet, or cannot be.
        """
        stamp = await asyncio.to_thread(self._look)
        if index is not self._index or stamp != self._stamp:
            self._end_search()
            self._found, self._failures = None, 0
            self._index, self._stamp = index, stamp
        if (found := self._found) is None or (_has_failed(found) and time.monotonic() >= self._retry_at):
            find = partial(self._of_file, self._file) if self._file is not None else self._of_fingerprints
            self._found = found = asyncio.get_running_loop().run_in_executor(self._thread, find, index)
            found.add_done_callback(self._note)
        done, _ = await asyncio.wait([found], timeout=PATIENCE_SECONDS)
        if not done:
            raise ProblemError(503, "duplicates are just being found: come again in a moment", RETRY)
        if found.cancelled():
            raise ProblemError(503, "the service ends", RETRY)
        error = found.exception()
        if isinstance(error, ProblemError) and error.status == 503:
            seconds = max(1, math.ceil(self._retry_at - time.monotonic()))
            raise ProblemError(503, error.detail, {"Retry-After": str(seconds)})
        return found.result()

    async def are_known(self) -> bool:
        """Tell whether `of` is likely to have an answer, without finding it."""
        return await asyncio.to_thread(self._are_known)

    def close(self) -> None:
        """End what is being found."""
        self._end_search()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _note(self, done: "asyncio.Future[ServedGroups]") -> None:
        # Nobody may ask any more how another one has ended.
        if _has_failed(done) and done is self._found:
            self._retry_at = time.monotonic() + min(RETRY_SECONDS * 2**self._failures, LONGEST_RETRY_SECONDS)
            self._failures += 1

    def _end_search(self) -> None:
        if self._search is not None:
            self._search.end()

    def _look(self) -> str:
        """Return what differs when there may be other groups."""
        if self._file is not None:
            return file_stamp(self._file)
        return f"{kept_stamp(self._index_path)} {file_stamp(self._ignore) if self._ignore is not None else ''}"

    def _are_known(self) -> bool:
        if self._file is not None:
            return os.path.isfile(self._file)
        stamp = kept_stamp(self._index_path)
        if stamp != self._kept.stamp or time.monotonic() >= self._kept.until:
            is_so = keeps_fingerprints(self._index_path)
            self._kept = _Kept(stamp, is_so, math.inf if is_so else time.monotonic() + RETRY_SECONDS)
        return self._kept.is_so

    def _of_file(self, path: str, index: OpenedIndex) -> ServedGroups:
        try:
            told = _read_file(path)
        except (OSError, ExpectedError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            _log.error("%s: no duplicates that can be shown: %s", path, reason)
            detail = f"the file of duplicates cannot be used: {reason}"
            raise ProblemError(503, detail) from None
        return served_groups(told, index)

    def _of_fingerprints(self, index: OpenedIndex) -> ServedGroups:
        how = f"run duplicates.py --index {index.name}, which keeps fingerprints beside the index"
        if not keeps_fingerprints(self._index_path):
            raise ProblemError(404, f"duplicates are not known: {how}; or name what --json has written: --duplicates")
        try:
            self._search = GroupSearch(
                self._index_path, index.folder if not index.searcher.folders else None, self._ignore
            )
            told = read_groups(self._search.wait())
        except ExpectedError as error:
            _log.error("duplicates cannot be found: %s", error)
            raise ProblemError(503, "duplicates cannot be found; the log of the service says why") from None
        finally:
            self._search = None
        if told.pictures == 0 or told.without > (1 - ENOUGH) * told.pictures:
            have = told.pictures - told.without
            raise ProblemError(404, f"only {have:,} of {told.pictures:,} pictures have a fingerprint: {how}")
        return served_groups(told, index)


def _read_file(path: str) -> ToldGroups:
    with open(path, "rb") as file:
        return read_groups(file.read(MOST_BYTES + 1))


def _has_failed(found: "asyncio.Future[ServedGroups]") -> bool:
    return found.done() and not found.cancelled() and found.exception() is not None


def check_duplicates(settings: Settings) -> None:
    """Read the files of groups and of pairs, if there are any: what is wrong is told before a service starts.

    Raises
    ------
    ExpectedError
        If one cannot be read, or is of another form.
    """
    if settings.ignore is not None:
        read_pairs(settings.ignore)
    if settings.duplicates is not None:
        _check_group_file(settings.duplicates)


def _check_group_file(path: str) -> None:
    try:
        _read_file(path)
    except OSError as error:
        raise ExpectedError(f"{path} cannot be read: {error.strerror}") from None
    except ExpectedError as error:
        raise ExpectedError(f"{path} is not what duplicates.py --json has written: {error}") from None
