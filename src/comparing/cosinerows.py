"""Step 3, compare: rows of numbers of any sign in a file, and one query vector against all of them, by cosine.

A chunk (see `chunks`) has two parts, so a search reads the rows where they lie:

    vectors     float32 (n, dimension)      as they stand in the CSV
    lengths     float32 (n,)                the length of each; 0 for a row that bounds do not hold for

The bound is 1 - cos in single precision, less what rounding can do to it.
"""

import mmap
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .chunks import Buffer, ChunkedRows, Comparison
from .chunkwriter import ChunkWriter
from .cosine import cosine, directions

FLOAT = np.dtype("<f4")

# A product of two vectors of d float32 is off by at most (d + 2) * 2^-24 of the product of their lengths, however it is
# added up. The query is rounded to float32 before (2^-24), the lengths and the division add three more roundings.
ROUNDING = 2.0**-24
FURTHER_ROUNDINGS = 8
# `cosine` itself is off by a few 2^-53 a number, far less than this.
SLACK = 1e-11

# The squares of numbers outside of these are no float32, so no bound holds for such a row.
SHORTEST, LONGEST = 1e-15, 1e15


class DenseBlock(NamedTuple):
    """Rows as they are stored; the parts are those of a chunk."""

    vectors: NDArray[np.float32]
    lengths: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.lengths)

    def cut(self, start: int, stop: int) -> "DenseBlock":
        """Return the rows start..stop, or those of them that there are."""
        return DenseBlock(self.vectors[start:stop], self.lengths[start:stop])


class DenseWriter(ChunkWriter[DenseBlock]):
    """Writes rows of numbers of any sign; see `ChunkWriter`. The descriptor does not matter."""

    def _about(self) -> dict[str, Any]:
        return {"layout": "dense"}

    def _encode(self, rows: NDArray[np.float32]) -> DenseBlock:
        rows = np.ascontiguousarray(rows, FLOAT)
        lengths = np.sqrt(np.square(rows, dtype=np.float64).sum(axis=1))
        lengths[~((lengths > SHORTEST) & (lengths < LONGEST))] = 0
        return DenseBlock(rows, lengths.astype(FLOAT))

    def _parts(self, blocks: Sequence[DenseBlock]) -> Iterator[Sequence[Buffer]]:
        yield [block.vectors.tobytes() for block in blocks]
        yield [block.lengths.tobytes() for block in blocks]


class CosineRows(ChunkedRows[DenseBlock]):
    """Rows of numbers of any sign; see `ChunkedRows`."""

    def __init__(self, memory: mmap.mmap | memoryview, contents: dict[str, Any]) -> None:
        if contents["layout"] != "dense":
            raise ValueError("rows of another layout")
        super().__init__(memory, contents)

    def _map(self, place: dict[str, int]) -> DenseBlock:
        count = place["rows"]
        (vectors, lengths), _ = self._map_arrays(place, ((count, self.dimension), FLOAT), ((count,), FLOAT))
        return DenseBlock(vectors, lengths)

    def take(self, numbers: Sequence[int]) -> NDArray[np.float32]:
        rows = [chunk.vectors[row] for chunk, row in map(self._find, numbers)]
        return np.stack(rows) if rows else np.empty((0, self.dimension), np.float32)

    def compare(self, query: NDArray[np.float32]) -> "CosineComparison":
        return CosineComparison(self, query)

    def bound_many(self, comparisons: Sequence["CosineComparison"], chunks: range, bounds: NDArray[np.float32]) -> None:
        queries = np.stack([comparison.direction for comparison in comparisons])
        allowance = (self.dimension + FURTHER_ROUNDINGS) * ROUNDING + SLACK
        for number in chunks:
            vectors, lengths = self.chunks[number]
            some = bounds[:, self.starts[number] : self.starts[number + 1]]
            np.matmul(queries, vectors.T, out=some)
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                np.divide(some, lengths, out=some)
                np.subtract(np.float32(1 - allowance), some, out=some)
            some[:, lengths == 0] = -np.inf
        # Zeros have no direction, and are nearer to everything than a right angle.
        bounds[~queries.any(axis=1), self.starts[chunks.start] : self.starts[chunks.stop]] = -np.inf


class CosineComparison(Comparison):
    """One query vector against rows of numbers of any sign; see `Comparison`."""

    def __init__(self, rows: CosineRows, query: NDArray[np.float32]) -> None:
        self._rows = rows
        self._query = query
        self.direction = directions(query).astype(np.float32)

    def bound(self, chunks: range, bounds: NDArray[np.float32]) -> None:
        self._rows.bound_many([self], chunks, bounds[None])

    def bound_closer(self, chunk: int, rows: NDArray[np.intp], bounds: NDArray[np.float32]) -> None:
        """Leave the bounds as they are; only the distance is closer."""

    def distances(self, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        return cosine(self._rows.take(rows.tolist()), self._query)
