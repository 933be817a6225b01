"""How a flat thing lies in a query: homographies, and which of them a camera can have seen."""

import cv2
import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.floating]
Matrix = NDArray[np.float64]

# How far inliers may lie from where a map expects them. Half or twice of each changes by one at most how many of
# 404 photos of covers are verified.
AFFINE_PIXELS, PIXELS = 8.0, 4.0
FEWEST_FOR_AFFINITY, FEWEST_FOR_HOMOGRAPHY = 5, 6

# Of a plausible outline. Its nearest corner is so many times nearer than the furthest, at most: 1.6 in 340 photos of
# covers, also when they are tilted further, but 2.5 and more in one of ten false ones of drawings.
MOST_PERSPECTIVE = 2.5
# Half or twice of these changes nothing for them.
SMALLEST_SHARE = 0.005
MOST_SIDES = 8.0


def affinity(picture: Points, query: Points) -> Matrix | None:
    """Return the affine map that most matched points agree with, as a homography; None if there is none."""
    if len(picture) < FEWEST_FOR_AFFINITY:
        return None
    found, _ = cv2.estimateAffine2D(
        picture, query, method=cv2.RANSAC, ransacReprojThreshold=AFFINE_PIXELS, maxIters=300
    )
    return None if found is None else np.concatenate([found, [[0, 0, 1]]])


def similarity_of(picture: Points, query: Points) -> Matrix | None:
    """Return the similarity that fits matched points best, as a homography; None if there is none."""
    found, _ = cv2.estimateAffinePartial2D(picture, query, method=cv2.LMEDS)
    return None if found is None else np.concatenate([found, [[0, 0, 1]]])


def homography(picture: Points, query: Points) -> Matrix | None:
    """Return the homography that most matched points agree with; None if there is none."""
    if len(picture) < FEWEST_FOR_HOMOGRAPHY:
        return None
    # Baráth et al., MAGSAC++, 2020, as OpenCV has it.
    found, _ = cv2.findHomography(picture, query, cv2.USAC_MAGSAC, PIXELS, maxIters=500, confidence=0.999)
    return None if found is None else np.asarray(found, np.float64)


def corners(matrix: Matrix, width: int, height: int, query_width: int, query_height: int) -> Points | None:
    """Return where the corners of a picture lie in the query, shape (4, 2) in pixels; None if that is not plausible.

    A camera sees a thing neither from behind nor in a mirror, nor from so far or so flat that nothing could be known.
    """
    ends = np.array([[0, 0, 1], [width, 0, 1], [width, height, 1], [0, height, 1]], np.float64) @ matrix.T
    depths = ends[:, 2]
    if not np.isfinite(ends).all() or depths.min() <= 0 or depths.max() > MOST_PERSPECTIVE * depths.min():
        return None
    outline = ends[:, :2] / depths[:, None]
    sides = np.roll(outline, -1, axis=0) - outline
    following = np.roll(sides, -1, axis=0)
    if (sides[:, 0] * following[:, 1] - sides[:, 1] * following[:, 0] <= 0).any():
        return None
    lengths = np.hypot(*sides.T)
    x, y = outline.T
    area = 0.5 * float((x * np.roll(y, -1) - y * np.roll(x, -1)).sum())
    if area < SMALLEST_SHARE * query_width * query_height or lengths.max() > MOST_SIDES * lengths.min():
        return None
    return outline


def is_in_view(matrix: Matrix, points: Points, query_width: int, query_height: int) -> NDArray[np.bool_]:
    """Tell which points of a picture, shape (n, 2), lie in the query, shape (n,)."""
    across, down, depth = matrix @ np.vstack([points.T, np.ones(len(points))])
    inside: NDArray[np.bool_] = (
        (depth > 0) & (across > 0) & (down > 0) & (across < query_width * depth) & (down < query_height * depth)
    )
    return inside
