"""Step 2, index: the parts that an index is made of, one cache file after the other, their rows numbered through."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .cache import CacheFile, read_file
from .ids import Ids
from .paths import IndexPaths


class Cache:
    """All that the cache files of an index know of it; row k of everything belongs to row k of the CSV.

    Parameters
    ----------
    parts : sequence of CacheFile
        At least one; each says what it knows of the rows that follow those of the one before.

    Attributes
    ----------
    parts : sequence of CacheFile
    info : IndexInfo
        Its stamp is that of the CSV with the rows of all parts.
    identity : tuple of two int
        Of the first part.
    rows_in_file : int
        How many of the rows the first part has; those that were added follow.
    ids : Ids
    """

    def __init__(self, parts: Sequence[CacheFile]) -> None:
        self.parts = parts
        self.info = replace(parts[0].info, csv=parts[-1].info.csv)
        self.identity = parts[0].identity
        self.rows_in_file = len(parts[0].rows)
        self.ids = Ids([part.names for part in parts])
        self._starts = [*accumulate((len(part.rows) for part in parts), initial=0)]

    def __len__(self) -> int:
        return self._starts[-1]

    # Searching needs none of these; joining them takes a moment. See `CacheFile`.

    @cached_property
    def lines(self) -> NDArray[np.int64]:
        """Where the lines begin, shape (n + 1,)."""
        return _joined([self.parts[0].lines, *(part.lines[1:] for part in self.parts[1:])])

    @cached_property
    def line_digests(self) -> NDArray[np.uint8]:
        """Shape (n, 8)."""
        return _joined([part.line_digests for part in self.parts])

    @cached_property
    def states(self) -> NDArray[np.int64]:
        """Shape (n, 3)."""
        return _joined([part.states for part in self.parts])

    @cached_property
    def digests(self) -> NDArray[np.uint8]:
        """Shape (n, 16)."""
        return _joined([part.digests for part in self.parts])

    def row(self, number: int) -> NDArray[np.float32]:
        """Return one feature vector, shape (dimension,)."""
        part = bisect_right(self._starts, number) - 1
        return self.parts[part].rows.row(number - self._starts[part])

    def stored(self, start: int, stop: int) -> Iterator[Any]:
        """Yield the rows start..stop as they are stored, for `CacheWriter.copy_features`."""
        for part, first in zip(self.parts, self._starts, strict=False):
            yield from part.rows.stored(max(start - first, 0), min(stop - first, len(part.rows)))

    def is_whole(self, *, with_features: bool) -> bool:
        """Check the sections against their checksums; the rows, which are most of the files, only if asked to."""
        return all(part.is_whole(with_features=with_features) for part in self.parts)


def _joined(arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)


def read_cache(paths: IndexPaths) -> Cache | None:
    """Open the cache of an index, and that of rows that were added since, if it belongs to it.

    Returns
    -------
    Cache or None
        None when there is no cache, or it is damaged or of another version.
    """
    first = read_file(paths.cache)
    if first is None:
        return None
    added = read_file(paths.added)
    is_next = added is not None and added.info.after == first.identity and added.rows.dimension == first.rows.dimension
    return Cache([first, added] if added is not None and is_next else [first])
