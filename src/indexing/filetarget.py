"""Step 2, index: an index file, as what a run writes."""

import errno
import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from typing import BinaryIO

from .. import indexfile
from ..errors import IndexFileError
from ..indexfile import Cache, FileState, IndexInfo
from .maker import maker_of
from .target import IsVector, KnownContents, Opened, Target


class FileTarget(Target):
    """One CSV and the cache beside it."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._paths = indexfile.IndexPaths(path)
        self.own_files = self._paths.all
        self.journal_path = self._paths.journal
        self._csv: BinaryIO | None = None
        self._cache: Cache | None = None

    def check(self, info: IndexInfo, is_vector: IsVector, *, rebuild: bool) -> None:
        path, folder = self.path, os.path.dirname(self.path)
        if not os.path.isdir(folder):
            raise IndexFileError(f"{path} cannot be written: there is no folder {folder}")
        if indexfile.is_shard(path):
            raise IndexFileError(f"{path} is a part of an index of shards: name that, {folder}{os.sep}")
        try:
            foreign = [name for name in self._paths.derived if not indexfile.is_ours(name)]
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG:
                raise IndexFileError(
                    f"{path} is a name too long for the files that lie beside an index: choose a shorter one"
                ) from None
            raise
        if foreign:
            raise IndexFileError(
                f"{foreign[0]} is not a regular file of this program: remove it, or choose another name for the index"
            )
        if not os.path.exists(path):
            return
        cache = indexfile.read_cache(path)
        # What is left of a damaged index is known by its cache; but a cache may be all that is left.
        if not (indexfile.looks_like_index(path, is_vector) or (cache and indexfile.has_a_line_of(cache))):
            raise IndexFileError(f"{path} is there and is not an index: choose another name for the index")
        check_descriptor(path, maker_of(path, cache), info, rebuild=rebuild)

    def exists(self) -> bool:
        return os.path.exists(self.path)

    def clear_up(self) -> None:
        for name in self._paths.unfinished:
            with suppress(OSError):
                os.remove(name)

    def open(self, warn: Callable[[str], object]) -> Opened | None:
        matching = None
        with suppress(OSError):
            indexfile.settle_append(self.path)
            matching = indexfile.matching_cache(self.path)
        # Even if somebody changed the CSV, or a run died between the two files, what it says of the pictures holds.
        cache = matching or indexfile.read_cache(self.path)
        if cache is None or not cache.is_whole(with_features=False):
            return None
        self._cache = cache
        if matching is not None:
            self._csv = open(self.path, "rb")  # noqa: SIM115
        return Opened(cache, [(self.path, cache)], has_text=matching is not None, csv=self._csv)

    def is_damaged(self) -> bool:
        return self._cache is not None and not self._cache.is_whole(with_features=True)

    def open_source(self, name: str, stack: ExitStack) -> tuple[Cache, BinaryIO | None]:
        assert self._cache is not None
        return self._cache, self._csv

    def write(self, known: KnownContents, states: Mapping[str, FileState], info: IndexInfo, told: bytes) -> None:
        cache = known.cache
        if cache is None or not known.holds(states):
            with known.sources() as sources:
                indexfile.write_index(self.path, sources.rows(known.pieces(states)), info, told)
        else:
            # The cache is to know its CSV without reading that.
            before = known.indexed, cache.info, cache.csv, cache.told_skips
            if before != (states, info, indexfile.Stamp.of(self.path), told):
                indexfile.write_states(self.path, cache, list(states.values()), info, told_skips=told)
        indexfile.keep_lists(self.path, info.distance)

    def close(self, *, finished: bool) -> None:
        if self._csv is not None:
            self._csv.close()


def check_descriptor(path: str, made: IndexInfo | None, wanted: IndexInfo, *, rebuild: bool) -> None:
    """Raise IndexFileError if an index is of another descriptor: what that has made may have taken days."""
    if made is None or made.is_of_same_vectors(wanted) or rebuild:
        return
    by, asked = made.descriptor, wanted.descriptor
    if by == asked:
        by += f" with {made.dimension} numbers, compared by {made.distance}"
        asked = f"one with {wanted.dimension}, compared by {wanted.distance}"
    raise IndexFileError(
        f"{path} is of the descriptor {by}, not of {asked}: choose another name, or replace it with --rebuild"
    )
