"""How much of the evidence for an outline would be found a little beside it, too."""

import numpy as np

from ..localfeatures import LocalFeatures
from .evidence import evidence
from .guided import LikePairs, pairs_where_expected
from .planes import Matrix

# The outline is moved in so many directions, by more than features may lie beside where they are expected, twice.
DIRECTIONS, MOVED = 8, 2.6


def evidence_beside(
    pairs: LikePairs, picture: LocalFeatures, query: LocalFeatures, matrix: Matrix, pixels: float
) -> float:
    """Return the evidence for an outline that is moved a little, on average.

    A thing fits in one place alone. Long edges, as of drawings on white paper, text, tiles and boards fit in others
    nearly as well.
    """
    sides = picture.width, picture.height
    total = 0.0
    for angle in np.arange(DIRECTIONS) * (2 * np.pi / DIRECTIONS):
        move = np.eye(3)
        move[:2, 2] = MOVED * pixels * np.cos(angle), MOVED * pixels * np.sin(angle)
        inliers = pairs_where_expected(pairs, picture, query, move @ matrix, pixels)
        total += evidence(picture.points[inliers.picture] / sides, inliers.sureness)
    return total / DIRECTIONS
