"""Step 1, describe: a picture by its fingerprint, which tells its copies from pictures that only look alike.

A fingerprint is bytes: a digest of all pixels, the size, a small grey picture, a smaller one in colour, and where a
border of one colour ends, with a small grey picture of what is inside of it. The small ones are square, so turned and
mirrored copies are found without more of them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from .filebytes import content_digest

GREY, COLOUR = 48, 12  # pixels, the sides of the small pictures

LAYOUT = np.dtype([
    ("pixels", "u1", 16),
    ("width", "<u4"),
    ("height", "<u4"),
    ("grey", "u1", (GREY, GREY)),
    ("colour", "u1", (COLOUR, COLOUR, 3)),
    ("inner", "<u2", 4),
    ("inside", "u1", (GREY, GREY)),
])  # fmt: skip

# The picture is looked at no larger than this: a border is found to within half a percent.
BORDER_SIDE = 256
# By so many levels a border of one colour may differ from it, after compression as JPEG.
TOLERANCE = 14
# In so much of a line; dust and damage are passed over.
BORDER_SHARE = 0.98
# A border that takes more than this of a side leaves too little to compare.
LARGEST_BORDER = 0.3
SHARES = 65535  # a box is shares of this


class Fingerprint:
    """Take the fingerprint of a picture: a descriptor whose vector is the bytes of `LAYOUT`, as whole numbers.

    The picture must be decoded in full: the digest is of all pixels.
    """

    name = f"fingerprint-{GREY}-{COLOUR}-inside"
    dimension = LAYOUT.itemsize
    distance = "mean-cosine"
    parts: Sequence[str] = ()
    options: Mapping[str, Any] = {}
    fewest_pixels = shortest_side = GREY

    def describe(self, image: NDArray[Any]) -> NDArray[np.float32]:
        """Turn a picture, uint8 of shape (height, width, 3), into its fingerprint, shape (dimension,)."""
        height, width = image.shape[:2]
        one = np.zeros((), LAYOUT)
        head = np.array([width, height], "<u4").tobytes()
        one["pixels"] = np.frombuffer(content_digest(head + image.tobytes()), np.uint8)
        one["width"], one["height"] = width, height
        grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        one["grey"] = cv2.resize(grey, (GREY, GREY), interpolation=cv2.INTER_AREA)
        one["colour"] = cv2.resize(image, (COLOUR, COLOUR), interpolation=cv2.INTER_AREA)
        box = inner_box(image)
        one["inner"] = np.rint(np.array(box) * SHARES)
        left, top, right, bottom = (round(share * side) for share, side in zip(box, (width, height) * 2, strict=True))
        inside = grey[top:bottom, left:right] if right > left and bottom > top else grey
        one["inside"] = cv2.resize(inside, (GREY, GREY), interpolation=cv2.INTER_AREA)
        return np.frombuffer(one.tobytes(), np.uint8).astype(np.float32)

    def describe_many(self, images: Sequence[NDArray[Any]]) -> NDArray[np.float32]:
        """Turn n pictures into fingerprints, shape (n, dimension)."""
        return np.array([self.describe(image) for image in images], np.float32).reshape(-1, self.dimension)

    def recognises(self, features: NDArray[np.float32]) -> bool:
        """Tell whether a vector, shape (n,), may be a fingerprint."""
        return len(features) == self.dimension


def inner_box(image: NDArray[Any]) -> tuple[float, float, float, float]:
    """Return what is inside of a border.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, 3)

    Returns
    -------
    tuple of float
        Left, top, right and bottom, as shares of the sides; (0, 0, 1, 1) if there is no border.
    """
    height, width = image.shape[:2]
    scale = BORDER_SIDE / max(height, width)
    small = image
    if scale < 1:
        size = max(1, round(width * scale)), max(1, round(height * scale))
        small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    levels = small.astype(np.int16)
    left, right = _lines(levels.swapaxes(0, 1)), _lines(levels.swapaxes(0, 1)[::-1])
    top, bottom = _lines(levels), _lines(levels[::-1])
    rows, columns = small.shape[:2]
    if max(left, right) > LARGEST_BORDER * columns or max(top, bottom) > LARGEST_BORDER * rows:
        return 0.0, 0.0, 1.0, 1.0
    return left / columns, top / rows, 1 - right / columns, 1 - bottom / rows


def _lines(levels: NDArray[np.int16]) -> int:
    """Return how many of the first lines, shape (lines, length, 3), are of the colour of the very first."""
    colour = np.median(levels[0], axis=0)
    for number, line in enumerate(levels):
        near = (np.abs(line - colour) <= TOLERANCE).all(axis=-1)
        if near.mean() < BORDER_SHARE:
            # The line in which border and picture meet shows both.
            return number + 1 if number else 0
    return len(levels)
