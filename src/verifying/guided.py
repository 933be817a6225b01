"""Pairs of features that lie where a homography expects them, which may then look alike less clearly."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..localfeatures import CODE_BITS, SCALE, LocalFeatures
from .evidence import sureness
from .matching import Numbers
from .planes import Matrix

# Features may look that different, and then say less: see `evidence`.
MOST_BITS_OF_PAIRS = int(0.37 * CODE_BITS)
# A feature is seen in another direction and size than expected by that much, mostly where its neighbourhood is bent.
# With half of the degrees, 340 instead of 343 of 404 photos of covers are verified, with twice, 342; with half of the
# scale, four instead of one of 113 pairs of drawings.
MOST_DEGREES, MOST_LOG_SCALE = 40.0, 0.6


class LikePairs(NamedTuple):
    """Pairs of features that may be the same, the most alike first."""

    picture: Numbers
    """Shape (n,): the numbers of the features of the picture of the index."""
    query: Numbers
    sureness: NDArray[np.float64]
    """From 0 to 1: what each pair says if it lies where it is expected; see `evidence`."""

    def only(self, kept: Numbers) -> "LikePairs":
        """Return some of them, by their numbers."""
        return LikePairs(self.picture[kept], self.query[kept], self.sureness[kept])


class Expected(NamedTuple):
    """How the features of a picture are expected in a query; all of shape (n,)."""

    across: NDArray[np.float64]
    down: NDArray[np.float64]
    """In pixels."""
    degrees: NDArray[np.float64]
    log_scales: NDArray[np.float64]
    """The logarithm of how large they are."""
    is_before: NDArray[np.bool_]
    """Whether they are before the camera at all."""


def like_pairs(apart: NDArray[np.uint8]) -> LikePairs:
    """Return pairs of features whose codes differ in few bits, of the bits of all, shape (n, m).

    A feature may be in any number of pairs.
    """
    flat = np.flatnonzero(apart < MOST_BITS_OF_PAIRS)
    flat = flat[np.argsort(apart.reshape(-1)[flat], kind="stable")]
    picture, query = np.divmod(flat, apart.shape[1])
    by_picture = np.argsort(picture, kind="stable")
    counts = np.bincount(picture, minlength=len(apart))
    ranks = np.empty(len(flat), np.intp)
    ranks[by_picture] = np.arange(len(flat)) - np.repeat(np.cumsum(counts) - counts, counts)
    return LikePairs(picture, query, sureness(apart.reshape(-1)[flat], ranks))


def pairs_where_expected(
    pairs: LikePairs, picture: LocalFeatures, query: LocalFeatures, matrix: Matrix, pixels: float
) -> LikePairs:
    """Return the pairs that lie where the homography expects them, so turned and so large; each feature is in one."""
    expected = _expected(picture, matrix)
    own, other = pairs.picture, pairs.query
    away = np.hypot(expected.across[own] - query.points[other, 0], expected.down[own] - query.points[other, 1])
    turned = np.abs((expected.degrees[own] - query.angles[other] + 180) % 360 - 180)
    scaled = np.abs(expected.log_scales[own] - np.log(SCALE) * query.octaves[other])
    agree = expected.is_before[own] & (away < pixels) & (turned < MOST_DEGREES) & (scaled < MOST_LOG_SCALE)
    return _each_feature_once(pairs.only(np.flatnonzero(agree)))


def _expected(picture: LocalFeatures, matrix: Matrix) -> Expected:
    x, y = picture.points.T.astype(np.float64)
    across, down, depth = matrix @ (x, y, np.ones(len(x)))
    is_before = depth > 0
    depth = np.where(is_before, depth, 1)
    across, down = across / depth, down / depth
    # What the homography makes of a small step in the direction of each feature.
    angles = np.deg2rad(picture.angles.astype(np.float64))
    step_x, step_y, step_depth = matrix[:, :2] @ (np.cos(angles), np.sin(angles))
    degrees = np.rad2deg(np.arctan2(step_y - down * step_depth, step_x - across * step_depth))
    # The determinant of its derivative: how much larger a small area becomes.
    areas = np.maximum(np.abs(np.linalg.det(matrix)) / depth**3, 1e-12)
    return Expected(across, down, degrees, np.log(areas) / 2 + np.log(SCALE) * picture.octaves, is_before)


def _each_feature_once(pairs: LikePairs) -> LikePairs:
    """Leave each feature of either picture in the pair that is the most alike."""
    for side in ("picture", "query"):
        _, first = np.unique(getattr(pairs, side), return_index=True)
        pairs = pairs.only(np.sort(first))
    return pairs
