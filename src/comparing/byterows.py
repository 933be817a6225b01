"""Step 3, compare: rows of whole numbers from 0 to 255 in a file, a byte each, and a query vector against all of them.

A chunk (see `chunks`) has the parts

    vectors     uint8  (blocks, n, block)   each block of all rows contiguous
    sums        uint32 (blocks, n)          of the numbers
    squares     uint32 (blocks, n)          of their squares

OpenCV compares bytes with the CPU's vector instructions, on 2 cores nearly as fast as memory can be read: it gives
|q - r|^2 of a query and all rows, exactly. With the squares, that is their product, and so the distance. No bound that
leaves rows out would pay: photos differ in hundreds of directions. Of 2312 photos, the best 128 directions, with the
lengths of what remains, left out only 73 % of the rows when the 5 nearest were wanted, and 19 % for one query in ten.
"""

import mmap
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from .chunks import Buffer, ChunkedRows, Comparison
from .chunkwriter import ChunkWriter
from .wholenumbers import Doubles, Form, Moments

BYTE = np.dtype("u1")
SUM = np.dtype("<u4")

Bytes = NDArray[np.uint8]

# Compared in one call. Few rows stay in a CPU's cache while many queries are compared with them, one after the other;
# for a single query, every call costs as much as some hundred rows.
ROWS_FOR_MANY, ROWS_FOR_ONE = 1024, 8192

DOWN = (
    1 - 2.0**-23
)  # A float32 is off by at most 2^-24 of itself: what is this much less is no more when it is rounded.


class ByteBlock(NamedTuple):
    """Rows as they are stored; the parts are those of a chunk."""

    vectors: Bytes
    sums: NDArray[np.uint32]
    squares: NDArray[np.uint32]

    def __len__(self) -> int:
        count: int = self.sums.shape[1]
        return count

    def cut(self, start: int, stop: int) -> "ByteBlock":
        """Return the rows start..stop, or those of them that there are."""
        return ByteBlock(self.vectors[:, start:stop], self.sums[:, start:stop], self.squares[:, start:stop])

    def moments(self) -> Moments:
        """Return the sums and squares as they are compared."""
        return Moments(self.sums.T.astype(np.float64), self.squares.T.astype(np.float64))


def in_blocks(rows: NDArray[np.float32], form: Form) -> ByteBlock:
    """Return rows of whole numbers, shape (n, dimension), as they are stored."""
    blocks = rows.astype(BYTE).reshape(len(rows), -1, form.block).transpose(1, 0, 2)
    vectors = np.ascontiguousarray(blocks)
    squares = [squared_differences(block, np.zeros((1, form.block), BYTE)) for block in vectors]
    return ByteBlock(vectors, vectors.sum(axis=2, dtype=SUM), np.array(squares, SUM))


def squared_differences(rows: Bytes, query: Bytes) -> NDArray[np.int32]:
    """Return |q - r|^2 of a query, shape (1, numbers), and each row, shape (n, numbers); at most 33,000 numbers."""
    # Asked for the nearest one of a single query, it gives how far that query is from each row.
    differences, _ = cv2.batchDistance(rows, query, cv2.CV_32S, normType=cv2.NORM_L2SQR, K=1)
    return np.asarray(differences, np.int32)[:, 0]


class ByteWriter(ChunkWriter[ByteBlock]):
    """Writes rows of whole numbers from 0 to 255 of one form; see `ChunkWriter`. The descriptor does not matter."""

    def __init__(self, form: Form, file: BinaryIO, dimension: int, descriptor: str = "") -> None:
        super().__init__(file, dimension, descriptor)
        self._form = form

    def _about(self) -> dict[str, Any]:
        return {"layout": "bytes"}

    def _encode(self, rows: NDArray[np.float32]) -> ByteBlock:
        return in_blocks(rows, self._form)

    def _parts(self, blocks: Sequence[ByteBlock]) -> Iterator[Sequence[Buffer]]:
        yield [part.data for parts in zip(*(block.vectors for block in blocks), strict=True) for part in parts]
        yield [np.concatenate([block.sums for block in blocks], axis=1).astype(SUM).tobytes()]
        yield [np.concatenate([block.squares for block in blocks], axis=1).astype(SUM).tobytes()]


class ByteRows(ChunkedRows[ByteBlock]):
    """Rows of whole numbers from 0 to 255 of one form; see `ChunkedRows`."""

    bytes_held = 12  # the bound and the distance

    def __init__(self, form: Form, memory: mmap.mmap | memoryview, contents: dict[str, Any]) -> None:
        self.form = form
        if contents["layout"] != "bytes":
            raise ValueError("rows of another layout")
        if contents["dimension"] < 1 or contents["dimension"] % form.block:
            raise ValueError("rows of no whole blocks")
        super().__init__(memory, contents)

    def _map(self, place: dict[str, int]) -> ByteBlock:
        count, blocks = place["rows"], self.dimension // self.form.block
        sums = (blocks, count), SUM
        arrays, _ = self._map_arrays(place, ((blocks, count, self.form.block), BYTE), sums, sums)
        return ByteBlock(*arrays)

    def take(self, numbers: Sequence[int]) -> NDArray[np.float32]:
        rows = np.empty((len(numbers), self.dimension), np.float32)
        for own, (chunk, row) in zip(rows, map(self._find, numbers), strict=True):
            own.reshape(-1, self.form.block)[:] = chunk.vectors[:, row]
        return rows

    def compare(self, query: NDArray[np.float32]) -> "ByteComparison":
        return ByteComparison(self, query)

    def bound_many(self, comparisons: Sequence["ByteComparison"], chunks: range, bounds: NDArray[np.float32]) -> None:
        count = ROWS_FOR_MANY if len(comparisons) > 1 else ROWS_FOR_ONE
        for number in chunks:
            chunk, first = self.chunks[number], self.starts[number]
            for start in range(0, len(chunk), count):
                block = chunk.cut(start, start + count)
                moments = block.moments()
                own = slice(first + start, first + start + len(block))
                for comparison, some in zip(comparisons, bounds, strict=True):
                    some[own] = comparison.compare(own, block.vectors, moments)


class ByteComparison(Comparison):
    """One query vector against rows of whole numbers; see `Comparison`. Bounds are distances, which are kept."""

    def __init__(self, rows: ByteRows, query: NDArray[np.float32]) -> None:
        self._rows = rows
        self._query = query
        self._own = in_blocks(query[None], rows.form)
        self._moments = self._own.moments()
        self._distances = np.full(len(rows), np.nan)

    def compare(self, rows: slice, vectors: Bytes, moments: Moments) -> Doubles:
        """Compare rows of these vectors and moments; return what bounds their distances from below."""
        products = moments.squares + self._moments.squares
        for product, block, query in zip(products.T, vectors, self._own.vectors, strict=True):
            product -= squared_differences(block, query)
        products *= 0.5
        distances = self._rows.form.combine(self._moments, moments, products)
        self._distances[rows] = distances
        return distances * DOWN

    def bound(self, chunks: range, bounds: NDArray[np.float32]) -> None:
        self._rows.bound_many([self], chunks, bounds[None])

    def bound_closer(self, chunk: int, rows: NDArray[np.intp], bounds: NDArray[np.float32]) -> None:
        """Leave the bounds as they are: they are as close as can be."""

    def distances(self, rows: NDArray[np.intp]) -> Doubles:
        distances: Doubles = self._distances[rows]
        unknown = np.isnan(distances)
        if unknown.any():
            vectors = self._rows.take(rows[unknown].tolist())
            distances[unknown] = self._rows.form.between(vectors, self._query)
        return distances
