"""Step 4, search: the rows of an index, numbered through, wherever they are: all that a search asks of them.

An index is a list of parts, which are one file, a file and what was added to it, or shards. Here they are files that
are open in this process.
"""

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from ..indexfile import Cache, IndexInfo
from .neighbours import Floats, Neighbours, nearest_of_parts
from .shortlist import Found

RowNumbers = NDArray[np.intp]


class Parts(ABC):
    """The rows of an index, numbered through, wherever they are. Several threads may ask at once.

    Where a row has several vectors (see `distance.Component`), `component` says by its number which of them is meant;
    None means all of them as one.

    Attributes
    ----------
    path : str
        What people call the index.
    info : IndexInfo
    ids : sequence of str
        The image ids, by row.
    """

    path: str
    info: IndexInfo
    ids: Sequence[str]

    def __len__(self) -> int:
        return len(self.ids)

    @abstractmethod
    def reading(self) -> AbstractContextManager[None]:
        """Tell of rows that are found to be none, while something is asked of them, by IndexFileError."""

    def is_written_over(self) -> bool:
        """Tell whether somebody writes into files that are open in this process: then answers are of anything."""
        return False

    @abstractmethod
    def nearest_of_many(
        self, queries: Sequence[Floats], limit: int, max_distance: float = np.inf, component: int | None = None
    ) -> list[Found]:
        """Find the rows nearest to each of several queries, exactly as comparing with all of them does.

        Parameters and each of the results are those of `Neighbours.nearest`.
        """

    @abstractmethod
    def ranked_of_many(self, queries: Sequence[Floats], limit: int) -> list[RowNumbers]:
        """Return the rows that `nearest_of_many` does, without their distances: quicker where they are many."""

    @abstractmethod
    def take(self, rows: Sequence[int] | RowNumbers, component: int | None = None) -> Floats:
        """Return the vectors of some rows, in their order, shape (rows, numbers)."""

    @abstractmethod
    def pictures(self, rows: Sequence[int]) -> Iterator[tuple[str, Floats]]:
        """Yield the image id and the whole vector of each of some rows, never all of them in memory."""

    @abstractmethod
    def names(self, rows: Sequence[int]) -> list[str]:
        """Return the image ids of some rows."""

    @abstractmethod
    def find(self, image_id: str) -> int | None:
        """Return the first row of an image id; None if there is none."""


class LocalParts(Parts):
    """The rows of an index that is open in this process.

    Parameters
    ----------
    index : Cache
    threads : int, optional
        How many a search may take; by default, all usable cores.
    """

    def __init__(self, index: Cache, threads: int | None = None) -> None:
        self.path, self.info, self.ids = index.path, index.info, index.ids
        self._index = index
        self._files = index.parts
        self._starts = [*accumulate((len(rows) for rows in self._files), initial=0)]
        self._neighbours: dict[int | None, list[Neighbours]] = {
            None: [Neighbours(rows, threads) for rows in self._files]
        }
        for component in range(len(self._files[0].components)):
            self._neighbours[component] = [Neighbours(rows.components[component], threads) for rows in self._files]

    def reading(self) -> AbstractContextManager[None]:
        return self._index.reading()

    def is_written_over(self) -> bool:
        return self._index.is_written_over()

    def nearest_of_many(
        self, queries: Sequence[Floats], limit: int, max_distance: float = np.inf, component: int | None = None
    ) -> list[Found]:
        return nearest_of_parts(self._neighbours[component], queries, limit, max_distance)

    def ranked_of_many(self, queries: Sequence[Floats], limit: int) -> list[RowNumbers]:
        if len(self._files) > 1:
            return [rows for rows, _ in self.nearest_of_many(queries, limit)]
        return self._neighbours[None][0].ranked_of_many(queries, limit)

    def take(self, rows: Sequence[int] | RowNumbers, component: int | None = None) -> Floats:
        files = self._files if component is None else [file.components[component] for file in self._files]
        rows, taken = np.asarray(rows, np.intp), np.empty((len(rows), files[0].dimension), np.float32)
        for file, start, end in zip(files, self._starts, self._starts[1:], strict=False):
            inside = (start <= rows) & (rows < end)
            if inside.any():
                taken[inside] = file.take((rows[inside] - start).tolist())
        return taken

    def pictures(self, rows: Sequence[int]) -> Iterator[tuple[str, Floats]]:
        for row in rows:
            file = bisect_right(self._starts, row) - 1
            yield self.ids[row], self._files[file].row(row - self._starts[file])

    def names(self, rows: Sequence[int]) -> list[str]:
        return [self.ids[row] for row in rows]

    def find(self, image_id: str) -> int | None:
        return self._index.ids.find(image_id)
