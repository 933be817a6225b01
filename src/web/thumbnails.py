"""The service: thumbnails, which the process that may die makes, and which of them are kept. It imports no web."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..description import Recipe, Work
from ..errors import UNSUPPORTED, UnreadableImage
from ..filebytes import read_bytes
from ..imagereader import MemoryBudget, Reading, decode_image, name_format

SMALLEST, USUAL, LARGEST = 16, 256, 1024
MEDIA_TYPE = "image/jpeg"
# Neither blocks nor rings show, at a tenth of the bytes that there are in full.
QUALITY = 85
# Of larger files, the process holds one at a time.
LARGE_FILE_BYTES = 20_000_000
MOST_FILE_BYTES = 200_000_000
# Some thousand of 256 pixels.
KEPT_BYTES = 64_000_000

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

    def _make(self, budget: MemoryBudget) -> bytes:
        # So many pixels have a longer side of at least this one.
        reading = Reading(self.max_megapixels, fewest_pixels=self.side**2)
        return encoded(reduced_to(decode_image(read_picture(self.path), reading, budget), self.side))


def read_picture(path: str) -> bytes:
    """Read a file as the process that may die does it for a service; UnreadableImage if it is none it can use."""
    return read_bytes(path, max_bytes=MOST_FILE_BYTES, check_head=name_format)


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


class ThumbnailKey(NamedTuple):
    """What a thumbnail is of: another content of the file has another key."""

    path: str
    tag: str
    side: int


class ThumbnailCache:
    """Thumbnails in memory, those that were asked for last, up to so many bytes."""

    def __init__(self, most_bytes: int = KEPT_BYTES) -> None:
        self._most = most_bytes
        self._held = 0
        self._kept: OrderedDict[ThumbnailKey, bytes] = OrderedDict()

    def get(self, key: ThumbnailKey) -> bytes | None:
        """Return a thumbnail if it is kept."""
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def put(self, key: ThumbnailKey, data: bytes) -> None:
        """Keep a thumbnail, and forget others if there are too many."""
        self._held += len(data) - len(self._kept.pop(key, b""))
        self._kept[key] = data
        while self._held > self._most:
            self._held -= len(self._kept.popitem(last=False)[1])
