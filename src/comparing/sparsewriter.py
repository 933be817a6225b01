"""Step 3, compare: rows of histograms in a file, small, bit for bit, and laid out to be searched where they lie.

Three quarters of a colour histogram are zeros. So a row is kept as one bit a number (is it anything but 0?) and those
numbers. Beside the rows stand the merged bins that `lowerbounds` makes of them. A chunk (see `chunks`) has the parts

    coarse      uint16  (coarse bins, n)    each bin contiguous: a search reads all of them
    half sums   float32 (n,)
    fine        uint16  (n, fine bins)      each row contiguous: a search reads a few rows
    ends        uint32  (n + 1,)            where each packed row begins, and the last one ends
    packed      bytes                       for each row: its bits (padded to 4 bytes), its numbers as float32

Of photos, a row takes about 2 KB, 0.5 of them for the merged bins.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from .chunks import Buffer
from .chunkwriter import ChunkWriter
from .lowerbounds import make_columns
from .mergedbins import merging
from .sparserows import END, FLOAT, HALF, SparseBlock, bytes_of_bits


class SparseWriter(ChunkWriter[SparseBlock]):
    """Writes rows of histograms; see `ChunkWriter`. Which bins are best merged depends on the descriptor."""

    def __init__(self, file: BinaryIO, dimension: int, descriptor: str = "") -> None:
        super().__init__(file, dimension, descriptor)
        self._merging = merging(dimension, descriptor)

    def _about(self) -> dict[str, Any]:
        return {"merging": self._merging.key}

    def _encode(self, rows: NDArray[np.float32]) -> SparseBlock:
        rows = np.ascontiguousarray(rows, FLOAT)
        count, dimension = rows.shape
        # By their bits, so that -0.0 comes back as such.
        filled = rows.view("<u4") != 0
        bits = np.zeros((count, bytes_of_bits(dimension)), np.uint8)
        bits[:, : -(-dimension // 8)] = np.packbits(filled, axis=1)
        ends = np.append(0, np.cumsum(np.count_nonzero(filled, axis=1))) * FLOAT.itemsize
        numbers = rows[filled].tobytes()
        pieces: list[Buffer] = []
        for own_bits, (start, end) in zip(bits, pairwise(ends.tolist()), strict=True):
            pieces += [own_bits.data, numbers[start:end]]
        ends += np.arange(count + 1) * bits.shape[1]
        return SparseBlock(make_columns(rows, self._merging), ends, b"".join(pieces))

    def _parts(self, blocks: Sequence[SparseBlock]) -> Iterator[Sequence[Buffer]]:
        columns = [block.columns for block in blocks]
        yield [np.concatenate([some.coarse for some in columns], axis=1).astype(HALF).tobytes()]
        yield [np.concatenate([some.half_sums for some in columns]).astype(FLOAT).tobytes()]
        yield [np.concatenate([some.fine for some in columns]).astype(HALF).tobytes()]
        lengths = [np.diff(block.ends) for block in blocks]
        yield [np.cumsum(np.concatenate([[0], *lengths])).astype(END).tobytes()]
        yield [block.packed for block in blocks]
