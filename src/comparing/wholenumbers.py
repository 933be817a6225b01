"""Step 3, compare: cosines of vectors of whole numbers, exactly: no way of adding up can change a distance.

A sum of products of whole numbers is a whole number. Below 2^53, double precision holds each of them, in whatever
order they are added. So a quick way and the definition give the same distance, bit for bit.
"""

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]


def one_minus_cosine(own: Doubles, other: Doubles, product: Doubles) -> Doubles:
    """Return 1 - product / sqrt(own * other): 1 minus the cosine of two vectors.

    It is exactly 0 for equal vectors, and small distances have nearly all their digits: with s = sqrt(own * other), it
    is (s^2 - product^2) / (s (s + product)). Vectors of length 0 have no direction. They are at distance 1 from all
    but each other.

    Parameters
    ----------
    own, other : ndarray of float64, shapes that broadcast
        Squared lengths of the vectors.
    product : ndarray of float64, shape of the result
        Their inner product.
    """
    squares = np.asarray(own * other)
    lengths = np.sqrt(squares)
    near = np.maximum(product, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        small = (squares - near * near) / (lengths * (lengths + near))
        large = 1 - product / lengths
    distances = np.where(product > 0, np.maximum(small, 0.0), np.minimum(large, 2.0))
    return np.asarray(np.where(squares > 0, distances, own != other), np.float64)
