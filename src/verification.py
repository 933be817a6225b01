"""Step 3, compare: whether two pictures show the very same thing, with its outline as proof.

Features that look alike suggest how one picture lies in the other. A homography (how a flat thing is seen at an angle)
is believed if many features, all over the thing, lie where it expects them. What is bent or deep is found where parts
of it are nearly flat.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .localfeatures import LocalFeatures
from .verifying.beside import evidence_beside
from .verifying.evidence import evidence, is_around_alone
from .verifying.guided import LikePairs, like_pairs, pairs_where_expected
from .verifying.hypotheses import agreeing_matches
from .verifying.matching import Matches, bits_apart, unambiguous
from .verifying.planes import Matrix, Points, affinity, corners, homography, is_in_view, similarity_of

FEWEST_FEATURES = 8

# Features may lie that far from where they are expected, first by a rough map. With 3 instead of 5 pixels, 336 instead
# of 343 of 404 photos of covers are verified, with 8, 347, but seven instead of one of 113 pairs of drawings. Half or
# twice as many at first change one photo, and so does one round more or less.
FIRST_PIXELS, GUIDED_PIXELS = 12.0, 5.0
ROUNDS = 2

# So much evidence is needed, and so much says all; see `evidence`. What would be found beside the outline, too, counts
# against it so many times. Of 100 drawn dinosaurs, each looked for among the others, one finds another with these; with
# 7 and 3, 29. Of 404 photos of covers, most of them bad or of several covers, 343 are verified, then 340.
LEAST_EVIDENCE, ENOUGH_EVIDENCE = 6.0, 15.0
BESIDE_COUNTS = 8.0
# Of each further so much, the doubt that is left is halved.
HALF_EVIDENCE = 10.0

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
    """Above 0, below 1: by how many places of the picture are found again, and how surely, less what fits beside."""

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
    if _begins(picture, query):
        return _whole(picture)
    if min(len(query), len(picture)) < FEWEST_FEATURES or not (query.height and picture.height):
        return None
    apart = bits_apart(picture.codes, query.codes)
    matches = unambiguous(apart)
    hypotheses = agreeing_matches(picture, query, matches)
    if not hypotheses:
        return None
    pairs = like_pairs(apart)
    best: Outline | None = None
    for agreeing in hypotheses:
        found = _checked(query, picture, pairs, Matches(matches.picture[agreeing], matches.query[agreeing]))
        if found is not None and (best is None or found.similarity > best.similarity):
            best = found
        if best is not None and best.similarity >= _similarity(ENOUGH_EVIDENCE):
            break
    return best


def _begins(picture: LocalFeatures, query: LocalFeatures) -> bool:
    """Tell whether a query begins with all features of a picture, as that of the picture itself does.

    A tiled floor is known in no other way, as each of its features has its like many times.
    """
    begin = query.best(len(picture))
    return (
        len(picture) > 0
        and (picture.width, picture.height) == (query.width, query.height)
        and np.array_equal(picture.codes, begin.codes)
        and np.array_equal(picture.points, begin.points)
        and np.array_equal(picture.octaves, begin.octaves)
        and np.array_equal(picture.angles, begin.angles)
    )


def _whole(picture: LocalFeatures) -> Outline:
    """Return how a picture lies in itself."""
    points = picture.points / np.maximum((picture.width, picture.height), 1)
    corners_of_all = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float64)
    return Outline(corners_of_all, points, points, _similarity(evidence(points, np.ones(len(points)))))


def _checked(query: LocalFeatures, picture: LocalFeatures, pairs: LikePairs, matches: Matches) -> Outline | None:
    """Return the outline of a hypothesis that some matches agree with; None if it does not stand."""
    matrix = _rough_map(query, picture, matches)
    if matrix is None:
        return None
    outline = None
    inliers = pairs_where_expected(pairs, picture, query, matrix, FIRST_PIXELS)
    for _ in range(ROUNDS):
        matrix = homography(picture.points[inliers.picture], query.points[inliers.query])
        outline = None if matrix is None else corners(matrix, picture.width, picture.height, query.width, query.height)
        if matrix is None or outline is None:
            return None
        inliers = pairs_where_expected(pairs, picture, query, matrix, GUIDED_PIXELS)
    assert matrix is not None and outline is not None
    own = picture.points[inliers.picture] / (picture.width, picture.height)
    found = evidence(own, inliers.sureness)
    if found >= LEAST_EVIDENCE:
        found -= BESIDE_COUNTS * evidence_beside(pairs, picture, query, matrix, GUIDED_PIXELS)
    if found < LEAST_EVIDENCE or _is_of_the_ground(own, inliers.sureness, matrix, picture, query):
        return None
    sides = query.width, query.height
    return Outline(outline / sides, query.points[inliers.query] / sides, own, _similarity(found))


def _rough_map(query: LocalFeatures, picture: LocalFeatures, matches: Matches) -> Matrix | None:
    """Return about how the picture lies in the query."""
    own, other = picture.points[matches.picture], query.points[matches.query]
    matrix = affinity(own, other)
    return matrix if matrix is not None else similarity_of(own, other)


def _is_of_the_ground(
    own: Points, sure: NDArray[np.float64], matrix: Matrix, picture: LocalFeatures, query: LocalFeatures
) -> bool:
    in_view = is_in_view(matrix, picture.points, query.width, query.height)
    return is_around_alone(own, sure, picture.points[in_view] / (picture.width, picture.height))


def _similarity(found: float) -> float:
    return float(1 - 0.5 ** (found / HALF_EVIDENCE))
