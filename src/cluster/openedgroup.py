"""Beyond one machine: some shards of an index, held open by a worker, which searches them."""

import os
from collections.abc import Callable
from typing import Any, NamedTuple

from distributed import get_worker

from ..errors import ExpectedError, IndexFileError
from ..indexfile import (
    Cache,
    IndexInfo,
    Manifest,
    ShardedCache,
    allow_shards,
    folder_of,
    is_url,
    open_index,
    open_shard,
)
from ..searcher import LocalParts, made_of
from .versions import check_version


class Group(NamedTuple):
    """What a worker is to hold open."""

    path: str
    """Of the index, as `indexfile.csv_path` gives it."""
    manifest: Manifest | None
    """Of an index of shards, with the shards of this group alone."""

    @property
    def first(self) -> str:
        """What tells it from the other groups of an index, and is the same in the next state of the index."""
        return "" if self.manifest is None else self.manifest.shards[0].name

    @property
    def shards(self) -> int:
        """Of how many files it is made."""
        return 1 if self.manifest is None else len(self.manifest.shards)

    def open(self) -> Cache:
        """Open it; IndexFileError if that is impossible."""
        if self.manifest is None:
            return open_index(self.path, made_of)
        if not is_url(self.path) and not os.path.isdir(self.path):
            raise IndexFileError(f"{self.path} is not there: all workers need the index, at the same place or at a URL")
        folder, info = folder_of(self.path), self.manifest.info
        allow_shards(folder.address, len(self.manifest.shards))
        return ShardedCache(folder, self.manifest, [open_shard(folder, one, info) for one in self.manifest.shards])


class Said(NamedTuple):
    """What a group says to what it is asked."""

    made: Any = None
    failed: str = ""
    """Why nothing was made, in one line."""


class OpenedGroup:
    """A group that this worker holds open; a Dask actor, so it is asked by one message and answers by one.

    Parameters
    ----------
    group : Group
    version : str
        Of the project that asks, as `versions.own_version` tells it.

    Raises
    ------
    ExpectedError
        If it cannot be opened.
    """

    def __init__(self, group: Group, version: str) -> None:
        worker = get_worker()
        check_version(version, str(worker.address))
        # The one in the process that asks is nobody to look for.
        self._who = "" if worker.address.startswith("inproc") else f"the worker {worker.address}: "
        self._path = group.path
        try:
            # One thing after the other is asked of the actors of a worker: each may take all of its threads.
            self._parts = LocalParts(group.open(), worker.state.nthreads)
        except ExpectedError as error:
            # Some errors are made of other arguments than they are shown with, which pickle does not know.
            raise IndexFileError(f"{self._who}{error}") from None

    def about(self) -> tuple[IndexInfo, int]:
        """Return what the index says of itself, and how many rows this group has."""
        return self._parts.info, len(self._parts)

    def ask(self, work: Callable[..., Any], *arguments: Any) -> Said:
        """Return what a function makes of the parts and some arguments."""
        try:
            with self._parts.reading():
                return Said(work(self._parts, *arguments))
        except ExpectedError as error:
            return Said(failed=f"{self._who}{error}")
        except MemoryError:
            return Said(failed=f"{self._who}there is not enough memory to search {self._path}")
        except Exception as error:
            what = " ".join(str(error).split())
            return Said(failed=f"{self._who}{self._path} cannot be searched: {type(error).__name__}: {what}")


class Opening(NamedTuple):
    """A group that is opened by unpickling it, so that whoever passes it on need not have this project."""

    group: Group
    version: str

    def __reduce__(self) -> tuple[type[OpenedGroup], tuple[Group, str]]:
        return OpenedGroup, (self.group, self.version)
