"""Step 3, compare: rows of feature vectors in a file, in chunks, whatever a distance wants a row to look like.

A chunk holds some thousand rows as a few arrays, each of which begins at a multiple of 64 bytes and is little-endian.
Chunks are found by the table of contents, which is JSON and is kept by the owner of the file. A row can be found by its
number, all rows can be checked against checksums, and stored rows can be copied without being decoded.
"""

import math
import mmap
import zlib
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

CHUNK_ROWS = 16384  # Writing holds one chunk (30 MB of colour). A search calls numpy a few times for each chunk.
ALIGNMENT = 64  # a CPU cache line

Buffer = bytes | memoryview
AnyBlock = TypeVar("AnyBlock", bound="Block")


class Block(Protocol):
    """Some rows as they are stored: in memory to be written, or a chunk where it lies in a file."""

    def __len__(self) -> int: ...

    def cut(self: AnyBlock, start: int, stop: int) -> AnyBlock:
        """Return the rows start..stop, or those of them that there are."""


class Comparison(ABC):
    """One query vector against all rows of a file.

    The computed distance is never below its lower bound. First come loose bounds of all rows, then closer
    ones of the candidates, at last the distances of the few that are left.
    """

    @abstractmethod
    def bound(self, chunks: range, bounds: NDArray[np.float32]) -> None:
        """Write the lower bounds of some chunks' rows into their places of `bounds`, shape (all rows,)."""

    @abstractmethod
    def bound_closer(self, chunk: int, rows: NDArray[np.intp], bounds: NDArray[np.float32]) -> None:
        """Raise the lower bounds of some rows of a chunk, which are numbered within it, where it can be done."""

    @abstractmethod
    def distances(self, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return the distances of rows, by definition."""

    def approximate(self, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return the distances of rows, off by less than `widened` allows for."""
        return self.distances(rows)

    def widened(self, distance: float) -> float:
        """Return the largest approximate distance that a row within `distance` can have."""
        return distance

    def estimate_errors(self, estimates: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return by how much estimates (see `Rows.estimate`) are off at most, which is not less for larger ones."""
        return np.zeros(len(estimates))


class Rows(ABC, Generic[AnyBlock]):
    """Feature vectors that a `RowWriter` wrote, read where they lie. Opening them reads next to nothing.

    Attributes
    ----------
    dimension : int
        Length of a feature vector.
    contents : dict
        The table of contents that `RowWriter.finish` returned.
    chunks : list
        Each of `CHUNK_ROWS` rows, the last one of at most that.
    starts : list of int
        The first row of each chunk, and how many rows there are.
    bytes_held : int
        How many bytes comparing a query holds for each row, until the nearest are found.
    fewest_together : int
        From so many queries on, `bound_many` is quicker than one query after the other.
    gain_by_lists : bool
        Whether searching is quicker by what `listed` returns.
    read_lists : callable
        Returns what of that was kept, or None: whoever opens the rows knows where. It is called when it is needed.
    components : sequence of Rows
        Where a row has several vectors one after the other: the rows of each of them.
    """

    bytes_held = 4  # the bound
    fewest_together = 2
    gain_by_lists = False
    read_lists: Callable[[], bytes | None] = staticmethod(lambda: None)
    components: "Sequence[Rows[Any]]" = ()
    dimension: int
    contents: dict[str, Any]
    chunks: list[AnyBlock]
    starts: list[int]

    def __len__(self) -> int:
        return self.starts[-1]

    @abstractmethod
    def is_whole(self) -> bool:
        """Check all rows against their checksums, and each chunk for sense, which reads all of the file."""

    @abstractmethod
    def take(self, numbers: Sequence[int]) -> NDArray[np.float32]:
        """Return the feature vectors of these numbers, float32 of shape (rows, dimension)."""

    def row(self, number: int) -> NDArray[np.float32]:
        """Return one feature vector, float32 of shape (dimension,)."""
        vector: NDArray[np.float32] = self.take([number])[0]
        return vector

    def rows(self, start: int, stop: int) -> NDArray[np.float32]:
        """Return the feature vectors start..stop, float32 of shape (stop - start, dimension)."""
        return self.take(range(start, stop))

    def stored(self, start: int, stop: int) -> Iterator[AnyBlock]:
        """Yield the rows start..stop as they are stored, for `RowWriter.add_stored`."""
        for chunk, first in zip(self.chunks, self.starts, strict=False):
            if start < first + len(chunk) and first < stop:
                yield chunk.cut(max(start - first, 0), stop - first)

    def listed(self) -> bytes | None:
        """Return what is to be kept beside these rows, so that searching is quicker; None if it cannot be made."""
        return None

    @property
    def how_to_search_quicker(self) -> str:
        """What people should do so that searching is much quicker; empty if it is as quick as can be."""
        return ""

    @abstractmethod
    def compare(self, query: NDArray[np.float32]) -> Comparison:
        """Return the comparison of all rows with a query vector: float32 of shape (dimension,), of legal numbers."""

    def bound_many(self, comparisons: Sequence[Any], chunks: range, bounds: NDArray[np.float32]) -> None:
        """Write lower bounds of some chunks' rows to several queries into `bounds`, shape (queries, all rows).

        Some kinds of rows have a quicker way than this one, query by query.
        """
        for comparison, own in zip(comparisons, bounds, strict=True):
            comparison.bound(chunks, own)

    def estimate(self, comparisons: Sequence[Any], rows: range) -> NDArray[np.float64] | None:
        """Return estimates of the distances of some rows to several queries, shape (queries, rows).

        None if there is no quicker way to rank all rows than to search for the nearest, as many as there are.
        """
        return None


class ChunkedRows(Rows[AnyBlock]):
    """Rows of one kind, which a `ChunkWriter` wrote.

    They are made of the memory of the whole file, which is read only, and the table of contents. Raise ValueError,
    KeyError or TypeError if the table does not fit the file.
    """

    def __init__(self, memory: mmap.mmap | memoryview, contents: dict[str, Any]) -> None:
        self.dimension, self.contents = contents["dimension"], contents
        places = contents["chunks"]
        numbers = [place[name] for place in places for name in ("start", "size", "rows", "crc")]
        if not all(isinstance(number, int) for number in (self.dimension, *numbers)):
            raise TypeError("a number")
        counts = [place["rows"] for place in places]
        if any(count != CHUNK_ROWS for count in counts[:-1]) or not all(0 < count <= CHUNK_ROWS for count in counts):
            raise ValueError("chunks of other lengths than this version writes")
        self._memory = memoryview(memory)
        # numpy maps an array before the memory's start without a word.
        if any(not 0 <= place["start"] <= place["start"] + place["size"] <= len(self._memory) for place in places):
            raise ValueError("a chunk lies beyond the end of the file, or before its start")
        if any(place["start"] % ALIGNMENT for place in places):
            raise ValueError("a chunk that is not aligned")
        self.chunks = [self._map(place) for place in places]
        self.starts = [*accumulate(counts, initial=0)]

    @abstractmethod
    def _map(self, place: dict[str, int]) -> AnyBlock:
        """Return a chunk, mapped."""

    def _map_arrays(
        self, place: dict[str, int], *shapes: tuple[tuple[int, ...], np.dtype[Any]]
    ) -> tuple[list[NDArray[Any]], memoryview]:
        """Return the arrays that a chunk begins with, and what follows them; ValueError if it is too small for them."""
        arrays: list[NDArray[Any]] = []
        chunk = self._memory[place["start"] : place["start"] + place["size"]]
        start = 0
        for shape, dtype in shapes:
            nbytes = math.prod(shape) * dtype.itemsize
            if start + nbytes > len(chunk):
                raise ValueError("a chunk smaller than its rows")
            arrays.append(np.ndarray(shape, dtype, chunk, start))
            start += -(-nbytes // ALIGNMENT) * ALIGNMENT
        return arrays, chunk[start:]

    def is_whole(self) -> bool:
        return all(
            zlib.crc32(self._memory[place["start"] : place["start"] + place["size"]]) == place["crc"]
            for place in self.contents["chunks"]
        ) and all(map(self._is_sound, self.chunks))

    def _is_sound(self, chunk: AnyBlock) -> bool:
        """Tell whether what a chunk says of its own parts fits them."""
        return True

    def _find(self, number: int) -> tuple[AnyBlock, int]:
        """Return the chunk of a row, and its number in it."""
        chunk = bisect_right(self.starts, number) - 1
        return self.chunks[chunk], number - self.starts[chunk]
