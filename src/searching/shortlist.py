"""Step 4, search: rows compared with a query in full, of which the nearest are kept.

Comparing in full happens twice. The sum over the bins that a row fills, in double precision, is what `chi_squared`
gives but for the order of its additions, which moves it by less than `SLACK`. The rows that are among the nearest but
for that slack are at last compared by `chi_squared` itself, and that decides.
"""

import numpy as np
from numpy.typing import NDArray

from ..comparing.sparserows import Features
from ..distance import EPSILON, chi_squared

# Rows compared at once: 256 rows of 1440 float64 are 3 MB.
MOST_ROWS = 256

# A sum of n numbers in double precision, added in any order, is off by at most n * 2^-53 of the sum of their
# magnitudes: 1.6e-13 of it for 1440. That sum is at most 0.5 s_x + 2 s_q, with s the sum of a vector, and 0.5 s_x is at
# most the distance and 1.5 s_q. There are two such sums; the roundings of a term are few beside those of adding it.
SLACK = 1e-11

Found = tuple[NDArray[np.intp], NDArray[np.float64]]
"""Row numbers, nearest first, rows at the same distance in the order of the index; and their distances."""


class Shortlist:
    """The rows compared in full so far that may be among the nearest.

    Parameters
    ----------
    features : Features
        All rows.
    query : ndarray of float32, shape (dimension,)
        The vector to compare with.
    limit : int
        How many rows are wanted.
    furthest : float
        Rows further away are not wanted.

    Attributes
    ----------
    reach : float
        No row further away than this is among the nearest; shrinks as rows are compared.
    """

    def __init__(self, features: Features, query: NDArray[np.float32], limit: int, furthest: float) -> None:
        self._features = features
        self._query = query
        self._limit = limit
        self._furthest = furthest
        self._bins = query.astype(np.float64)
        self._alone = 0.5 * self._bins**2 / (self._bins + EPSILON)
        self._slack = SLACK * float(self._bins.sum())
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
            self._distances = np.concatenate([self._distances, self._quick_distances(some)])
        if len(self._rows) >= self._limit > 0:
            kth = float(np.partition(self._distances, self._limit - 1)[self._limit - 1])
            self.reach = min(self._furthest, kth) * (1 + 2 * SLACK) + 2 * self._slack
            kept = self._distances <= self.reach
            self._rows, self._distances = self._rows[kept], self._distances[kept]

    def _quick_distances(self, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        places, filled, lengths = self._features.unpack(rows.tolist())
        places -= np.repeat(np.arange(len(rows)) * self._features.dimension, lengths)
        numbers, bins = filled.astype(np.float64), self._bins.take(places)
        total = numbers + bins
        total += EPSILON
        numbers -= bins
        numbers *= numbers
        numbers *= 0.5
        numbers /= total
        numbers -= self._alone.take(places)
        distances = np.zeros(len(rows))
        some = lengths > 0  # reduceat has no empty sums
        starts = np.cumsum(lengths) - lengths
        distances[some] = np.add.reduceat(numbers, starts[some]) if len(numbers) else 0
        distances += self._alone.sum()
        return distances

    def nearest(self) -> Found:
        """Return the nearest of the rows compared."""
        rows = np.sort(self._rows)
        exact = [np.empty(0)]
        for start in range(0, len(rows), MOST_ROWS):
            some = self._features.take(rows[start : start + MOST_ROWS].tolist())
            exact.append(chi_squared(some, self._query))
        distances = np.concatenate(exact)
        order = np.argsort(distances, kind="stable")[: self._limit]
        order = order[distances[order] <= self._furthest]
        return rows[order], distances[order]
