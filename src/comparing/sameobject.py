"""Step 3, compare: the distance of two sets of local features: how surely they are of the very same thing."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..localfeatures import unpacked
from ..verification import FEWEST_FEATURES, Outline, verify

NOTHING_FOUND = 1.0
"""The distance of pictures in which nothing was found to be the same."""


def same_object(rows: NDArray[Any], query: NDArray[Any]) -> NDArray[np.float64]:
    """Return how far rows are from a query, over the last axis.

    Parameters
    ----------
    rows : ndarray, shape (..., dimension)
        Vectors of pictures of an index; see `localfeatures`.
    query : ndarray, shape (query dimension,)

    Returns
    -------
    ndarray of float64, shape (...)
        0 for a row that begins the query, as the query's own picture does; above 0 and below 1 for a picture that is
        found again in the query; 1 for any other.
    """
    rows, query = np.asarray(rows), np.asarray(query)
    away = [_distance(row, query, outline_of(row, query)) for row in rows.reshape(-1, rows.shape[-1])]
    return np.array(away).reshape(rows.shape[:-1])


def _distance(row: NDArray[Any], query: NDArray[Any], outline: Outline | None) -> float:
    count = int(row.nonzero()[0].max(initial=-1)) + 1
    if outline is not None and np.array_equal(row[:count], query[:count]):
        return 0.0
    return NOTHING_FOUND if outline is None else 1 - outline.similarity


def outline_of(row: NDArray[Any], query: NDArray[Any]) -> Outline | None:
    """Return how the picture of a row lies in that of a query; None if it is not to be seen there."""
    return verify(unpacked(query), unpacked(row))


def is_blank(vector: NDArray[Any]) -> bool:
    """Tell whether a vector has too few features for its picture to be found, or to find anything."""
    return len(unpacked(vector)) < FEWEST_FEATURES


def nothing_the_same(query: NDArray[Any]) -> float:
    """Return the distance of pictures in which nothing is the same, which none exceeds."""
    return NOTHING_FOUND
