"""Step 4, search: what each place of two pictures carries of how similar networks find them.

A network gives a map: what it sees in each place of a picture. The feature vector is the mean of the map. So the cosine
of two vectors is a sum over the places of either picture, and what a place adds to it is exact, no estimate.

Zhou et al., "Learning Deep Features for Discriminative Localization", 2016, show the classes of a network so; Stylianou
et al., "Visualizing Deep Similarity Networks", 2019, the similarity of two pictures.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .descriptor import Box, FeatureMap
from .distance import by_name

# Vectors may be kept in so many steps from 0 to their largest number. What is further than one of them from a map's
# mean is not the vector of that map; decoders and runtimes differ by far less.
STEPS = 255
# Keeps zeros, which have no direction, from being divided by.
SMALLEST_LENGTH = 1e-300


class Shares(NamedTuple):
    """What each place of a picture carries of a similarity."""

    network: str
    values: NDArray[np.float64]
    """Shape (rows, columns); those of all networks sum to the similarity, which is the mean of their cosines."""
    window: Box
    """The part of the picture that the places are in."""


class Places(NamedTuple):
    """Where two pictures are similar, as each of some networks finds."""

    query: Sequence[Shares]
    """Where in the query is what resembles the result."""
    result: Sequence[Shares]
    """Where in the result is what resembles the query."""


def are_of(maps: Sequence[FeatureMap], features: NDArray[np.floating[Any]]) -> bool:
    """Tell whether a feature vector, one block for each map, is that of the picture that the maps are of."""
    if not maps or features.size != sum(len(one.values) for one in maps):
        return False
    return all(_is_mean(one, block) for one, block in zip(maps, _blocks(maps, features), strict=True))


def _is_mean(map_: FeatureMap, block: NDArray[np.float64]) -> bool:
    mean = _mean(map_)
    length = float(mean @ mean)
    if not np.isfinite(length) or length == 0:
        return False
    # The vector may be scaled: as much as fits best.
    difference = mean * (float(mean @ block) / length) - block
    return bool(np.abs(difference).max() <= np.abs(block).max() / STEPS)


def shares(
    maps: Sequence[FeatureMap], own: NDArray[np.floating[Any]], other: NDArray[np.floating[Any]]
) -> list[Shares]:
    """Return what each place of a picture carries of its similarity to another one.

    Parameters
    ----------
    maps : sequence of FeatureMap
        Of the picture, n of them.
    own, other : ndarray, shape (dimension,)
        The feature vectors of the picture and of the other one: a block for each map, one after the other.

    Returns
    -------
    list of Shares
        They sum to the mean of the n cosines of the two vectors' blocks. As vectors may be rounded, a map's mean has
        their direction but nearly. The little that is missing is spread evenly over the places.
    """
    between = by_name("cosine").between
    found = []
    for map_, mine, others in zip(maps, _blocks(maps, own), _blocks(maps, other), strict=True):
        rows, columns = map_.values.shape[1:]
        lengths = float(np.linalg.norm(_mean(map_)) * np.linalg.norm(others))
        toward = others / (max(lengths, SMALLEST_LENGTH) * rows * columns * len(maps))
        carried = np.tensordot(toward, np.asarray(map_.values, np.float64), 1)
        missing = (1 - float(between(mine, others))) / len(maps) - carried.sum()
        found.append(Shares(map_.network, carried + missing / carried.size, map_.window))
    return found


def mean_of(found: Sequence[Sequence[Shares]]) -> list[Shares]:
    """Return what each place of one picture carries in the mean of its similarities to several others."""
    return [
        one[0]._replace(values=np.mean([shares.values for shares in one], axis=0)) for one in zip(*found, strict=True)
    ]


def _mean(map_: FeatureMap) -> NDArray[np.float64]:
    mean: NDArray[np.float64] = map_.values.mean(axis=(1, 2), dtype=np.float64)
    return mean


def _blocks(maps: Sequence[FeatureMap], features: NDArray[np.floating[Any]]) -> list[NDArray[np.float64]]:
    ends = np.cumsum([len(one.values) for one in maps])
    return np.split(np.asarray(features, np.float64), ends[:-1])
