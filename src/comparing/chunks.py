"""Step 3, compare: rows of feature vectors in a file, in chunks, whatever a distance wants a row to look like.

A chunk holds some thousand rows as a few arrays, each of which begins at a multiple of 64 bytes and is little-endian.
Chunks are found by the table of contents, which is JSON and is kept by the owner of the file. A row can be found by its
number, all rows can be checked against checksums, and stored rows can be copied without being decoded.
"""

import mmap
import zlib
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any, BinaryIO, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

CHUNK_ROWS = 16384  # of colour, 30 MB are held while writing; a search has to call numpy some times for each chunk
ENCODED_AT_ONCE = 512  # rows; few enough that the steps of encoding find them in the CPU's cache
ALIGNMENT = 64  # a CPU cache line

Buffer = bytes | memoryview


class Block(Protocol):
    """Some rows as they are stored; of which kind is up to the writer that takes them."""

    def __len__(self) -> int: ...


AnyBlock = TypeVar("AnyBlock", bound=Block)
AnyChunk = TypeVar("AnyChunk")


class ChunkWriter(ABC, Generic[AnyBlock]):
    """Appends feature vectors to a file, as they come; how many there will be need not be known.

    Parameters
    ----------
    file : binary file
        Open for writing; nothing else may write to it before `finish`.
    dimension : int
        Length of a feature vector.
    descriptor : str, optional
        Name of the descriptor that makes them; some kinds of rows suit one better than others.
    """

    def __init__(self, file: BinaryIO, dimension: int, descriptor: str = "") -> None:
        self._file = file
        self._dimension = dimension
        self._new: list[NDArray[np.float32]] = []
        self._new_count = 0
        self._waiting: list[AnyBlock] = []
        self._count = 0
        self._chunks: list[dict[str, int]] = []

    @abstractmethod
    def _encode(self, rows: NDArray[np.float32]) -> AnyBlock:
        """Return rows, shape (n, dimension), as they are stored."""

    @abstractmethod
    def _cut(self, block: AnyBlock, start: int, stop: int) -> AnyBlock:
        """Return the rows start..stop of a block."""

    @abstractmethod
    def _parts(self, blocks: Sequence[AnyBlock]) -> Iterable[Sequence[Buffer]]:
        """Return what a chunk of these blocks is made of: for each aligned part, the pieces that follow each other."""

    def _about(self) -> dict[str, Any]:
        """Return what the table of contents says beside dimension and chunks."""
        return {}

    def add(self, block: NDArray[np.float32]) -> None:
        """Append feature vectors: one, or several as rows of shape (n, dimension)."""
        # Encoding row by row would take ten times as long.
        self._new.append(np.array(block, np.float32).reshape(-1, self._dimension))
        self._new_count += len(self._new[-1])
        if self._new_count >= ENCODED_AT_ONCE:
            self._encode_new()

    def add_stored(self, block: AnyBlock) -> None:
        """Append rows that come from `ChunkedRows.stored`, much quicker than decoding and encoding them."""
        self._encode_new()
        self._keep(block)

    def _encode_new(self) -> None:
        blocks, self._new, self._new_count = self._new, [], 0
        rows = np.concatenate(blocks) if blocks else np.empty((0, self._dimension), np.float32)
        for start in range(0, len(rows), ENCODED_AT_ONCE):
            self._keep(self._encode(rows[start : start + ENCODED_AT_ONCE]))

    def _keep(self, block: AnyBlock) -> None:
        start = 0
        while start < len(block):
            stop = min(start + CHUNK_ROWS - self._count, len(block))
            self._waiting.append(self._cut(block, start, stop))
            self._count += stop - start
            start = stop
            if self._count == CHUNK_ROWS:
                self._write_chunk()

    def finish(self) -> dict[str, Any]:
        """Write what is still waiting.

        Returns
        -------
        dict
            The table of contents, made of what JSON knows: dimension, chunks (start and size in bytes, rows, CRC-32),
            and what the kind of rows adds.
        """
        self._encode_new()
        if self._count:
            self._write_chunk()
        return {"dimension": self._dimension, **self._about(), "chunks": self._chunks}

    def _write_chunk(self) -> None:
        blocks, self._waiting = self._waiting, []
        self._file.write(bytes(-self._file.tell() % ALIGNMENT))
        start, crc = self._file.tell(), 0
        for pieces in self._parts(blocks):
            for piece in (bytes(-self._file.tell() % ALIGNMENT), *pieces):
                self._file.write(piece)
                crc = zlib.crc32(piece, crc)
        size = self._file.tell() - start
        self._chunks.append({"start": start, "size": size, "rows": self._count, "crc": crc})
        self._count = 0


class Comparison(ABC):
    """One query vector against all rows of a file.

    A bound is a number that the computed distance does not fall below. Loose bounds of all rows come first, closer ones
    of the candidates then, distances of the few that are left at last.
    """

    @abstractmethod
    def bound(self, chunks: range, bounds: NDArray[np.float32]) -> None:
        """Write the lower bounds of some chunks' rows into `bounds`, shape (rows,)."""

    @abstractmethod
    def bound_closer(self, chunk: int, rows: NDArray[np.intp], bounds: NDArray[np.float32]) -> None:
        """Raise the lower bounds of some rows of a chunk, which are numbered within it, where it can be done."""

    @abstractmethod
    def approximate(self, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return the distances of rows, off by less than `widened` allows for."""

    @abstractmethod
    def widened(self, distance: float) -> float:
        """Return what no row at most that far away exceeds when its distance is approximate."""

    @abstractmethod
    def distances(self, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return the distances of rows, by definition."""


class ChunkedRows(ABC, Generic[AnyChunk, AnyBlock]):
    """Feature vectors that a `ChunkWriter` wrote, read where they lie. Opening them reads next to nothing.

    Parameters
    ----------
    memory : mmap or memoryview
        The whole file, read only.
    contents : dict
        What `ChunkWriter.finish` returned.

    Attributes
    ----------
    dimension : int
        Length of a feature vector.
    contents : dict
        The table of contents.
    chunks : list
        Each of `CHUNK_ROWS` rows, the last one of at most that.
    starts : list of int
        The first row of each chunk, and how many rows there are.

    Raises
    ------
    ValueError, KeyError, TypeError
        If the table of contents does not fit the file.
    """

    def __init__(self, memory: mmap.mmap | memoryview, contents: dict[str, Any]) -> None:
        self.dimension: int = contents["dimension"]
        self.contents = contents
        counts = [chunk["rows"] for chunk in contents["chunks"]]
        if any(count != CHUNK_ROWS for count in counts[:-1]) or not all(0 < count <= CHUNK_ROWS for count in counts):
            raise ValueError("chunks of other lengths than this version writes")
        self._memory = memoryview(memory)
        if any(chunk["start"] + chunk["size"] > len(self._memory) for chunk in contents["chunks"]):
            raise ValueError("a chunk lies beyond the end of the file")
        self.chunks: list[AnyChunk] = [self._map(chunk) for chunk in contents["chunks"]]
        self.starts: list[int] = [*accumulate(counts, initial=0)]

    @abstractmethod
    def _map(self, place: dict[str, int]) -> AnyChunk:
        """Return the arrays of a chunk, mapped."""

    def _map_arrays(
        self, start: int, shapes: Sequence[tuple[tuple[int, ...], np.dtype[Any]]]
    ) -> tuple[list[NDArray[Any]], int]:
        """Return arrays that follow each other in the file, and where the next part begins."""
        arrays: list[NDArray[Any]] = []
        for shape, dtype in shapes:
            arrays.append(np.ndarray(shape, dtype, self._memory, start))
            start += -(-arrays[-1].nbytes // ALIGNMENT) * ALIGNMENT
        return arrays, start

    @abstractmethod
    def _stored(self, chunk: AnyChunk, first: int, last: int) -> AnyBlock:
        """Return the rows first..last of a chunk as they are stored."""

    @abstractmethod
    def take(self, numbers: Sequence[int]) -> NDArray[np.float32]:
        """Return some feature vectors, float32 of shape (rows, dimension)."""

    def __len__(self) -> int:
        return self.starts[-1]

    def is_whole(self) -> bool:
        """Check all rows against their checksums, which reads all of the file."""
        return all(
            zlib.crc32(self._memory[chunk["start"] : chunk["start"] + chunk["size"]]) == chunk["crc"]
            for chunk in self.contents["chunks"]
        )

    def row(self, number: int) -> NDArray[np.float32]:
        """Return one feature vector, float32 of shape (dimension,)."""
        vector: NDArray[np.float32] = self.take([number])[0]
        return vector

    def rows(self, start: int, stop: int) -> NDArray[np.float32]:
        """Return the feature vectors start..stop, float32 of shape (stop - start, dimension)."""
        return self.take(range(start, stop))

    def _find(self, number: int) -> tuple[AnyChunk, int]:
        chunk = bisect_right(self.starts, number) - 1
        return self.chunks[chunk], number - self.starts[chunk]

    def stored(self, start: int, stop: int) -> Iterator[AnyBlock]:
        """Yield the rows start..stop as they are stored, for `ChunkWriter.add_stored`."""
        for chunk, first, end in zip(self.chunks, self.starts, self.starts[1:], strict=False):
            if start < end and first < stop:
                yield self._stored(chunk, max(start - first, 0), min(stop, end) - first)

    @abstractmethod
    def compare(self, query: NDArray[np.float32]) -> Comparison:
        """Return the comparison of all rows with a query vector, float32 of shape (dimension,)."""

    @abstractmethod
    def bound_many(self, comparisons: Sequence[Any], chunks: range, bounds: NDArray[np.float32]) -> bool:
        """Write lower bounds of some chunks' rows to several queries into `bounds`, shape (queries, rows).

        Returns
        -------
        bool
            False if that cannot be done for all of these queries at once.
        """
