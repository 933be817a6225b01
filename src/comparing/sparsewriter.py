"""Step 2, index: feature vectors in a file, small, bit for bit, and laid out to be searched where they lie.

Three quarters of a feature vector are zeros, so a row is kept as one bit a number (is it anything but 0?) and those
numbers. Beside the rows stand the merged bins that `lowerbounds` makes of them. All is written in one pass, in chunks:

    coarse      uint16  (coarse bins, n)    each bin contiguous: a search reads all of them
    half sums   float32 (n,)
    fine        uint16  (n, fine bins)      each row contiguous: a search reads a few rows
    ends        uint32  (n + 1,)            where each packed row begins, and the last one ends
    packed      bytes                       for each row: its bits (padded to 4 bytes), its numbers as float32

Every part begins at a multiple of 64 bytes and all is little-endian. Of photos, a row takes about 2 KB, 0.5 of them for
the merged bins. Chunks are found by the table of contents, which is JSON and is kept by whoever owns the file.
"""

import zlib
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .lowerbounds import Columns, make_columns
from .mergedbins import Merging, merging

CHUNK_ROWS = 16384  # 30 MB are held while writing; a search has to call numpy some times for each chunk
ENCODED_AT_ONCE = 512  # rows; few enough that the steps of encoding find them in the CPU's cache
ALIGNMENT = 64  # a CPU cache line

FLOAT = np.dtype("<f4")
END = np.dtype("<u4")
HALF = np.dtype("<u2")


class Rows(NamedTuple):
    """Rows as they are stored."""

    columns: Columns
    lengths: NDArray[np.int64]
    """Shape (n,): bytes of each packed row."""
    packed: bytes | memoryview

    def __len__(self) -> int:
        return len(self.lengths)


def _encode(block: NDArray[np.float32], merging: Merging) -> Rows:
    """Return rows, shape (n, dimension), as they are stored."""
    block = np.ascontiguousarray(block, FLOAT)
    count, dimension = block.shape
    # By their bits, so that -0.0 comes back as such.
    filled = block.view("<u4") != 0
    bits = np.zeros((count, bytes_of_bits(dimension)), np.uint8)
    bits[:, : -(-dimension // 8)] = np.packbits(filled, axis=1)
    ends = np.cumsum(np.count_nonzero(filled, axis=1)) * FLOAT.itemsize
    numbers = block[filled].tobytes()
    pieces = []
    for row, (start, end) in enumerate(zip([0, *ends.tolist()], ends.tolist(), strict=False)):
        pieces += [bits[row].data, numbers[start:end]]
    return Rows(make_columns(block, merging), np.diff(ends, prepend=0) + bits.shape[1], b"".join(pieces))


def _cut(rows: Rows, start: int, stop: int) -> Rows:
    half_sums, coarse, fine = rows.columns
    columns = Columns(half_sums[start:stop], coarse[:, start:stop], fine[start:stop])
    first, last = int(rows.lengths[:start].sum()), int(rows.lengths[:stop].sum())
    return Rows(columns, rows.lengths[start:stop], rows.packed[first:last])


def bytes_of_bits(dimension: int) -> int:
    return -(-dimension // 32) * 4


class FeatureWriter:
    """Appends feature vectors to a file, as they come; how many there will be need not be known.

    Parameters
    ----------
    file : binary file
        Open for writing; nothing else may write to it before `finish`.
    dimension : int
        Length of a feature vector.
    """

    def __init__(self, file: BinaryIO, dimension: int) -> None:
        self._file = file
        self._dimension = dimension
        self._merging = merging(dimension)
        self._new: list[NDArray[np.float32]] = []
        self._new_count = 0
        self._waiting: list[Rows] = []
        self._count = 0
        self._chunks: list[dict[str, int]] = []

    def add(self, block: NDArray[np.float32]) -> None:
        """Append feature vectors: one, or several as rows of shape (n, dimension)."""
        # Encoding row by row would take ten times as long.
        self._new.append(np.array(block, np.float32).reshape(-1, self._dimension))
        self._new_count += len(self._new[-1])
        if self._new_count >= ENCODED_AT_ONCE:
            self._encode_new()

    def add_stored(self, rows: Rows) -> None:
        """Append rows that come from `Features.stored`, which is much quicker than decoding and encoding them."""
        self._encode_new()
        self._keep(rows)

    def _encode_new(self) -> None:
        blocks, self._new, self._new_count = self._new, [], 0
        rows = np.concatenate(blocks) if blocks else np.empty((0, self._dimension), np.float32)
        for start in range(0, len(rows), ENCODED_AT_ONCE):
            self._keep(_encode(rows[start : start + ENCODED_AT_ONCE], self._merging))

    def _keep(self, rows: Rows) -> None:
        start = 0
        while start < len(rows):
            stop = min(start + CHUNK_ROWS - self._count, len(rows))
            self._waiting.append(_cut(rows, start, stop))
            self._count += stop - start
            start = stop
            if self._count == CHUNK_ROWS:
                self._write_chunk()

    def finish(self) -> dict[str, Any]:
        """Write what is still waiting.

        Returns
        -------
        dict
            The table of contents, made of what JSON knows: dimension, merging, chunks (start and size in bytes, rows,
            CRC-32).
        """
        self._encode_new()
        if self._count:
            self._write_chunk()
        return {"dimension": self._dimension, "merging": self._merging.key, "chunks": self._chunks}

    def _write_chunk(self) -> None:
        waiting, self._waiting = self._waiting, []
        lengths = np.concatenate([rows.lengths for rows in waiting])
        parts: list[NDArray[Any]] = [
            np.concatenate([rows.columns.coarse for rows in waiting], axis=1).astype(HALF),
            np.concatenate([rows.columns.half_sums for rows in waiting]).astype(FLOAT),
            np.concatenate([rows.columns.fine for rows in waiting]).astype(HALF),
            np.concatenate([[0], np.cumsum(lengths)]).astype(END),
        ]
        self._file.write(bytes(-self._file.tell() % ALIGNMENT))
        start, crc = self._file.tell(), 0
        for part in parts:
            for data in (part.tobytes(), bytes(-part.nbytes % ALIGNMENT)):
                crc = self._append(data, crc)
        for rows in waiting:
            crc = self._append(rows.packed, crc)
        size = self._file.tell() - start
        self._chunks.append({"start": start, "size": size, "rows": self._count, "crc": crc})
        self._count = 0

    def _append(self, data: bytes | memoryview, crc: int) -> int:
        self._file.write(data)
        return zlib.crc32(data, crc)
