"""Matches that are looked for where a homography expects them, which may then look alike less clearly."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..localfeatures import CODE_BITS, SCALE, LocalFeatures
from .evidence import sureness
from .matching import Numbers
from .planes import Matrix

# Features may look that different, and then say less: see `evidence`.
MOST_BITS = int(0.37 * CODE_BITS)
# A feature is seen in another direction and size than expected by that much, mostly where its neighbourhood is bent.
MOST_DEGREES, MOST_SCALE = 40.0, 0.6


class LikePairs(NamedTuple):
    """Pairs of features that may be the same, the most alike first."""

    picture: Numbers
    """Shape (n,): the numbers of the features of the picture of the index."""
    query: Numbers
    sureness: NDArray[np.float64]
    """From 0 to 1: what each pair says if it lies where it is expected; see `evidence`."""


def like_pairs(apart: NDArray[np.uint8]) -> LikePairs:
    """Return pairs of features whose codes differ in few bits, of the bits of all, shape (n, m).

    A feature may be in any number of pairs.
    """
    flat = np.flatnonzero(apart < MOST_BITS)
    flat = flat[np.argsort(apart.reshape(-1)[flat], kind="stable")]
    picture, query = np.divmod(flat, apart.shape[1])
    by_picture = np.argsort(picture, kind="stable")
    counts = np.bincount(picture, minlength=len(apart))
    ranks = np.empty(len(flat), np.intp)
    ranks[by_picture] = np.arange(len(flat)) - np.repeat(np.cumsum(counts) - counts, counts)
    return LikePairs(picture, query, sureness(apart.reshape(-1)[flat], ranks))


def guided(pairs: LikePairs, picture: LocalFeatures, query: LocalFeatures, matrix: Matrix, pixels: float) -> LikePairs:
    """Return the pairs that lie where the homography expects them, so turned and so large; each feature is in one."""
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
    own, other, sure = pairs
    away = np.hypot(across[own] - query.points[other, 0], down[own] - query.points[other, 1])
    turned = np.abs((turns[own] - query.angles[other] + 180) % 360 - 180)
    scaled = np.abs(scales[own] - np.log(SCALE) * query.octaves[other])
    kept = np.flatnonzero(seen[own] & (away < pixels) & (turned < MOST_DEGREES) & (scaled < MOST_SCALE))
    for features in (own, other):
        _, first = np.unique(features[kept], return_index=True)
        kept = kept[np.sort(first)]
    return LikePairs(own[kept], other[kept], sure[kept])
