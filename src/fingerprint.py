"""Step 1, describe: a picture by its fingerprint, which tells its copies from pictures that only look alike.

A fingerprint is bytes: a digest of all pixels, the size, a small grey picture and a smaller one in colour. Both small
ones are square, so that turned and mirrored copies are found without more of them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from .filebytes import content_digest

GREY, COLOUR = 32, 16  # pixels, the sides of the small pictures

LAYOUT = np.dtype([
    ("pixels", "u1", 16),
    ("width", "<u4"),
    ("height", "<u4"),
    ("grey", "u1", (GREY, GREY)),
    ("colour", "u1", (COLOUR, COLOUR, 3)),
])  # fmt: skip


class Fingerprint:
    """Take the fingerprint of a picture: a descriptor whose vector is the bytes of `LAYOUT`, as whole numbers.

    The picture must be decoded in full: the digest is of all pixels.
    """

    name = f"fingerprint-{GREY}-{COLOUR}"
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
        return np.frombuffer(one.tobytes(), np.uint8).astype(np.float32)

    def describe_many(self, images: Sequence[NDArray[Any]]) -> NDArray[np.float32]:
        """Turn n pictures into fingerprints, shape (n, dimension)."""
        return np.array([self.describe(image) for image in images], np.float32).reshape(-1, self.dimension)

    def recognises(self, features: NDArray[np.float32]) -> bool:
        """Tell whether a vector, shape (n,), may be a fingerprint."""
        return len(features) == self.dimension
