"""Which local features of two pictures look alike."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..localfeatures import CODE_BITS, CODE_BYTES, LocalFeatures

# A feature's nearest must be clearly nearer than the second: Lowe, 2004, section 7.1, for SIFT.
RATIO = 0.9
MOST_BITS = int(0.35 * CODE_BITS)

Numbers = NDArray[np.intp]


class Matches(NamedTuple):
    """Pairs of features, each feature in one pair at most."""

    picture: Numbers
    """Shape (n,): the numbers of the features of the picture of the index."""
    query: Numbers
    """Those of the query."""

    def __len__(self) -> int:
        return len(self.picture)


def bits_apart(picture: NDArray[np.uint8], query: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return in how many bits codes differ, shape (n, m), of codes of shapes (n, 16) and (m, 16)."""
    own, others = (np.ascontiguousarray(codes).view(np.uint64) for codes in (picture, query))
    apart = np.zeros((len(own), len(others)), np.uint8)
    for word in range(CODE_BYTES // 8):
        apart += np.bitwise_count(own[:, word, None] ^ others[:, word])
    return apart


def unambiguous(apart: NDArray[np.uint8]) -> Matches:
    """Return matches of features whose nearest in the query is clearly nearer than the second."""
    if apart.shape[1] < 2:
        return Matches(np.empty(0, np.intp), np.empty(0, np.intp))
    nearest = np.argpartition(apart, 1, axis=1)[:, :2]
    bits = np.take_along_axis(apart, nearest, axis=1).astype(np.int64)
    swapped = bits[:, 0] > bits[:, 1]
    first = np.where(swapped, nearest[:, 1], nearest[:, 0])
    low, high = bits.min(axis=1), bits.max(axis=1)
    clear = np.flatnonzero((low <= RATIO * high) & (low < MOST_BITS))
    return one_to_one(clear, first[clear], low[clear])


def one_to_one(picture: Numbers, query: Numbers, bits: NDArray[np.integer]) -> Matches:
    """Leave each feature of the query in its best pair alone."""
    order = np.argsort(bits, kind="stable")
    _, first = np.unique(query[order], return_index=True)
    kept = order[np.sort(first)]
    return Matches(picture[kept], query[kept])


def near(apart: NDArray[np.uint8], away: NDArray[np.floating], most_bits: float, most_pixels: float) -> Matches:
    """Return matches of features that look alike and are not far `away`, shape (n, m), from where they are expected."""
    bits = np.where((away < most_pixels) & (apart < most_bits), apart, np.uint8(255))
    query = bits.argmin(axis=1)
    lowest = bits[np.arange(len(bits)), query]
    picture = np.flatnonzero(lowest < 255)
    return one_to_one(picture, query[picture], lowest[picture])


def expected(features: LocalFeatures, homography: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return where the features of a picture lie in the query by a homography, shape (n, 2)."""
    points = np.concatenate([features.points, np.ones((len(features), 1))], axis=1) @ homography.T
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(points[:, :2] / points[:, 2:])
