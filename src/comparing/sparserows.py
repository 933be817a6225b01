"""Step 2, index: feature vectors as `sparsewriter` laid them out in a file, read where they lie."""

import copy
import mmap
import zlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .lowerbounds import Columns
from .mergedbins import merging
from .sparsewriter import ALIGNMENT, CHUNK_ROWS, END, FLOAT, HALF, Rows, bytes_of_bits

# With each page that is read for the first time, Linux maps up to 64 KB around it. So many scattered rows are 256 MB.
MOST_UNPACKED = 4096


class Chunk(NamedTuple):
    """Some thousand rows, where they lie in the file."""

    columns: Columns
    ends: NDArray[np.uint32]
    packed: memoryview


class Features:
    """Feature vectors that `FeatureWriter` wrote. Opening them reads next to nothing.

    Parameters
    ----------
    memory : mmap or memoryview
        The whole file, read only.
    contents : dict
        What `FeatureWriter.finish` returned.

    Attributes
    ----------
    dimension : int
        Length of a feature vector.
    contents : dict
        The table of contents.
    merging : Merging
        How `chunks` were merged.
    chunks : list of Chunk
        Each of at most `CHUNK_ROWS` rows.
    starts : list of int
        The first row of each chunk, and how many rows there are.

    Raises
    ------
    ValueError, KeyError, TypeError
        If the table of contents does not fit the file, or the rows were merged by another table.
    """

    def __init__(self, memory: mmap.mmap | memoryview, contents: dict[str, Any]) -> None:
        self.dimension: int = contents["dimension"]
        self.merging = merging(self.dimension)
        if contents["merging"] != self.merging.key:
            raise ValueError("the feature vectors were merged by another table")
        counts = [chunk["rows"] for chunk in contents["chunks"]]
        if any(count != CHUNK_ROWS for count in counts[:-1]) or not all(0 < count <= CHUNK_ROWS for count in counts):
            raise ValueError("chunks of other lengths than this version writes")
        self._memory = memoryview(memory)
        # Only what is read only lies in a file, to be read from there again.
        self._mapped = memory if isinstance(memory, mmap.mmap) and self._memory.readonly else None
        self._unpacked = 0
        self._bit_bytes = bytes_of_bits(self.dimension)
        self.chunks = [self._map(chunk) for chunk in contents["chunks"]]
        self.contents = contents
        self.starts: list[int] = [*accumulate(counts, initial=0)]
        self._others: Features | None = None

    def followed_by(self, others: "Features") -> "Features":
        """Return these rows and others, of another file, as one."""
        if others.dimension != self.dimension:
            raise ValueError("feature vectors of different lengths")
        both = copy.copy(self)
        both.chunks = self.chunks + others.chunks
        both.starts = self.starts + [len(self) + start for start in others.starts[1:]]
        both._others = others
        return both

    def _map(self, chunk: dict[str, int]) -> Chunk:
        start, count = chunk["start"], chunk["rows"]
        if start + chunk["size"] > len(self._memory):
            raise ValueError("a chunk lies beyond the end of the file")
        parts: list[tuple[tuple[int, ...], np.dtype[Any]]] = [
            ((self.merging.coarse, count), HALF), ((count,), FLOAT), ((count, self.merging.fine), HALF),
            ((count + 1,), END),
        ]  # fmt: skip
        arrays: list[NDArray[Any]] = []
        for shape, dtype in parts:
            array: NDArray[Any] = np.ndarray(shape, dtype, self._memory, start)
            arrays.append(array)
            start += -(-array.nbytes // ALIGNMENT) * ALIGNMENT
        coarse, half_sums, fine, ends = arrays
        packed = self._memory[start : chunk["start"] + chunk["size"]]
        return Chunk(Columns(half_sums, coarse, fine), ends, packed)

    def __len__(self) -> int:
        return self.starts[-1]

    def is_whole(self) -> bool:
        """Check all rows against their checksums, which reads all of the file."""
        own = all(
            zlib.crc32(self._memory[chunk["start"] : chunk["start"] + chunk["size"]]) == chunk["crc"]
            for chunk in self.contents["chunks"]
        )
        return own and (self._others is None or self._others.is_whole())

    def row(self, number: int) -> NDArray[np.float32]:
        """Return one feature vector, float32 of shape (dimension,)."""
        vector: NDArray[np.float32] = self.take([number])[0]
        return vector

    def rows(self, start: int, stop: int) -> NDArray[np.float32]:
        """Return the feature vectors start..stop, float32 of shape (stop - start, dimension)."""
        return self.take(range(start, stop))

    def take(self, numbers: Sequence[int]) -> NDArray[np.float32]:
        """Return some feature vectors, float32 of shape (rows, dimension)."""
        places, filled, _ = self.unpack(numbers)
        rows = np.zeros((len(numbers), self.dimension), np.float32)
        rows.reshape(-1)[places] = filled
        return rows

    def unpack(self, numbers: Sequence[int]) -> tuple[NDArray[np.intp], NDArray[np.float32], NDArray[np.int64]]:
        """Return what is not 0 in some feature vectors.

        Parameters
        ----------
        numbers : sequence of m int
            The rows.

        Returns
        -------
        places : ndarray of int
            Where numbers other than 0 stand in the array of shape (m, dimension), flattened; ascending.
        filled : ndarray of float32
            Those numbers.
        lengths : ndarray of int, shape (m,)
            How many of them each row has.
        """
        bits, filled, lengths = [], [], []
        width = self._bit_bytes
        for number in numbers:
            (_, ends, packed), row = self._find(number)
            start, end = ends.item(row), ends.item(row + 1)
            bits.append(packed[start : start + width])
            filled.append(packed[start + width : end])
            lengths.append((end - start - width) // FLOAT.itemsize)
        mask = np.unpackbits(np.frombuffer(b"".join(bits), np.uint8).reshape(-1, width), axis=1, count=self.dimension)
        self._forget(len(numbers))
        # Places of True are found five times as quickly as places of other than 0.
        return np.flatnonzero(mask.view(np.bool_)), np.frombuffer(b"".join(filled), FLOAT), np.array(lengths, np.int64)

    def _find(self, number: int) -> tuple[Chunk, int]:
        chunk = bisect_right(self.starts, number) - 1
        return self.chunks[chunk], number - self.starts[chunk]

    def _forget(self, unpacked: int) -> None:
        """Now and then give back the memory that scattered rows occupy, which the system keeps as its file cache."""
        self._unpacked += unpacked
        if self._unpacked > MOST_UNPACKED and self._mapped is not None and hasattr(mmap, "MADV_DONTNEED"):
            self._unpacked = 0
            self._mapped.madvise(mmap.MADV_DONTNEED)

    def stored(self, start: int, stop: int) -> Iterator[Rows]:
        """Yield the rows start..stop as they are stored, for `FeatureWriter.add_stored`."""
        while start < stop:
            ((half_sums, coarse, fine), ends, packed), first = self._find(start)
            last = min(first + stop - start, len(half_sums))
            columns = Columns(half_sums[first:last], coarse[:, first:last], fine[first:last])
            lengths = (ends[first + 1 : last + 1] - ends[first:last]).astype(np.int64)
            yield Rows(columns, lengths, packed[ends.item(first) : ends.item(last)])
            start += last - first
