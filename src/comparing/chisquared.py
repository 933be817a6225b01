"""Step 3, compare: the chi-squared distance of two histograms, and how far apart nothing shared is.

Chi-squared weighs a difference by how much there was to differ in. One pixel in a hundred counts more of a rare colour
than of a common one.
"""

import numpy as np
from numpy.typing import NDArray

# Keeps an empty pair of bins from dividing zero by zero; it is part of the definition and far below any real bin.
EPSILON = 1e-10


def chi_squared(a: NDArray[np.floating], b: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return 0.5 * sum((a - b)**2 / (a + b + 1e-10)) over the last axis, in double precision.

    Parameters
    ----------
    a, b : ndarray, shapes that broadcast, last axis the features
        Non-negative feature vectors.

    Returns
    -------
    ndarray of float64, the broadcast shape without its last axis
        0 for equal vectors, 0.5 * (sum(a) + sum(b)) for vectors without a bin in common.
    """
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    return np.asarray(0.5 * ((a - b) ** 2 / (a + b + EPSILON)).sum(axis=-1))


def chi_squared_parts(a: NDArray[np.floating], b: NDArray[np.floating], count: int) -> NDArray[np.float64]:
    """Split the distance of two vectors, shape (dimension,), into what each of `count` equal parts carries of it."""
    return chi_squared(a.reshape(count, -1), b.reshape(count, -1))


def parts_apart(a: NDArray[np.floating], b: NDArray[np.floating], count: int) -> NDArray[np.float64]:
    """Return what `chi_squared_parts` would be if no part of the two vectors had a bin in common."""
    return np.asarray(0.5 * (a + b).reshape(count, -1).sum(axis=-1, dtype=np.float64))


def nothing_shared(query: NDArray[np.floating]) -> float:
    """Return the distance to a vector of the same sum that shares no bin with this one, shape (dimension,)."""
    return float(np.sum(query, dtype=np.float64))
