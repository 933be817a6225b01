"""Step 3, compare: the mean of the cosine distances of several networks, each with its block of a vector.

Each network says as much as any other, whatever the lengths of their blocks.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .wholenumbers import one_minus_cosine

# So many numbers has each EfficientNet-Lite up to Lite2 before its classifier: Tan and Le, EfficientNet, 2019, table 1.
BLOCK = 1280


def squares(blocks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the squared lengths of blocks over the last axis."""
    return np.asarray((blocks * blocks).sum(axis=-1))


def block_distances(a: NDArray[Any], b: NDArray[Any]) -> NDArray[np.float64]:
    """Return the cosine distance of each block of two vectors, in double precision: last axis the blocks."""
    a, b = (one.reshape(*one.shape[:-1], -1, BLOCK).astype(np.float64) for one in (a, b))
    return one_minus_cosine(squares(a), squares(b), np.asarray((a * b).sum(axis=-1)))


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
    return np.asarray(block_distances(a, b).mean(axis=-1))


def mean_cosine_parts(a: NDArray[Any], b: NDArray[Any], count: int) -> NDArray[np.float64]:
    """Split the distance of two vectors, shape (dimension,), into what each of `count` networks carries of it."""
    distances = block_distances(a, b)
    return np.asarray(distances.reshape(count, -1).sum(axis=-1) / len(distances))


def parts_unlike(a: NDArray[Any], b: NDArray[Any], count: int) -> NDArray[np.float64]:
    """Return what `mean_cosine_parts` would be if no block of the two vectors had anything in common."""
    return np.full(count, 1 / count)


def nothing_in_common(query: NDArray[Any]) -> float:
    """Return the distance to a vector that has nothing in common with this one, which no two vectors exceed."""
    return 1.0
