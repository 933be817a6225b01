"""Matches that are looked for where a homography expects them, which may then look alike less clearly."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..localfeatures import CODE_BITS, SCALE, LocalFeatures
from .matching import Matches, Numbers
from .planes import Matrix

# Features may look that different.
MOST_BITS = 0.27 * CODE_BITS
# A feature is seen in another direction and size than expected by that much, mostly where its neighbourhood is bent.
MOST_DEGREES, MOST_SCALE = 40.0, 0.6


class LikePairs(NamedTuple):
    """Pairs of features that may be the same, a feature in any number of them; the most alike first."""

    picture: Numbers
    query: Numbers


def like_pairs(apart: NDArray[np.uint8]) -> LikePairs:
    """Return pairs of features whose codes differ in few bits, of the bits of all, shape (n, m)."""
    flat = np.flatnonzero(apart < MOST_BITS)
    flat = flat[np.argsort(apart.reshape(-1)[flat], kind="stable")]
    return LikePairs(*np.divmod(flat, apart.shape[1]))


def guided(pairs: LikePairs, picture: LocalFeatures, query: LocalFeatures, matrix: Matrix, pixels: float) -> Matches:
    """Return the pairs that lie where the homography expects them, in the direction and size it expects."""
    x, y = picture.points.T.astype(np.float64)
    across, down, depth = matrix @ (x, y, np.ones(len(x)))
    seen = depth > 0
    depth = np.where(seen, depth, 1)
    across, down = across / depth, down / depth
    # What the homography makes of a small step in the direction of each feature.
    angles = np.deg2rad(picture.angles.astype(np.float64))
    step = np.cos(angles), np.sin(angles)
    step_x, step_y, step_depth = matrix[:, :2] @ step
    turns = np.rad2deg(np.arctan2(step_y - down * step_depth, step_x - across * step_depth))
    scales = np.log(np.maximum(np.abs(np.linalg.det(matrix)) / depth**3, 1e-12)) / 2
    scales += np.log(SCALE) * picture.octaves
    own, other = pairs
    away = np.hypot(across[own] - query.points[other, 0], down[own] - query.points[other, 1])
    turned = np.abs((turns[own] - query.angles[other] + 180) % 360 - 180)
    scaled = np.abs(scales[own] - np.log(SCALE) * query.octaves[other])
    kept = np.flatnonzero(seen[own] & (away < pixels) & (turned < MOST_DEGREES) & (scaled < MOST_SCALE))
    for features in (own, other):
        _, first = np.unique(features[kept], return_index=True)
        kept = kept[np.sort(first)]
    return Matches(own[kept], other[kept])
