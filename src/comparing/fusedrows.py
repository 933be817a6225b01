"""Step 3, compare: rows of several vectors each: what networks say of a picture, its colours, its thumbnail, and more.

Each part has rows of its own kind, side by side in one file, with bounds of their own. Which rows are near is decided
by all of them, and by the other rows: see `src.searching`.
"""

import mmap
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .byterows import ByteComparison, ByteRows, ByteWriter
from .chunks import Comparison, Rows
from .chunkwriter import RowWriter
from .correlation import CORRELATION, PLACES
from .legalnumbers import BYTES, FROM_0, Legal
from .meancosine import MEAN_COSINE
from .mergetables import HSV, HSV_BINS
from .objectblock import WORDS_OF_24_BITS
from .objectrows import ObjectRows, ObjectWriter
from .sparserows import SparseRows
from .sparsewriter import SparseWriter

DEEP, COLOUR, THUMBNAIL = slice(0, -HSV_BINS - PLACES), slice(-HSV_BINS - PLACES, -PLACES), slice(-PLACES, None)
"""Where the parts lie in a vector, whatever the number of networks."""

# With local features, of which a query has more, places are counted from the start. There are three networks.
_NETWORKS = 3 * MEAN_COSINE.block
BEFORE_OBJECTS = _NETWORKS + HSV_BINS + PLACES
WITH_OBJECTS = tuple(slice(*both) for both in pairwise([0, _NETWORKS, _NETWORKS + HSV_BINS, BEFORE_OBJECTS, None]))
"""Where the parts lie in a vector that has local features at its end."""

LEGAL: Legal = tuple(zip((DEEP, COLOUR, THUMBNAIL), (BYTES, FROM_0, BYTES), strict=True))
LEGAL_WITH_OBJECTS: Legal = tuple(zip(WITH_OBJECTS, (BYTES, FROM_0, BYTES, WORDS_OF_24_BITS), strict=True))


class Part(NamedTuple):
    """One of the vectors of a row."""

    place: slice
    open_rows: Callable[[mmap.mmap | memoryview, dict[str, Any]], Rows[Any]]
    new_writer: Callable[[BinaryIO, int], RowWriter[Any]]


def _parts(places: Sequence[slice]) -> tuple[Part, ...]:
    kinds: list[tuple[Any, Any]] = [
        (partial(ByteRows, MEAN_COSINE), partial(ByteWriter, MEAN_COSINE)),
        (SparseRows, partial(SparseWriter, descriptor=HSV)),
        (partial(ByteRows, CORRELATION), partial(ByteWriter, CORRELATION)),
        (ObjectRows, ObjectWriter),
    ]
    return tuple(Part(place, *kind) for place, kind in zip(places, kinds, strict=False))


LOOKS = _parts((DEEP, COLOUR, THUMBNAIL))
LOOKS_AND_OBJECTS = _parts(WITH_OBJECTS)


def _lengths(dimension: int, parts: Sequence[Part]) -> list[int]:
    return [len(range(*part.place.indices(dimension))) for part in parts]


class FusedBlock:
    """Rows as they are stored, part by part."""

    def __init__(self, parts: Sequence[Any]) -> None:
        self.parts = parts

    def __len__(self) -> int:
        return len(self.parts[0])

    def cut(self, start: int, stop: int) -> "FusedBlock":
        """Return the rows start..stop, or those of them that there are."""
        return FusedBlock([part.cut(start, stop) for part in self.parts])


class FusedWriter(RowWriter[FusedBlock]):
    """Writes rows of several parts; see `RowWriter`. The descriptor does not matter."""

    def __init__(self, file: BinaryIO, dimension: int, descriptor: str = "", parts: Sequence[Part] = LOOKS) -> None:
        self._dimension, self._parts = dimension, parts
        lengths = _lengths(dimension, parts)
        self._writers = [part.new_writer(file, length) for part, length in zip(parts, lengths, strict=True)]

    def add(self, block: NDArray[np.float32]) -> None:
        rows = np.asarray(block, np.float32).reshape(-1, self._dimension)
        for part, writer in zip(self._parts, self._writers, strict=True):
            writer.add(rows[:, part.place])

    def add_stored(self, block: FusedBlock) -> None:
        for writer, own in zip(self._writers, block.parts, strict=True):
            writer.add_stored(own)

    def finish(self) -> dict[str, Any]:
        parts = [writer.finish() for writer in self._writers]
        chunks = [chunk for part in parts for chunk in part["chunks"]]
        return {"dimension": self._dimension, "chunks": chunks, "parts": parts}


class FusedRows(Rows[FusedBlock]):
    """Rows of several parts; see `Rows`. Compared, they are what their deep parts are.

    Attributes
    ----------
    components : tuple of Rows
        Those of the deep parts, of the colours, of the thumbnails, and of the local features, if there are any.
    """

    bytes_held = ByteRows.bytes_held

    def __init__(self, memory: mmap.mmap | memoryview, contents: dict[str, Any], parts: Sequence[Part] = LOOKS) -> None:
        tables = contents["parts"]
        self.dimension, self.contents = contents["dimension"], contents
        self._deep_place = parts[0].place
        # Before the parts believe it: what they make for a vector costs memory.
        if [part["dimension"] for part in tables] != _lengths(self.dimension, parts):
            raise ValueError("parts of other lengths than this version writes")
        self.components = tuple(part.open_rows(memory, table) for part, table in zip(parts, tables, strict=True))
        self._deep = self.components[0]
        if any(part.starts != self._deep.starts for part in self.components):
            raise ValueError("parts of different numbers of rows")
        if [chunk for part in self.components for chunk in part.contents["chunks"]] != contents["chunks"]:
            raise ValueError("other chunks than those of the parts")
        # Of all parts, lists serve the local features alone.
        self._last = self.components[-1]
        self.gain_by_lists = self._last.gain_by_lists
        self.starts = self._deep.starts
        self.chunks = [FusedBlock(chunks) for chunks in zip(*(part.chunks for part in self.components), strict=True)]

    def is_whole(self) -> bool:
        return all(part.is_whole() for part in self.components)

    @property
    def read_lists(self) -> Callable[[], bytes | None]:
        return self._last.read_lists

    @read_lists.setter
    def read_lists(self, read: Callable[[], bytes | None]) -> None:
        self._last.read_lists = read

    def listed(self) -> bytes | None:
        return self._last.listed()

    @property
    def how_to_search_quicker(self) -> str:
        return self._last.how_to_search_quicker

    def take(self, numbers: Sequence[int]) -> NDArray[np.float32]:
        return np.concatenate([part.take(numbers) for part in self.components], axis=1)

    def compare(self, query: NDArray[np.float32]) -> Comparison:
        return self._deep.compare(query[self._deep_place])

    def bound_many(self, comparisons: Sequence[ByteComparison], chunks: range, bounds: NDArray[np.float32]) -> None:
        self._deep.bound_many(comparisons, chunks, bounds)
