"""The service: where groups of duplicates are known from; they are found once for each index, beside other answers.

They are told by a file that `duplicates.py --json` has written, or found in the fingerprints that
`duplicates.py --index` leaves beside an index. Nothing is written.
"""

import asyncio
import logging
import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from ..decisions import read_pairs
from ..errors import ExpectedError
from ..keptfingerprints import keeps_fingerprints, kept_stamp
from .groupsearch import GroupSearch
from .openedindex import OpenedIndex
from .problems import ProblemError
from .servedgroups import ServedGroups, served_groups
from .settings import Settings
from .toldgroups import MOST_BYTES, read_groups

# A request waits so long for groups that are just found, which those of some thousand pictures are by then.
PATIENCE_SECONDS = 2.0
RETRY = {"Retry-After": "2"}
# Groups are shown if that share of the pictures has a fingerprint: some may be of a kind that gives none.
ENOUGH = 0.9

_log = logging.getLogger(__name__)


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
        self._kept: tuple[str, bool] = ("", False)

    async def of(self, index: OpenedIndex) -> ServedGroups:
        """Return the groups of an index.

        Raises
        ------
        ProblemError
            404 if they are not known; 503 if they are not found yet, or cannot be.
        """
        stamp = await asyncio.to_thread(self._look)
        if self._found is None or index is not self._index or stamp != self._stamp:
            self._end_search()
            self._index, self._stamp = index, stamp
            find = partial(self._of_file, self._file) if self._file is not None else self._of_fingerprints
            self._found = asyncio.get_running_loop().run_in_executor(self._thread, find, index)
        done, _ = await asyncio.wait([self._found], timeout=PATIENCE_SECONDS)
        if not done:
            raise ProblemError(503, "duplicates are just being found: come again in a moment", RETRY)
        if self._found.cancelled():
            raise ProblemError(503, "the service ends", RETRY)
        return self._found.result()

    async def are_known(self) -> bool:
        """Tell whether `of` is likely to have an answer, without finding it."""
        return await asyncio.to_thread(self._are_known)

    def close(self) -> None:
        """End what is being found."""
        self._end_search()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _end_search(self) -> None:
        if self._found is not None and not self._found.done():
            # Nobody asks any more how it ended.
            self._found.add_done_callback(lambda done: done.cancelled() or done.exception())
        if self._search is not None:
            self._search.end()

    def _look(self) -> str:
        """Return what differs when there may be other groups."""
        if self._file is not None:
            return _stamp(self._file)
        return f"{kept_stamp(self._index_path)} {_stamp(self._ignore) if self._ignore is not None else ''}"

    def _are_known(self) -> bool:
        if self._file is not None:
            return os.path.isfile(self._file)
        stamp = kept_stamp(self._index_path)
        if stamp != self._kept[0]:
            self._kept = stamp, keeps_fingerprints(self._index_path)
        return self._kept[1]

    def _of_file(self, path: str, index: OpenedIndex) -> ServedGroups:
        try:
            with open(path, "rb") as file:
                told = read_groups(file.read(MOST_BYTES + 1))
        except (OSError, ExpectedError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            _log.error("%s: no duplicates that can be shown: %s", path, reason)
            detail = f"the file of duplicates cannot be used: {reason}"
            raise ProblemError(503, detail, RETRY) from None
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
            raise ProblemError(503, "duplicates cannot be found; the log of the service says why", RETRY) from None
        finally:
            self._search = None
        if told.pictures == 0 or told.without > (1 - ENOUGH) * told.pictures:
            have = told.pictures - told.without
            raise ProblemError(404, f"only {have:,} of {told.pictures:,} pictures have a fingerprint: {how}")
        return served_groups(told, index)


def _stamp(path: str) -> str:
    try:
        status = os.stat(path)
    except OSError:
        return "none"
    return f"{status.st_ino:x}.{status.st_size:x}.{status.st_mtime_ns:x}"


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
        with open(path, "rb") as file:
            read_groups(file.read(MOST_BYTES + 1))
    except OSError as error:
        raise ExpectedError(f"{path} cannot be read: {error.strerror}") from None
    except ExpectedError as error:
        raise ExpectedError(f"{path} is not what duplicates.py --json has written: {error}") from None
