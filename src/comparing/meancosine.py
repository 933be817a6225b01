"""Step 3, compare: the mean of the cosine distances of several networks, each with its block of a vector.

Each network says as much as any other, whatever the lengths of their blocks.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .wholenumbers import Doubles, Form, Moments, one_minus_cosine


def _mean(a: Moments, b: Moments, products: Doubles) -> Doubles:
    return np.asarray(one_minus_cosine(a.squares, b.squares, products).mean(axis=-1))


# So many numbers has each EfficientNet-Lite up to Lite2 before its classifier: Tan and Le, EfficientNet, 2019, table 1.
MEAN_COSINE = Form(1280, _mean)


def mean_cosine(a: NDArray[Any], b: NDArray[Any]) -> NDArray[np.float64]:
    """Return the mean of the blocks' cosine distances over the last axis, in double precision.

    Parameters
    ----------
    a, b : ndarray, shapes that broadcast, last axis the features: some blocks of 1280
        Feature vectors of whole numbers from 0 to 255.

    Returns
    -------
    ndarray of float64, the broadcast shape without its last axis
        From 0 for vectors whose blocks have the same directions, as equal ones have, to 1 for vectors without a number
        above 0 in common.
    """
    return MEAN_COSINE.between(a, b)


def mean_cosine_parts(a: NDArray[Any], b: NDArray[Any], count: int) -> NDArray[np.float64]:
    """Split the distance of two vectors, shape (dimension,), into what each of `count` networks carries of it."""
    blocks = len(a) // MEAN_COSINE.block
    own = [mean_cosine(*pair) / blocks for pair in zip(np.split(a, blocks), np.split(b, blocks), strict=True)]
    return np.asarray(np.reshape(own, (count, -1)).sum(axis=-1))


def parts_unlike(a: NDArray[Any], b: NDArray[Any], count: int) -> NDArray[np.float64]:
    """Return what `mean_cosine_parts` would be if no block of the two vectors had anything in common."""
    return np.full(count, 1 / count)


def nothing_in_common(query: NDArray[Any]) -> float:
    """Return the distance to a vector that has nothing in common with this one, which no two vectors exceed."""
    return 1.0
