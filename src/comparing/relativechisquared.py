"""Step 3, compare: the chi-squared distance of two histograms as a share of the furthest that they could be apart.

Chi-squared grows with the sums of its vectors, so a picture of few colours is near to everything. Divided by half the
sum of both, which is what nothing in common would be, it is 0 for equal vectors and 1 for nothing in common.
"""

import numpy as np
from numpy.typing import NDArray

from .chisquared import chi_squared, chi_squared_parts

# Keeps two vectors of zeros from dividing zero by zero; far below the sum of any float32 that is not 0.
SMALLEST_SUM = 1e-60


def half_sum(vectors: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return half the sum of vectors, last axis the features, in double precision."""
    return np.asarray(0.5 * np.sum(vectors, axis=-1, dtype=np.float64))


def relative_chi_squared(a: NDArray[np.floating], b: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return `chi_squared` / (0.5 * (sum(a) + sum(b))) over the last axis, in double precision.

    Parameters
    ----------
    a, b : ndarray, shapes that broadcast, last axis the features
        Non-negative feature vectors.

    Returns
    -------
    ndarray of float64, the broadcast shape without its last axis
        0 for equal vectors, two of zeros among them; 1 for vectors without a bin in common.
    """
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    return np.asarray(np.minimum(chi_squared(a, b) / _furthest(a, b), 1))


def relative_parts(a: NDArray[np.floating], b: NDArray[np.floating], count: int) -> NDArray[np.float64]:
    """Split the distance of two vectors, shape (dimension,), into what each of `count` equal parts carries of it."""
    return np.asarray(chi_squared_parts(a, b, count) / _furthest(a, b))


def relative_parts_apart(a: NDArray[np.floating], b: NDArray[np.floating], count: int) -> NDArray[np.float64]:
    """Return what `relative_parts` would be if no part of the two vectors had a bin in common."""
    return np.asarray((half_sum(a.reshape(count, -1)) + half_sum(b.reshape(count, -1))) / _furthest(a, b))


def everything_apart(query: NDArray[np.floating]) -> float:
    """Return the distance of two vectors without a bin in common, which no two exceed."""
    return 1.0


def _furthest(a: NDArray[np.floating], b: NDArray[np.floating]) -> NDArray[np.float64]:
    return np.maximum(half_sum(a) + half_sum(b), SMALLEST_SUM)
