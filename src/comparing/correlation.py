"""Step 3, compare: how far two thumbnails are from being the same photo: 1 minus their correlation.

The mean of a thumbnail, over all places and channels, is taken off, and its contrast does not count. So a photo is
near its copy at another size, of another quality, or a little lighter.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .wholenumbers import Doubles, Form, Moments, one_minus_cosine

PLACES = 12 * 16 * 3  # rows, columns and channels of a thumbnail

# A thumbnail whose numbers have a smaller standard deviation shows next to nothing: what varies in it is noise and the
# rounding to whole numbers, and two plain pictures would correlate by chance. It has no direction.
LEAST_CONTRAST = 2.0


def _correlation(a: Moments, b: Moments, products: Doubles) -> Doubles:
    own, other = _variances(a), _variances(b)
    distances = one_minus_cosine(own, other, PLACES * products - a.sums * b.sums)
    are_equal = a.squares + b.squares == 2 * products
    return np.asarray(np.where((own > 0) & (other > 0), distances, ~are_equal)[..., 0], np.float64)


def _variances(vectors: Moments) -> Doubles:
    """Return the variances of thumbnails times `PLACES` squared, which is a whole number; 0 for plain ones."""
    variances = PLACES * vectors.squares - vectors.sums**2
    return np.asarray(np.where(variances < (PLACES * LEAST_CONTRAST) ** 2, 0.0, variances))


CORRELATION = Form(PLACES, _correlation)


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
    return CORRELATION.between(a, b)
