"""Step 3, compare: rows of three vectors each: what networks say of a picture, its colours, and its thumbnail.

Each part has rows of its own kind, side by side in one file, with bounds of their own. Which rows are near is decided
by all three, and by the other rows: see `src.searching`.
"""

import mmap
from collections.abc import Sequence
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .byterows import ByteBlock, ByteComparison, ByteRows, ByteWriter
from .chunks import Rows
from .chunkwriter import RowWriter
from .correlation import CORRELATION, PLACES
from .legalnumbers import BYTES, FROM_0, Legal
from .meancosine import MEAN_COSINE
from .mergetables import HSV, HSV_BINS
from .sparserows import SparseBlock, SparseRows
from .sparsewriter import SparseWriter

DEEP, COLOUR, THUMBNAIL = slice(0, -HSV_BINS - PLACES), slice(-HSV_BINS - PLACES, -PLACES), slice(-PLACES, None)
"""Where the parts lie in a vector, whatever the number of networks."""
PARTS = (DEEP, COLOUR, THUMBNAIL)

LEGAL: Legal = ((DEEP, BYTES), (COLOUR, FROM_0), (THUMBNAIL, BYTES))


def _lengths(dimension: int) -> list[int]:
    return [len(range(*part.indices(dimension))) for part in PARTS]


class FusedBlock(NamedTuple):
    """Rows as they are stored, part by part."""

    deep: ByteBlock
    colour: SparseBlock
    thumbnail: ByteBlock

    # A tuple of three has length 3, whatever it holds; this one is as long as it has rows.
    def __len__(self) -> int:
        return len(self.deep)

    def cut(self, start: int, stop: int) -> "FusedBlock":
        """Return the rows start..stop, or those of them that there are."""
        deep, colour, thumbnail = self.deep, self.colour, self.thumbnail
        return FusedBlock(deep.cut(start, stop), colour.cut(start, stop), thumbnail.cut(start, stop))


class FusedWriter(RowWriter[FusedBlock]):
    """Writes rows of three parts; see `RowWriter`."""

    def __init__(self, file: BinaryIO, dimension: int, descriptor: str = "") -> None:
        self._dimension = dimension
        deep, colour, thumbnail = _lengths(dimension)
        self._deep = ByteWriter(MEAN_COSINE, file, deep)
        self._colour = SparseWriter(file, colour, HSV)
        self._thumbnail = ByteWriter(CORRELATION, file, thumbnail)

    def add(self, block: NDArray[np.float32]) -> None:
        rows = np.asarray(block, np.float32).reshape(-1, self._dimension)
        self._deep.add(rows[:, DEEP])
        self._colour.add(rows[:, COLOUR])
        self._thumbnail.add(rows[:, THUMBNAIL])

    def add_stored(self, block: FusedBlock) -> None:
        self._deep.add_stored(block.deep)
        self._colour.add_stored(block.colour)
        self._thumbnail.add_stored(block.thumbnail)

    def finish(self) -> dict[str, Any]:
        parts = [writer.finish() for writer in (self._deep, self._colour, self._thumbnail)]
        chunks = [chunk for part in parts for chunk in part["chunks"]]
        return {"dimension": self._dimension, "chunks": chunks, "parts": parts}


class FusedRows(Rows[FusedBlock]):
    """Rows of three parts; see `Rows`. Compared, they are what their deep parts are.

    Attributes
    ----------
    deep, thumbnail : ByteRows
    colour : SparseRows
    components : tuple of Rows
        These: deep, colour, thumbnail.
    """

    bytes_held = ByteRows.bytes_held

    def __init__(self, memory: mmap.mmap | memoryview, contents: dict[str, Any]) -> None:
        deep, colour, thumbnail = contents["parts"]
        self.dimension, self.contents = contents["dimension"], contents
        # Before the parts believe it: what they make for a vector costs memory.
        if [part["dimension"] for part in (deep, colour, thumbnail)] != _lengths(self.dimension):
            raise ValueError("parts of other lengths than this version writes")
        self.deep = ByteRows(MEAN_COSINE, memory, deep)
        self.colour = SparseRows(memory, colour)
        self.thumbnail = ByteRows(CORRELATION, memory, thumbnail)
        self.components: tuple[ByteRows, SparseRows, ByteRows] = (self.deep, self.colour, self.thumbnail)
        if any(part.starts != self.deep.starts for part in self.components):
            raise ValueError("parts of different numbers of rows")
        if [chunk for part in self.components for chunk in part.contents["chunks"]] != contents["chunks"]:
            raise ValueError("other chunks than those of the parts")
        self.starts = self.deep.starts
        self.chunks = [FusedBlock(*chunks) for chunks in zip(*(part.chunks for part in self.components), strict=True)]

    def is_whole(self) -> bool:
        return all(part.is_whole() for part in self.components)

    def take(self, numbers: Sequence[int]) -> NDArray[np.float32]:
        return np.concatenate([part.take(numbers) for part in self.components], axis=1)

    def compare(self, query: NDArray[np.float32]) -> ByteComparison:
        return self.deep.compare(query[DEEP])

    def bound_many(self, comparisons: Sequence[ByteComparison], chunks: range, bounds: NDArray[np.float32]) -> None:
        self.deep.bound_many(comparisons, chunks, bounds)
