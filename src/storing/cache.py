"""Step 2, index: the parts that an index is made of, one cache file after the other, their rows numbered through."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, partial
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..distance import Rows
from ..errors import IndexFileError
from .cachefile import CacheFile, Columns, joined_columns, read_file
from .ids import Ids
from .info import FileState, Stamp
from .listsfile import read_lists
from .paths import IndexPaths


class Cache:
    """An opened index: all that its cache files know of it. Row k of everything belongs to row k of the CSV.

    Each file says what it knows of the rows that follow those of the one before; there is at least one.

    Attributes
    ----------
    files : sequence of CacheFile
    info, identity
        Of the first file.
    csv : Stamp
        The CSV that the cache belongs to, with the rows of all files.
    ids : Ids
    parts : list of Rows
        The feature vectors, by file.
    rows_in_file : int
        How many of the rows the first file has; those that were added follow.
    """

    def __init__(self, path: str, files: Sequence[CacheFile]) -> None:
        self.path = path
        self.files = files
        self.info, self.identity, self.csv = files[0].info, files[0].identity, files[-1].csv
        self.ids = Ids([file.names for file in files])
        self.parts = [file.rows for file in files]
        self.rows_in_file = len(self.parts[0])
        self._starts = [*accumulate((len(part) for part in self.parts), initial=0)]

    def __len__(self) -> int:
        return self._starts[-1]

    @property
    def folder(self) -> str | None:
        """The dataset folder whose image ids are plain, where it is known."""
        return self.folders.get("")

    @property
    def folders(self) -> dict[str, str]:
        """Where the dataset folders are, by name."""
        return self.info.find_folders(self.path)

    def is_current(self) -> bool:
        """Tell whether the index is still the one that this was opened of; OSError if it cannot be looked at."""
        return Stamp.of(self.path) == self.csv

    def is_written_over(self) -> bool:
        """Tell whether somebody writes into a file that is open: what is read of it is anything then."""
        return any(file.opened is not None and file.opened.is_written_over() for file in self.files)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Tell of rows that are found to be none while they are read: not all that they say is checked before."""
        try:
            with np.errstate(all="ignore"):
                yield
        except (ValueError, IndexError, OverflowError) as error:
            raise IndexFileError(f"{self.damaged}: remove it and run again") from error

    @property
    def damaged(self) -> str:
        """What is to be said where a cache file turns out to be damaged."""
        return f"{IndexPaths(self.path).cache} is damaged"

    def rows(self, start: int, stop: int) -> NDArray[np.float32]:
        """Return the feature vectors start..stop, float32 of shape (stop - start, dimension)."""
        with self.reading():
            return np.concatenate([part.rows(first, last) for part, first, last in self._cut(start, stop)])

    def stored(self, start: int, stop: int) -> Iterator[Any]:
        """Yield the rows start..stop as they are stored, for `RowWriter.add_stored`."""
        for part, first, last in self._cut(start, stop):
            yield from part.stored(first, last)

    def _cut(self, start: int, stop: int) -> Iterator[tuple[Rows, int, int]]:
        for part, first in zip(self.parts, self._starts, strict=False):
            yield part, max(start - first, 0), max(min(stop - first, len(part)), 0)

    # Searching needs none of these; joining them takes a moment. See `CacheFile`.

    @cached_property
    def lines(self) -> NDArray[np.int64]:
        """Where the lines begin, shape (n + 1,)."""
        return _joined([self.files[0].lines, *(file.lines[1:] for file in self.files[1:])])

    @cached_property
    def line_digests(self) -> NDArray[np.uint8]:
        """Shape (n, 8)."""
        return _joined([file.line_digests for file in self.files])

    @cached_property
    def columns(self) -> Columns:
        """What else is known of the pictures."""
        return joined_columns([(len(file.rows), file.columns) for file in self.files])

    @property
    def told_skips(self) -> bytes:
        """What was left out when the index was written, and told: `CacheFile.told_skips` of the first file."""
        return self.files[0].told_skips.tobytes()

    def states(self, start: int = 0, stop: int | None = None) -> list[FileState]:
        """Return what is known of the files of the rows from `start` on, or of start..stop."""
        numbers = _joined([file.states for file in self.files])[start:stop].tolist()
        digests = _joined([file.digests for file in self.files])[start:stop]
        states = zip(numbers, digests, strict=True)
        return [FileState(size, mtime_ns, ctime_ns, digest.tobytes()) for (size, mtime_ns, ctime_ns), digest in states]

    def is_whole(self, *, with_features: bool) -> bool:
        """Check the sections against their checksums; the rows, which are most of the files, only if asked to."""
        return all(file.is_whole(with_features=with_features) for file in self.files)


def _joined(arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)


def read_cache(path: str) -> Cache | None:
    """Open the cache of an index, and that of added rows if it belongs to it; None where `read_file` gives none."""
    paths = IndexPaths(path)
    first = read_file(paths.cache)
    if first is None:
        return None
    first.rows.read_lists = partial(read_lists, paths.lists, first.rows.contents)
    added = read_file(paths.added)
    is_next = added is not None and added.after == first.identity and added.rows.dimension == first.rows.dimension
    return Cache(path, [first, added] if added is not None and is_next else [first])
