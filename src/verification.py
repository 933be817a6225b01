"""Step 3, compare: whether two pictures show the very same thing, with its outline as proof.

Features that look alike suggest how one picture lies in the other. A homography (how a flat thing is seen at an angle)
is believed if many features, all over the thing, lie where it expects them. What is bent or deep is found where parts
of it are nearly flat.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .localfeatures import LocalFeatures
from .verifying.guided import LikePairs, guided, like_pairs
from .verifying.hypotheses import agreeing_matches
from .verifying.matching import Matches, bits_apart, unambiguous
from .verifying.planes import Matrix, affinity, corners, homography, similarity_of

FEWEST_FEATURES = 8

# In a guided search, features may lie that far from where they are expected.
FIRST_PIXELS, GUIDED_PIXELS = 12.0, 5.0
ROUNDS = 2

# Inliers count once in each of 16 x 16 cells of the picture.
CELLS = 16
FEWEST_CELLS = 9
# So many say all.
ENOUGH_CELLS = 15
HALF_CELLS = 20

# Of the points that match, so many are told and drawn: enough to be believed, and not too many to be looked at.
FEW_POINTS = 30


class Outline(NamedTuple):
    """How the picture of an index lies in a query; places are shares of a picture's width and height."""

    corners: NDArray[np.float64]
    """Of the picture, in the query, shape (4, 2): top-left, top-right, bottom-right, bottom-left. They may lie outside
    of the query."""
    query_points: NDArray[np.float64]
    """Matched points in the query, shape (n, 2)."""
    picture_points: NDArray[np.float64]
    """The same points in the picture of the index."""
    similarity: float
    """Above 0, below 1: by how many places of the picture are found again."""

    @property
    def inliers(self) -> int:
        """How many features are found again where they are expected."""
        return len(self.query_points)

    def with_few_points(self) -> "Outline":
        """Return it with some of its points, spread over the picture: each the furthest from all before."""
        if self.inliers <= FEW_POINTS:
            return self
        chosen, away = [0], np.full(self.inliers, np.inf)
        while len(chosen) < FEW_POINTS:
            away = np.minimum(away, np.hypot(*(self.picture_points - self.picture_points[chosen[-1]]).T))
            chosen.append(int(away.argmax()))
        return self._replace(query_points=self.query_points[chosen], picture_points=self.picture_points[chosen])


def verify(query: LocalFeatures, picture: LocalFeatures) -> Outline | None:
    """Tell how a picture lies in a query; None if it is not to be seen there."""
    if min(len(query), len(picture)) < FEWEST_FEATURES or not (query.height and picture.height):
        return None
    apart = bits_apart(picture.codes, query.codes)
    matches = unambiguous(apart)
    hypotheses = agreeing_matches(picture, query, matches)
    if not hypotheses:
        return None
    pairs = like_pairs(apart)
    best: Outline | None = None
    for some in hypotheses:
        found = _followed(query, picture, pairs, Matches(matches.picture[some], matches.query[some]))
        if found is not None and (best is None or found.similarity > best.similarity):
            best = found
        if best is not None and _cells(best.picture_points) >= ENOUGH_CELLS:
            break
    return best


def _followed(query: LocalFeatures, picture: LocalFeatures, pairs: LikePairs, matches: Matches) -> Outline | None:
    """Follow a hypothesis that some matches agree with; None if it does not stand."""
    matrix = _first(query, picture, matches)
    if matrix is None:
        return None
    outline = None
    matches = guided(pairs, picture, query, matrix, FIRST_PIXELS)
    for _ in range(ROUNDS):
        matrix = homography(picture.points[matches.picture], query.points[matches.query])
        outline = None if matrix is None else corners(matrix, picture.width, picture.height, query.width, query.height)
        if matrix is None or outline is None:
            return None
        matches = guided(pairs, picture, query, matrix, GUIDED_PIXELS)
    assert outline is not None
    own = picture.points[matches.picture] / (picture.width, picture.height)
    cells = _cells(own)
    if cells < FEWEST_CELLS:
        return None
    sides = query.width, query.height
    return Outline(outline / sides, query.points[matches.query] / sides, own, 1 - 0.5 ** (cells / HALF_CELLS))


def _first(query: LocalFeatures, picture: LocalFeatures, matches: Matches) -> Matrix | None:
    own, other = picture.points[matches.picture], query.points[matches.query]
    matrix = affinity(own, other)
    return matrix if matrix is not None else similarity_of(own, other)


def _cells(points: NDArray[np.float64]) -> int:
    """Return in how many cells of a picture points lie, which are shares of its sides."""
    return len(np.unique((points * CELLS).astype(int) @ (1, CELLS)))
