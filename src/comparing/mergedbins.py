"""Step 3, compare: which bins are merged into fewer, to bound distances with (see `lowerbounds`).

Any merging makes true bounds; these lose little. They were found by merging, again and again, the two bins whose union
costs pairs of similar photos the least distance: benchmarks/merging.py makes the tables. 24 of these bins rule out
nearly as many rows as 48 that are made of whole hues and saturations.
"""

import zlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .mergetables import HSV_BINS, TABLES

OTHER_FINE, OTHER_COARSE = 192, 24  # merged bins of any other descriptor: each is of bins that are neighbours
LARGEST_SUM = 1e18  # its square still is a float32


class Merging:
    """How the bins of a descriptor's vectors are merged; without a table for it, with their neighbours.

    There are `dimension` bins, `fine` and `coarse` merged ones. `key` tells one merging from another.
    """

    def __init__(self, dimension: int, descriptor: str = "") -> None:
        tables = TABLES.get(descriptor)
        fine, coarse = tables.of_bins() if tables else _neighbours(dimension)
        if len(fine) != dimension:
            raise ValueError(f"{descriptor} has {len(fine)} bins, not {dimension}")
        self.dimension = dimension
        self._order = np.argsort(fine, kind="stable")
        self._starts = np.flatnonzero(np.diff(fine[self._order], prepend=-1))
        self._coarse_order = np.argsort(coarse, kind="stable")
        self._coarse_starts = np.flatnonzero(np.diff(coarse[self._coarse_order], prepend=-1))
        self.fine, self.coarse = len(self._starts), len(self._coarse_starts)
        self.key = zlib.crc32(np.concatenate([fine, coarse]).astype("<i8").tobytes())

    def merge(self, rows: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Return half the sums of rows, shape (n,), their coarse bins, (n, coarse), and their fine bins, (n, fine).

        No bound holds for a row of a sum above `LARGEST_SUM`, or of anything but numbers from 0 up: minus infinity
        stands for half its sum.
        """
        fine = np.add.reduceat(rows[:, self._order], self._starts, axis=1, dtype=np.float64)
        coarse = np.add.reduceat(rows[:, self._coarse_order], self._coarse_starts, axis=1, dtype=np.float64)
        sums = coarse.sum(axis=1)
        unusual = ~((sums <= LARGEST_SUM) & (rows.min(axis=1) >= 0))
        coarse[unusual], fine[unusual] = 0, 0
        return np.where(unusual, -np.inf, 0.5 * sums), coarse, fine


def _neighbours(dimension: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    place = np.arange(dimension)
    return place * OTHER_FINE // max(dimension, OTHER_FINE), place * OTHER_COARSE // max(dimension, OTHER_COARSE)


merging = lru_cache(maxsize=8)(Merging)


def merging_of(dimension: int, key: int) -> Merging:
    """Return the merging that has this key; ValueError if there is none."""
    for descriptor in ("", *TABLES) if dimension == HSV_BINS else ("",):
        if merging(dimension, descriptor).key == key:
            return merging(dimension, descriptor)
    raise ValueError("the feature vectors were merged by another table")
