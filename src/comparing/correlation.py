"""Step 3, compare: how far two thumbnails are from being the same photo: 1 minus their correlation.

The mean of a thumbnail, over all places and channels, is taken off, and its contrast does not count. So a photo is
near its copy at another size, of another quality, or a little lighter.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .wholenumbers import one_minus_cosine

PLACES = 12 * 16 * 3  # rows, columns and channels of a thumbnail

# A thumbnail whose numbers have a smaller standard deviation shows next to nothing: what varies in it is noise and the
# rounding to whole numbers, and two plain pictures would correlate by chance. It has no direction.
LEAST_CONTRAST = 2.0


def centred_squares(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return n times the summed squares of vectors, last axis their n numbers, about their mean; 0 for plain ones."""
    count = vectors.shape[-1]
    squares = count * (vectors * vectors).sum(axis=-1) - vectors.sum(axis=-1) ** 2
    return np.where(squares < (count * LEAST_CONTRAST) ** 2, 0.0, squares)


def correlation_distance(a: NDArray[Any], b: NDArray[Any]) -> NDArray[np.float64]:
    """Return 1 - correlation over the last axis, in double precision.

    Parameters
    ----------
    a, b : ndarray, shapes that broadcast, last axis the features
        Thumbnails: whole numbers from 0 to 255.

    Returns
    -------
    ndarray of float64, the broadcast shape without its last axis
        0 for equal vectors, 1 for those that have nothing to do with each other, 2 for negatives. A plain picture, of
        a standard deviation below 2, is at distance 1 from all others but equal ones.
    """
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    product = a.shape[-1] * (a * b).sum(axis=-1) - a.sum(axis=-1) * b.sum(axis=-1)
    own, other = centred_squares(a), centred_squares(b)
    are_equal = (a == b).all(axis=-1)
    distances = one_minus_cosine(own, other, np.asarray(product))
    return np.asarray(np.where((own > 0) & (other > 0), distances, ~are_equal), np.float64)
