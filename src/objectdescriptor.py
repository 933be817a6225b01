"""Step 1, describe: a picture becomes a set of local features, by which the very same thing is known in another photo.

Features are ORB's (Rublee et al., 2011), spread over the picture and over its sizes, so that some are found again when
the thing is far away, blurred or partly hidden.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from .localfeatures import (
    ASKED,
    CODE_BITS,
    CODE_BYTES,
    INDEXED,
    LARGEST,
    NUMBERS,
    OCTAVES,
    SCALE,
    LocalFeatures,
    no_features,
    to_vector,
)

LONGEST_SIDE = 640
# Found in a picture, before those are chosen that describe it; for fewer, more faintly visible ones are looked for.
# Of 300 bad photos of covers, 295 are verified. With half of the fewest, 289; with other thresholds, 293 to 296.
FOUND, FEWEST_FOUND = 1500, 500
FAST_THRESHOLD, LOW_FAST_THRESHOLD = 20, 7
# The code of a feature needs 19 pixels around it. ORB leaves 31 out, a large part of small pictures.
BORDER = 20
# The best of each place and size come first: of 8 x 8 cells, at every second size. With
# 4 x 4 or 16 x 16 cells, 294 and 296; at each size or every fourth, 293 and 291.
CELLS, OCTAVES_TOGETHER = 8, 2
# Of corners of about one size in a square of so many pixels at that size, the strongest alone: a crowd along a sharp
# edge describes it no better, and finds matches anywhere. Of 380 pairs of drawn dinosaurs, each another one, 21 instead
# of 49 pass for the same; and of 365 hard photos, 333 instead of 324 are verified.
APART = 9


class ObjectDescriptor:
    """Describe a picture by its local features.

    Parameters
    ----------
    count : int, optional
        How many features at most.

    Attributes
    ----------
    dimension : int
        1 + 6 * count: see `localfeatures`.
    distance : str
        'same-object': 1 for pictures in which nothing was found to be the same.
    parts : sequence of str
        None.
    for_queries : ObjectDescriptor
        What describes queries, by more features: in a photo of a thing, most are of what is around it. They begin with
        those by which the picture would be described in an index.
    options, fewest_pixels, shortest_side
        See `descriptor.Descriptor`.
    """

    name = "orb-120-bits"
    distance = "same-object"
    parts: Sequence[str] = ()
    fewest_pixels = LONGEST_SIDE * LONGEST_SIDE
    shortest_side = 1

    def __init__(self, count: int = INDEXED) -> None:
        self.options: Mapping[str, Any] = {"count": count}
        self._count = count
        self.dimension = 1 + NUMBERS * count

    @property
    def for_queries(self) -> "ObjectDescriptor":
        return ObjectDescriptor(ASKED)

    def describe(self, image: NDArray[Any]) -> NDArray[np.float32]:
        """Turn a picture, uint8 of shape (height, width, 3), into its feature vector, shape (dimension,)."""
        return to_vector(local_features(image, self._count), self._count)

    def describe_many(self, images: Sequence[NDArray[Any]]) -> NDArray[np.float32]:
        """Turn n pictures into feature vectors, float32 of shape (n, dimension)."""
        return np.array([self.describe(image) for image in images], np.float32).reshape(-1, self.dimension)

    def recognises(self, features: NDArray[np.float32]) -> bool:
        """Tell whether a vector, shape (dimension,), may be one of these: the size of a picture, and whole numbers."""
        if len(features) != self.dimension or not (features == np.rint(features)).all():
            return False
        return bool(features.min() >= 0 and features.max() <= LARGEST and features[0] > LONGEST_SIDE)


def local_features(image: NDArray[Any], count: int) -> LocalFeatures:
    """Find up to `count` local features of a picture, uint8 of shape (height, width, 3), the best first."""
    grey = _fitted(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY))
    height, width = grey.shape
    if min(grey.shape) <= 2 * BORDER:
        return no_features(width, height)
    # FAST's own measure of a corner finds more again than Harris's: of 365 hard photos 327 instead of 313.
    orb = cv2.ORB.create(
        FOUND, SCALE, OCTAVES, edgeThreshold=BORDER, scoreType=cv2.ORB_FAST_SCORE, fastThreshold=FAST_THRESHOLD
    )
    found = orb.detect(grey, None)
    if len(found) < FEWEST_FOUND:
        orb.setFastThreshold(LOW_FAST_THRESHOLD)
        found = orb.detect(grey, None)
    if not found:
        return no_features(width, height)
    return _coded(orb, grey, [found[number] for number in _spread(found, width, height)[:count]])


def _fitted(grey: NDArray[Any]) -> NDArray[Any]:
    """Return a picture no longer than `LONGEST_SIDE`."""
    scale = LONGEST_SIDE / max(grey.shape)
    if scale >= 1:
        return grey
    size = [max(round(side * scale), 1) for side in grey.shape[::-1]]
    return cv2.resize(grey, size, interpolation=cv2.INTER_AREA)


def _coded(orb: cv2.ORB, grey: NDArray[Any], keypoints: Sequence[cv2.KeyPoint]) -> LocalFeatures:
    """Return keypoints of a picture with their codes, in the same order."""
    for rank, keypoint in enumerate(keypoints):
        keypoint.class_id = rank
    coded, codes = orb.compute(grey, keypoints)
    # OpenCV sorts them by their octaves.
    order = np.argsort([keypoint.class_id for keypoint in coded])
    rows = np.zeros((len(coded), CODE_BYTES), np.uint8)
    rows[:, : CODE_BITS // 8] = codes[order, : CODE_BITS // 8]
    return LocalFeatures(
        grey.shape[1], grey.shape[0],
        np.array([keypoint.pt for keypoint in coded], np.float32)[order],
        np.array([keypoint.octave for keypoint in coded], np.uint8)[order],
        np.array([keypoint.angle for keypoint in coded], np.float32)[order],
        rows,
    )  # fmt: skip


def _spread(found: Sequence[cv2.KeyPoint], width: int, height: int) -> list[int]:
    """Return the numbers of keypoints: the strongest of each place and size first, then the second of each."""
    points = np.array(cv2.KeyPoint.convert(found), np.float64)
    sizes = np.array([one.octave for one in found]) // OCTAVES_TOGETHER
    strengths = np.array([one.response for one in found])
    squares = (points / (APART * SCALE ** (OCTAVES_TOGETHER * sizes))[:, None]).astype(np.intp)
    alone = np.sort(np.flatnonzero(_ranks((sizes << 20) + (squares[:, 1] << 10) + squares[:, 0], strengths) == 0))
    cells = (points[alone] * CELLS / (width, height)).astype(np.intp)
    ranks = _ranks((sizes[alone] * CELLS + cells[:, 1]) * CELLS + cells[:, 0], strengths[alone])
    ranked: list[int] = alone[np.lexsort((-strengths[alone], ranks))].tolist()
    return ranked


def _ranks(groups: NDArray[np.intp], strengths: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return how many of its own group are stronger than each, or as strong and before it, shape (n,)."""
    order = np.lexsort((-strengths, groups))
    ordered = groups[order]
    ranks = np.empty(len(groups), np.intp)
    ranks[order] = np.arange(len(groups)) - np.searchsorted(ordered, ordered)
    return ranks
