"""Step 3, compare: rows of local features in a file, and a query against all of them.

A chunk (see `chunks`) has the parts

    sizes    uint32 (n,)              the size of each picture
    ends     uint32 (n + 1,)          where the features of each row begin, and where the last ones end
    places   uint32 (features,)       where each feature is, its size and direction
    codes    uint8  (features, 16)    what is around it

The features of a query vote for the rows that have features alike. The few rows with the most votes are the candidates,
which alone are verified. So their bounds are no true lower bounds: a picture without votes is never found.
"""

import mmap
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..localfeatures import CODE_BYTES, from_vector
from . import listedcodes
from .chunks import Buffer, ChunkedRows, Comparison
from .chunkwriter import ChunkWriter
from .objectblock import NUMBER, ObjectBlock, block_of
from .sameobject import same_object
from .voting import candidates

LAYOUT = "objects"


class ObjectWriter(ChunkWriter[ObjectBlock]):
    """Writes rows of local features; see `ChunkWriter`. The descriptor does not matter."""

    def _about(self) -> dict[str, Any]:
        return {"layout": LAYOUT, "features": self._features}

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._features: list[int] = []

    def _encode(self, rows: NDArray[np.float32]) -> ObjectBlock:
        return block_of(rows)

    def _parts(self, blocks: Sequence[ObjectBlock]) -> Iterator[Sequence[Buffer]]:
        self._features.append(sum(len(block.places) for block in blocks))
        yield [block.sizes.tobytes() for block in blocks]
        lengths = [np.diff(block.ends) for block in blocks]
        yield [np.cumsum(np.concatenate([[0], *lengths])).astype(NUMBER).tobytes()]
        yield [block.places.tobytes() for block in blocks]
        yield [block.codes.tobytes() for block in blocks]


class ObjectRows(ChunkedRows[ObjectBlock]):
    """Rows of local features; see `ChunkedRows`."""

    def __init__(self, memory: mmap.mmap | memoryview, contents: dict[str, Any]) -> None:
        if contents["layout"] != LAYOUT:
            raise ValueError("rows of another layout")
        counts = contents["features"]
        if len(counts) != len(contents["chunks"]) or not all(isinstance(one, int) and one >= 0 for one in counts):
            raise ValueError("rows of no possible number of features")
        self._counts = iter(counts)
        self.gain_by_lists = sum(counts) >= listedcodes.FEWEST_FEATURES
        self._gain_much = sum(counts) >= listedcodes.MANY * listedcodes.FEWEST_FEATURES
        self._listing = Lock()
        super().__init__(memory, contents)

    def _map(self, place: dict[str, int]) -> ObjectBlock:
        rows, features = place["rows"], next(self._counts)
        arrays, _ = self._map_arrays(
            place, ((rows,), NUMBER), ((rows + 1,), NUMBER), ((features,), NUMBER),
            ((features, CODE_BYTES), np.dtype("u1")),
        )  # fmt: skip
        return ObjectBlock(*arrays)

    def _is_sound(self, chunk: ObjectBlock) -> bool:
        ends = chunk.ends.astype(np.int64)
        counts = np.diff(ends)
        fits = ends.item(0) == 0 and ends.item(-1) == len(chunk.places)
        return fits and bool((counts >= 0).all()) and int(counts.max(initial=0)) <= (self.dimension - 1) // 6

    def take(self, numbers: Sequence[int]) -> NDArray[np.float32]:
        rows = [chunk.vector(row, self.dimension) for chunk, row in map(self._find, numbers)]
        return np.stack(rows) if rows else np.empty((0, self.dimension), np.float32)

    def listed(self) -> bytes | None:
        return None if listedcodes.load_faiss() is None else listedcodes.listed(self.codes).to_bytes()

    @property
    def how_to_search_quicker(self) -> str:
        if not self._gain_much or self.lists is not None:
            return ""
        if listedcodes.load_faiss() is not None:
            return "run index.py again"
        if listedcodes.is_installed():
            return 'mend faiss, which python -c "import faiss" cannot load, then run index.py again'
        return "pip install -r requirements-objects.txt, then run index.py again"

    @property
    def codes(self) -> list[NDArray[np.uint8]]:
        """The codes of all features, by chunk."""
        return [chunk.codes for chunk in self.chunks]

    @property
    def lists(self) -> listedcodes.ListedCodes | None:
        """The same in lists, if these are kept; made when they are first asked for."""
        with self._listing:  # by several threads
            return self._lists

    @cached_property
    def _lists(self) -> listedcodes.ListedCodes | None:
        if not self.gain_by_lists or (kept := self.read_lists()) is None or listedcodes.load_faiss() is None:
            return None
        # Whatever is wrong with them, searching is but slower without.
        with suppress(ValueError):
            codes = self.codes
            return listedcodes.ListedCodes(codes, listedcodes.Lists.from_bytes(kept, sum(map(len, codes))))
        return None

    def compare(self, query: NDArray[np.float32]) -> "ObjectComparison":
        return ObjectComparison(self, query)


class ObjectComparison(Comparison):
    """One query against rows of local features; see `Comparison`."""

    def __init__(self, rows: ObjectRows, query: NDArray[np.float32]) -> None:
        self._rows, self._query = rows, query
        self._candidates = candidates(rows.chunks, rows.starts, from_vector(query), rows.lists)

    def bound(self, chunks: range, bounds: NDArray[np.float32]) -> None:
        starts = self._rows.starts
        start, stop = starts[chunks.start], starts[chunks.stop]
        bounds[start:stop] = np.inf
        bounds[self._candidates[(start <= self._candidates) & (self._candidates < stop)]] = 0

    def bound_closer(self, chunk: int, rows: NDArray[np.intp], bounds: NDArray[np.float32]) -> None:
        """Leave the bounds as they are."""

    def distances(self, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        return same_object(self._rows.take(rows.tolist()), self._query)
