"""The service: thumbnails, as the process that may die makes them. It imports no web."""

import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..description import Recipe, Work
from ..errors import UNSUPPORTED, UnreadableImage
from ..imagereader import MemoryBudget, Reading, decode_image
from .describedquery import read_picture

SMALLEST, USUAL, LARGEST = 16, 256, 1024
MEDIA_TYPE = "image/jpeg"
# Neither blocks nor rings show, at a tenth of the bytes that there are in full.
QUALITY = 85
# Of larger files, the process holds one at a time.
LARGE_FILE_BYTES = 20_000_000

# Four bytes a pixel of the largest picture that is drawn, and a JPEG of noise has less.
MOST_JPEG_BYTES = 8_000_000

_LARGE_FILE = threading.Lock()


@dataclass(frozen=True)
class MakeThumbnail(Work):
    """Make a JPEG of a picture file, with at most so many pixels on its longer side; a smaller one stays as it is."""

    path: str
    size: int
    """Of the file, in bytes."""
    side: int
    max_megapixels: float

    def run(self, recipe: Recipe, budget: MemoryBudget) -> bytes:
        """Return the JPEG: upright, in sRGB."""
        if self.size <= LARGE_FILE_BYTES:
            return self._make(budget)
        with _LARGE_FILE:
            return self._make(budget)

    def check(self, made: bytes, recipe: Recipe) -> None:
        """Raise ValueError for what is no JPEG."""
        check_jpeg(made)

    def _make(self, budget: MemoryBudget) -> bytes:
        # So many pixels have a longer side of at least this one.
        reading = Reading(self.max_megapixels, fewest_pixels=self.side**2)
        return encoded(reduced_to(decode_image(read_picture(self.path), reading, budget), self.side))


def reduced_to(picture: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """Return a picture, shape (height, width, 3), with at most so many pixels on its longer side."""
    import cv2

    height, width = picture.shape[:2]
    longer = max(height, width)
    if longer <= side:
        return picture
    size = max(1, round(width * side / longer)), max(1, round(height * side / longer))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def encoded(picture: NDArray[np.uint8], quality: int = QUALITY) -> bytes:
    """Return a picture as a JPEG; UnreadableImage if none can be made of it."""
    import cv2

    done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise UnreadableImage(UNSUPPORTED, "no JPEG can be made of it")
    return bytes(data)


def check_jpeg(made: bytes) -> None:
    """Raise ValueError for what a browser would not take for a JPEG of moderate size."""
    if not made.startswith(b"\xff\xd8\xff") or len(made) > MOST_JPEG_BYTES:
        raise ValueError("no JPEG")
