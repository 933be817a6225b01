"""Step 4, search: the rows of an index whose files are open in this process."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from itertools import accumulate

import numpy as np

from ..indexfile import Cache
from .neighbours import Floats, Neighbours, nearest_of_parts, ranked_of_parts
from .parts import Ask, Parts, Pictures, RowNumbers, Rows
from .shortlist import Found


class LocalParts(Parts):
    """The rows of an index that is open in this process.

    Parameters
    ----------
    index : Cache
    threads : int, optional
        How many a search may take; by default, all usable cores.
    """

    def __init__(self, index: Cache, threads: int | None = None) -> None:
        self.path, self.info = index.path, index.info
        self._index = index
        self._files = index.parts
        self._starts = [*accumulate((len(rows) for rows in self._files), initial=0)]
        self._neighbours: dict[int | None, list[Neighbours]] = {
            None: [Neighbours(rows, threads) for rows in self._files]
        }
        for component in range(len(self._files[0].components)):
            self._neighbours[component] = [Neighbours(rows.components[component], threads) for rows in self._files]

    @property
    def ids(self) -> Sequence[str]:
        return self._index.ids

    def reading(self) -> AbstractContextManager[None]:
        return self._index.reading()

    def is_written_over(self) -> bool:
        return self._index.is_written_over()

    def how_to_search_quicker(self) -> str:
        return next(filter(None, (rows.how_to_search_quicker for rows in self._files)), "")

    def nearest(self, *asks: Ask) -> list[list[Found]]:
        return [
            nearest_of_parts(self._neighbours[component], [*queries], limit, max_distance)
            for queries, limit, max_distance, component in asks
        ]

    def nearest_pictures(self, ask: Ask, *, vectors: bool) -> tuple[list[Found], Pictures]:
        return self.nearest(ask)[0], self

    def ranked(self, ask: Ask) -> list[RowNumbers]:
        return ranked_of_parts(self._neighbours[ask.component], [*ask.queries], ask.limit)

    def at_hand(self, rows: Rows, *, vectors: bool = True) -> Pictures:
        return self

    def names(self, rows: Rows) -> list[str]:
        return [self.ids[row] for row in rows]

    def take(self, rows: Rows, component: int | None = None) -> Floats:
        files = self._files if component is None else [file.components[component] for file in self._files]
        rows, taken = np.asarray(rows, np.intp), np.empty((len(rows), files[0].dimension), np.float32)
        for file, start, end in zip(files, self._starts, self._starts[1:], strict=False):
            inside = (start <= rows) & (rows < end)
            if inside.any():
                taken[inside] = file.take((rows[inside] - start).tolist())
        return taken

    def find(self, image_id: str) -> int | None:
        return self._index.ids.find(image_id)
