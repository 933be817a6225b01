"""Step 3, compare: the distance of two sets of local features: how surely they are of the very same thing."""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..localfeatures import LocalFeatures, from_vector
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
    away = [_distance(row, query) for row in rows.reshape(-1, rows.shape[-1])]
    return np.array(away).reshape(rows.shape[:-1])


def _distance(row: NDArray[Any], query: NDArray[Any]) -> float:
    outline = outline_of(row, query)
    if outline is None:
        return NOTHING_FOUND
    count = int(row.nonzero()[0].max(initial=-1)) + 1
    return 0.0 if np.array_equal(row[:count], query[:count]) else 1 - outline.similarity


def outline_of(row: NDArray[Any], query: NDArray[Any]) -> Outline | None:
    """Return how the picture of a row lies in that of a query; None if it is not to be seen there."""
    return _outline(row.astype(np.float32).tobytes(), query.astype(np.float32).tobytes())


# Those of the results of a search are asked for twice: to sort them, and to show them.
@lru_cache(maxsize=64)
def _outline(row: bytes, query: bytes) -> Outline | None:
    return verify(_features(query), from_vector(np.frombuffer(row, np.float32)))


@lru_cache(maxsize=4)
def _features(query: bytes) -> LocalFeatures:
    """Return the features of a query, which is compared with many rows."""
    return from_vector(np.frombuffer(query, np.float32))


def is_blank(vector: NDArray[Any]) -> bool:
    """Tell whether a vector has too few features for its picture to be found, or to find anything."""
    return len(from_vector(vector)) < FEWEST_FEATURES


def nothing_the_same(query: NDArray[Any]) -> float:
    """Return the distance of pictures in which nothing is the same, which none exceeds."""
    return NOTHING_FOUND
