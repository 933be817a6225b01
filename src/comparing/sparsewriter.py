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
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .chunks import Buffer, ChunkWriter
from .lowerbounds import Columns, make_columns
from .mergedbins import merging

FLOAT = np.dtype("<f4")
END = np.dtype("<u4")
HALF = np.dtype("<u2")


class SparseBlock(NamedTuple):
    """Rows as they are stored."""

    columns: Columns
    lengths: NDArray[np.int64]
    """Shape (n,): bytes of each packed row."""
    packed: Buffer

    def __len__(self) -> int:
        return len(self.lengths)


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
        ends = np.cumsum(np.count_nonzero(filled, axis=1)) * FLOAT.itemsize
        numbers = rows[filled].tobytes()
        pieces = []
        for row, (start, end) in enumerate(zip([0, *ends.tolist()], ends.tolist(), strict=False)):
            pieces += [bits[row].data, numbers[start:end]]
        lengths = np.diff(ends, prepend=0) + bits.shape[1]
        return SparseBlock(make_columns(rows, self._merging), lengths, b"".join(pieces))

    def _cut(self, block: SparseBlock, start: int, stop: int) -> SparseBlock:
        first, last = int(block.lengths[:start].sum()), int(block.lengths[:stop].sum())
        return SparseBlock(block.columns.cut(start, stop), block.lengths[start:stop], block.packed[first:last])

    def _parts(self, blocks: Sequence[SparseBlock]) -> Iterator[Sequence[Buffer]]:
        yield [np.concatenate([block.columns.coarse for block in blocks], axis=1).astype(HALF).tobytes()]
        yield [np.concatenate([block.columns.half_sums for block in blocks]).astype(FLOAT).tobytes()]
        yield [np.concatenate([block.columns.fine for block in blocks]).astype(HALF).tobytes()]
        lengths = np.concatenate([block.lengths for block in blocks])
        yield [np.concatenate([[0], np.cumsum(lengths)]).astype(END).tobytes()]
        yield [block.packed for block in blocks]


def bytes_of_bits(dimension: int) -> int:
    """Return how many bytes the bits of a row take."""
    return -(-dimension // 32) * 4
