"""Step 3, compare: rows of whole numbers from 0 to 255 in a file, a byte each, and a query vector against all of them.

A row has some blocks, and each block has a direction of its own. A distance is the mean over the blocks of 1 minus the
cosine. A chunk (see `chunks`) has the parts

    vectors     uint8   (n, dimension)      each row contiguous
    lengths     float32 (n, blocks)         of each block, about its mean if that does not count; 0: it has no direction

The bound is 1 - cos in single precision, less what rounding can do to it.
"""

import mmap
from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .chunks import Buffer, ChunkedRows, Comparison
from .chunkwriter import ChunkWriter
from .correlation import PLACES, centred_squares, correlation_distance
from .meancosine import BLOCK, mean_cosine, squares

BYTE = np.dtype("u1")
FLOAT = np.dtype("<f4")

# A product of two vectors of d float32 is off by at most (d + 2) * 2^-24 of the product of their lengths, however it is
# added up. Directions, lengths and the division add a few more roundings.
ROUNDING = 2.0**-24
FURTHER_ROUNDINGS = 16

ROWS_AT_ONCE = 256  # of 3840 float32, they are 4 MB


class ByteBlock(NamedTuple):
    """Rows as they are stored; the parts are those of a chunk."""

    vectors: NDArray[np.uint8]
    lengths: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.lengths)

    def cut(self, start: int, stop: int) -> "ByteBlock":
        """Return the rows start..stop, or those of them that there are."""
        return ByteBlock(self.vectors[start:stop], self.lengths[start:stop])


class Form(NamedTuple):
    """What makes directions of the bytes of a row, and distances of these."""

    block: int
    """Numbers in a block; as many blocks as there are make a row."""
    is_centred: bool
    """Whether the mean of a block is taken off."""
    squares: Callable[[NDArray[np.float64]], NDArray[np.float64]]
    """The squared length of blocks, last axis their numbers, exactly; 0 if a block has no direction. If it is centred,
    as many times that as it has numbers."""
    between: Callable[[NDArray[Any], NDArray[Any]], NDArray[np.float64]]
    """The definition of the distance of rows, over the last axis."""

    def blocks(self, rows: NDArray[Any]) -> NDArray[np.float32]:
        """Return rows, shape (n, dimension), as float32 of shape (n, blocks, block), centred if need be."""
        blocks = rows.astype(np.float32).reshape(len(rows), -1, self.block)
        if self.is_centred:
            blocks -= blocks.mean(axis=-1, keepdims=True, dtype=np.float64).astype(np.float32)
        return blocks

    def lengths(self, rows: NDArray[Any]) -> NDArray[np.float32]:
        """Return the lengths of the blocks of rows, shape (n, blocks); 0 where there is no direction."""
        blocks = rows.astype(np.float64).reshape(len(rows), -1, self.block)
        return np.sqrt(self.squares(blocks) / (self.block if self.is_centred else 1)).astype(FLOAT)


MEAN_COSINE = Form(BLOCK, is_centred=False, squares=squares, between=mean_cosine)
CORRELATION = Form(PLACES, is_centred=True, squares=centred_squares, between=correlation_distance)


class ByteWriter(ChunkWriter[ByteBlock]):
    """Writes rows of whole numbers from 0 to 255 of one form; see `ChunkWriter`. The descriptor does not matter."""

    def __init__(self, form: Form, file: BinaryIO, dimension: int, descriptor: str = "") -> None:
        super().__init__(file, dimension, descriptor)
        self._form = form

    def _about(self) -> dict[str, Any]:
        return {"layout": "bytes"}

    def _encode(self, rows: NDArray[np.float32]) -> ByteBlock:
        return ByteBlock(rows.astype(BYTE), self._form.lengths(rows))

    def _parts(self, blocks: Sequence[ByteBlock]) -> Iterator[Sequence[Buffer]]:
        yield [block.vectors.tobytes() for block in blocks]
        yield [block.lengths.tobytes() for block in blocks]


class ByteRows(ChunkedRows[ByteBlock]):
    """Rows of whole numbers from 0 to 255 of one form; see `ChunkedRows`."""

    def __init__(self, form: Form, memory: mmap.mmap | memoryview, contents: dict[str, Any]) -> None:
        self.form = form
        if contents["layout"] != "bytes":
            raise ValueError("rows of another layout")
        if contents["dimension"] < 1 or contents["dimension"] % form.block:
            raise ValueError("rows of no whole blocks")
        super().__init__(memory, contents)

    def _map(self, place: dict[str, int]) -> ByteBlock:
        count, blocks = place["rows"], self.dimension // self.form.block
        (vectors, lengths), _ = self._map_arrays(place, ((count, self.dimension), BYTE), ((count, blocks), FLOAT))
        return ByteBlock(vectors, lengths)

    def take(self, numbers: Sequence[int]) -> NDArray[np.float32]:
        return self.bytes_of(numbers).astype(np.float32)

    def bytes_of(self, numbers: Sequence[int]) -> NDArray[np.uint8]:
        """Return the feature vectors of these numbers as they are stored."""
        rows = [chunk.vectors[row] for chunk, row in map(self._find, numbers)]
        return np.stack(rows) if rows else np.empty((0, self.dimension), BYTE)

    def compare(self, query: NDArray[np.float32]) -> "ByteComparison":
        return ByteComparison(self, query)

    def bound_many(self, comparisons: Sequence["ByteComparison"], chunks: range, bounds: NDArray[np.float32]) -> None:
        queries = np.stack([comparison.directions for comparison in comparisons])
        has_none = ~queries.any(axis=-1)
        blocks = queries.shape[1]
        allowance = (self.form.block + FURTHER_ROUNDINGS) * ROUNDING
        for number in chunks:
            own = bounds[:, self.starts[number] : self.starts[number + 1]]
            for start in range(0, own.shape[1], ROWS_AT_ONCE):
                vectors, lengths = self.chunks[number].cut(start, start + ROWS_AT_ONCE)
                rows = self.form.blocks(vectors)
                inverse = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 0)
                # Where neither has a direction, the distance may be 0; where one has none, it is 1.
                shared = has_none.astype(np.float32) @ (lengths == 0).T.astype(np.float32)
                for block in range(blocks):
                    shared += queries[:, block] @ rows[:, block].T * inverse[:, block]
                own[:, start : start + len(rows)] = 1 - allowance - shared / blocks


class ByteComparison(Comparison):
    """One query vector against rows of whole numbers; see `Comparison`."""

    def __init__(self, rows: ByteRows, query: NDArray[np.float32]) -> None:
        self._rows = rows
        self._query = query
        lengths = rows.form.lengths(query[None])[0, :, None]
        blocks = rows.form.blocks(query[None])[0]
        self.directions: NDArray[np.float32] = np.divide(blocks, lengths, out=np.zeros_like(blocks), where=lengths > 0)

    def bound(self, chunks: range, bounds: NDArray[np.float32]) -> None:
        self._rows.bound_many([self], chunks, bounds[None])

    def bound_closer(self, chunk: int, rows: NDArray[np.intp], bounds: NDArray[np.float32]) -> None:
        """Leave the bounds as they are; only the distance is closer."""

    def distances(self, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        return self._rows.form.between(self._rows.bytes_of(rows.tolist()), self._query)
