"""Step 4, search: rows compared with a query in full, of which the nearest are kept."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..distance import Comparison

MOST_ROWS = 256  # compared at once: of 1440 float64, they are 3 MB

Found = tuple[NDArray[np.intp], NDArray[np.float64]]
"""Row numbers, nearest first, rows at the same distance in the order of the index; and their distances."""


class FusedFound(NamedTuple):
    """What was found for a query where nearness depends on the other rows, too."""

    found: Found
    colour_weight: float
    """How much colours counted, 0 or more; the networks count 1."""
    same_things: frozenset[int] = frozenset()
    """Of these rows, those that are known to show the very same thing."""


class Shortlist:
    """The rows compared in full so far that may be among the `limit` nearest and are not beyond `max_distance`."""

    def __init__(self, comparison: Comparison, limit: int, max_distance: float) -> None:
        self._comparison = comparison
        self._limit = limit
        self._max_distance = max_distance
        self._rows = np.empty(0, np.intp)
        self._distances = np.empty(0)
        self._reach = max_distance

    @property
    def reach(self) -> np.float32:
        """No row whose lower bound exceeds this is among the nearest; shrinks as rows are compared."""
        # Rounding is monotone: a float32 bound that is at most the reach stays so.
        return np.float32(min(self._reach, 1e30))

    @property
    def missing(self) -> int:
        """How many rows are needed before there is a k-th distance."""
        return max(self._limit - len(self._rows), 0)

    def add(self, rows: NDArray[np.intp]) -> None:
        """Compare rows, none of them twice."""
        self._rows = np.concatenate([self._rows, rows])
        self._distances = np.concatenate([self._distances, *map(self._comparison.approximate, blocks_of(rows))])
        if len(self._rows) >= self._limit > 0:
            kth = float(np.partition(self._distances, self._limit - 1)[self._limit - 1])
            self._reach = self._comparison.widened(min(self._max_distance, kth))
            kept = self._distances <= self._reach
            self._rows, self._distances = self._rows[kept], self._distances[kept]

    def nearest(self) -> Found:
        """Return the nearest of the rows compared."""
        rows = np.sort(self._rows)
        distances = np.concatenate([np.empty(0), *map(self._comparison.distances, blocks_of(rows))])
        order = np.argsort(distances, kind="stable")[: self._limit]
        order = order[distances[order] <= self._max_distance]
        return rows[order], distances[order]


def blocks_of(rows: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Return rows in blocks of as many as are compared at once."""
    return [rows[start : start + MOST_ROWS] for start in range(0, len(rows), MOST_ROWS)]
