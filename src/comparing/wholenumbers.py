"""Step 3, compare: distances of vectors of whole numbers, exactly: no way of adding up can change them.

A sum of products of whole numbers is a whole number. Below 2^53, double precision holds each of them, in whatever
order they are added. So a quick way and the definition give the same distance, bit for bit.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

NEAR = 0.25  # 1 - x has lost two bits where x is so near to 1


class Moments(NamedTuple):
    """What distances need to know of each block of a vector alone; the last axis is the blocks."""

    sums: Doubles
    squares: Doubles
    """The sums of the numbers' squares."""


class Form(NamedTuple):
    """How vectors of whole numbers are compared: a vector is some blocks, of which each has a direction of its own."""

    block: int
    """Numbers in a block; as many blocks as there are make a vector."""
    combine: Callable[[Moments, Moments, Doubles], Doubles]
    """Returns the distances of vectors of these moments and products, whose last axis is the blocks."""

    def between(self, a: NDArray[Any], b: NDArray[Any]) -> Doubles:
        """Return the distance of vectors, over the last axis, in double precision."""
        a, b = (one.reshape(*one.shape[:-1], -1, self.block).astype(np.float64) for one in (a, b))
        return self.combine(_moments(a), _moments(b), np.asarray((a * b).sum(axis=-1)))


def _moments(blocks: Doubles) -> Moments:
    return Moments(np.asarray(blocks.sum(axis=-1)), np.asarray((blocks * blocks).sum(axis=-1)))


def one_minus_cosine(own: Doubles, other: Doubles, product: Doubles) -> Doubles:
    """Return 1 - product / sqrt(own * other): 1 minus the cosine of two vectors.

    It is exactly 0 for equal vectors. Small distances have nearly all their digits: with s = sqrt(own * other), they
    are (s^2 - product^2) / (s (s + product)). Vectors of length 0 have no direction. They are at distance 1 from all
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
    with np.errstate(divide="ignore", invalid="ignore"):
        far = 1 - product / lengths
        near = (squares - product * product) / (lengths * (lengths + product))
    distances = np.where(far < NEAR, near, far)
    np.clip(distances, 0.0, 2.0, out=distances)
    return np.asarray(np.where(squares > 0, distances, own != other), np.float64)
