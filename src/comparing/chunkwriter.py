"""Step 3, compare: writes rows of feature vectors into a file, in the chunks that `chunks` reads."""

import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO, Generic

import numpy as np
from numpy.typing import NDArray

from .chunks import ALIGNMENT, CHUNK_ROWS, AnyBlock, Buffer

ENCODED_AT_ONCE = 512  # rows; few enough that the steps of encoding find them in the CPU's cache


class RowWriter(ABC, Generic[AnyBlock]):
    """Appends feature vectors to a file, as they come; how many there will be need not be known."""

    @abstractmethod
    def add(self, block: NDArray[np.float32]) -> None:
        """Append feature vectors: one, or several as rows of shape (n, dimension)."""

    @abstractmethod
    def add_stored(self, block: AnyBlock) -> None:
        """Append rows that come from `Rows.stored`, much quicker than decoding and encoding them."""

    @abstractmethod
    def finish(self) -> dict[str, Any]:
        """Write what is still waiting, and return the table of contents.

        It is made of what JSON knows: dimension, chunks (start and size in bytes, rows, CRC-32), and what the kind of
        rows adds.
        """


class ChunkWriter(RowWriter[AnyBlock]):
    """Writes rows of one kind.

    Before `finish`, only other writers of rows may write to the file: each writes whole chunks. The name of the
    descriptor that makes the vectors is given because some kinds of rows suit one better than others.
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
    def _parts(self, blocks: Sequence[AnyBlock]) -> Iterable[Sequence[Buffer]]:
        """Return what a chunk of these blocks is made of: for each aligned part, the pieces that follow each other."""

    @abstractmethod
    def _about(self) -> dict[str, Any]:
        """Return what the table of contents says beside dimension and chunks."""

    def add(self, block: NDArray[np.float32]) -> None:
        # Encoding row by row would take ten times as long.
        self._new.append(np.array(block, np.float32).reshape(-1, self._dimension))
        self._new_count += len(self._new[-1])
        if self._new_count >= ENCODED_AT_ONCE:
            self._encode_new()

    def add_stored(self, block: AnyBlock) -> None:
        self._encode_new()
        self._keep(block)

    def _encode_new(self) -> None:
        rows = np.concatenate([np.empty((0, self._dimension), np.float32), *self._new])
        self._new, self._new_count = [], 0
        for start in range(0, len(rows), ENCODED_AT_ONCE):
            self._keep(self._encode(rows[start : start + ENCODED_AT_ONCE]))

    def _keep(self, block: AnyBlock) -> None:
        start = 0
        while start < len(block):
            some = block.cut(start, start + CHUNK_ROWS - self._count)
            self._waiting.append(some)
            self._count += len(some)
            start += len(some)
            if self._count == CHUNK_ROWS:
                self._write_chunk()

    def finish(self) -> dict[str, Any]:
        self._encode_new()
        if self._count:
            self._write_chunk()
        return {"dimension": self._dimension, **self._about(), "chunks": self._chunks}

    def _write_chunk(self) -> None:
        self._file.write(bytes(-self._file.tell() % ALIGNMENT))
        start, crc = self._file.tell(), 0
        for pieces in self._parts(self._waiting):
            for piece in (bytes(-self._file.tell() % ALIGNMENT), *pieces):
                self._file.write(piece)
                crc = zlib.crc32(piece, crc)
        size = self._file.tell() - start
        self._chunks.append({"start": start, "size": size, "rows": self._count, "crc": crc})
        self._waiting, self._count = [], 0
