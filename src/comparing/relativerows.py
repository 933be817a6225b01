"""Step 3, compare: rows of histograms as `sparserows` reads them, compared by chi-squared relative to half the sums.

Half the sum of each row stands beside it, so a lower bound of chi-squared, divided by the half sums, is one of this
distance. They are divided by slightly more, for the roundings: half a sum was lowered by `lowerbounds.ROUNDING` when it
was stored, and float32 rounds it, the query's, their sum and the division by 2^-24 each.
"""

import numpy as np
from numpy.typing import NDArray

from .chisquared import EPSILON
from .lowerbounds import ROUNDING
from .relativechisquared import SMALLEST_SUM, half_sum, relative_chi_squared
from .sparserows import SLACK, SparseComparison, SparseRows, row_sums

WIDER = np.float32(1 + 2 * ROUNDING)

# In place of half a sum of minus infinity, which is that of a row whose bound is minus infinity, or of 0: for two
# vectors of zeros the bound of chi-squared is below 0 by the allowances.
SMALLEST_HALF = np.float32(1e-30)


class RelativeRows(SparseRows):
    """Rows of histograms; see `SparseRows`. The writer is the same, so are the bytes."""

    def compare(self, query: NDArray[np.float32]) -> "RelativeComparison":
        return RelativeComparison(self, query)


class RelativeComparison(SparseComparison):
    """One query vector against rows of histograms; see `SparseComparison`."""

    def __init__(self, rows: RelativeRows, query: NDArray[np.float32]) -> None:
        super().__init__(rows, query)
        self._half_sum = float(half_sum(query))

    def finish(self, bounds: NDArray[np.float32], half_sums: NDArray[np.float32]) -> None:
        furthest = np.maximum(half_sums, SMALLEST_HALF)
        furthest += np.float32(self._half_sum)
        furthest *= WIDER
        np.divide(bounds, furthest, out=bounds)

    def approximate(self, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        places, filled, lengths = self._rows.unpack(rows.tolist())
        numbers = filled.astype(np.float64)
        furthest = 0.5 * row_sums(numbers, lengths)
        furthest += self._half_sum
        return self.chi_squared(places, numbers, lengths) / np.maximum(furthest, SMALLEST_SUM)

    def estimate(self, bins: NDArray[np.float64], half_sums: NDArray[np.float64]) -> NDArray[np.float64]:
        furthest = np.maximum(half_sums + self._half_sum, SMALLEST_SUM)
        return np.asarray(np.minimum(super().estimate(bins, half_sums) / furthest, 1))

    def estimate_errors(self, estimates: NDArray[np.float64]) -> NDArray[np.float64]:
        by_epsilon = 0.5 * EPSILON * self._rows.dimension / max(self._half_sum, SMALLEST_SUM)
        return np.full(len(estimates), by_epsilon + 4 * SLACK)

    def widened(self, distance: float) -> float:
        # The sum of magnitudes in `SLACK` is at most four times the half sums, and each of these is as exact.
        return distance + 2 * SLACK

    def distances(self, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        return relative_chi_squared(self._rows.take(rows.tolist()), self._query)
