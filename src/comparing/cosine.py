"""Step 3, compare: the cosine distance of two feature vectors of any sign, and how far apart they can be.

Only the direction of a vector counts, as with what neural networks say of a picture.
"""

import numpy as np
from numpy.typing import NDArray

# Keeps a vector of zeros, which has no direction, from dividing zero by zero; far below any length of a float32 vector.
SMALLEST_LENGTH = 1e-300


def directions(vectors: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return vectors, last axis the features, scaled to length 1 in double precision; zeros stay zeros."""
    vectors = np.asarray(vectors, np.float64)
    lengths = np.sqrt((vectors * vectors).sum(axis=-1, keepdims=True))
    return np.asarray(vectors / np.maximum(lengths, SMALLEST_LENGTH))


def cosine(a: NDArray[np.floating], b: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return 1 - cos(a, b) over the last axis, as half the squared distance of the directions, in double precision.

    In this form it is exactly 0 for equal vectors, and small distances have all their digits. It is 0 for vectors of
    one direction, 1 for a right angle, 2 for opposite directions; 0.5 if one of the vectors is zeros.

    Parameters
    ----------
    a, b : ndarray, shapes that broadcast, last axis the features
        Feature vectors of any sign.
    """
    return np.asarray(0.5 * ((directions(a) - directions(b)) ** 2).sum(axis=-1))


def cosine_parts(a: NDArray[np.floating], b: NDArray[np.floating], count: int) -> NDArray[np.float64]:
    """Split the distance of two vectors, shape (dimension,), into what each of `count` equal parts carries of it."""
    difference = (directions(a) - directions(b)).reshape(count, -1)
    return np.asarray(0.5 * (difference**2).sum(axis=-1))


def parts_opposite(a: NDArray[np.floating], b: NDArray[np.floating], count: int) -> NDArray[np.float64]:
    """Return what `cosine_parts` would be if all parts of the two vectors had opposite directions."""
    lengths = [np.sqrt((directions(one).reshape(count, -1) ** 2).sum(axis=-1)) for one in (a, b)]
    return np.asarray(0.5 * (lengths[0] + lengths[1]) ** 2)


def opposite(query: NDArray[np.floating]) -> float:
    """Return the distance of opposite directions, which no two vectors exceed."""
    return 2.0
