"""Step 4, search: rows compared with a query in full, of which the nearest are kept."""

import numpy as np
from numpy.typing import NDArray

from ..distance import Comparison

# Rows compared at once: 256 rows of 1440 float64 are 3 MB.
MOST_ROWS = 256

Found = tuple[NDArray[np.intp], NDArray[np.float64]]
"""Row numbers, nearest first, rows at the same distance in the order of the index; and their distances."""


class Shortlist:
    """The rows compared in full so far that may be among the nearest.

    Parameters
    ----------
    comparison : Comparison
        Of all rows with the query.
    limit : int
        How many rows are wanted.
    furthest : float
        Rows further away are not wanted.

    Attributes
    ----------
    reach : float
        No row further away than this is among the nearest; shrinks as rows are compared.
    """

    def __init__(self, comparison: Comparison, limit: int, furthest: float) -> None:
        self._comparison = comparison
        self._limit = limit
        self._furthest = furthest
        self._rows = np.empty(0, np.intp)
        self._distances = np.empty(0)
        self.reach = furthest

    @property
    def missing(self) -> int:
        """How many rows are needed before there is a reach."""
        return max(self._limit - len(self._rows), 0)

    def add(self, rows: NDArray[np.intp]) -> None:
        """Compare rows, none of them twice."""
        for start in range(0, len(rows), MOST_ROWS):
            some = rows[start : start + MOST_ROWS]
            self._rows = np.concatenate([self._rows, some])
            self._distances = np.concatenate([self._distances, self._comparison.approximate(some)])
        if len(self._rows) >= self._limit > 0:
            kth = float(np.partition(self._distances, self._limit - 1)[self._limit - 1])
            self.reach = self._comparison.widened(min(self._furthest, kth))
            kept = self._distances <= self.reach
            self._rows, self._distances = self._rows[kept], self._distances[kept]

    def nearest(self) -> Found:
        """Return the nearest of the rows compared."""
        rows = np.sort(self._rows)
        blocks = range(0, len(rows), MOST_ROWS)
        exact = [self._comparison.distances(rows[start : start + MOST_ROWS]) for start in blocks]
        distances = np.concatenate([np.empty(0), *exact])
        order = np.argsort(distances, kind="stable")[: self._limit]
        order = order[distances[order] <= self._furthest]
        return rows[order], distances[order]
