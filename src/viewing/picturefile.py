"""Step 4, search: the files that result pictures are written to."""

import os
from contextlib import suppress

import cv2
import numpy as np
from numpy.typing import NDArray

from ..atomicfile import replacing
from .picturemark import marked_by_hand, marked_by_pillow

WRITABLE = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff")

# In these a mark needs more than a few bytes.
BY_PILLOW = (".webp", ".tif", ".tiff")

# JPEG as sharp as the small letters need it: little loss, and colour in full resolution.
ENCODING = [cv2.IMWRITE_JPEG_QUALITY, 92, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]


def save_picture(path: str, picture: NDArray[np.uint8]) -> None:
    """Write a picture to a file, in the format that its ending names, whole or not at all.

    `picturemark.is_result_picture` knows it again.

    Raises
    ------
    ValueError
        If the ending is not .jpg, .png, .webp, .bmp or .tif, or the format cannot hold the picture.
    OSError
        If the file cannot be written; what was there before still is.
    """
    ending = os.path.splitext(path)[1].lower()
    if ending not in WRITABLE:
        what = f"not '{ending}'" if ending else "it has no ending"
        raise ValueError(f"{path}: a picture's name ends in .jpg, .png, .webp, .bmp or .tif, {what}")
    data = _encoded(picture, ending)
    if data is None:
        height, width = picture.shape[:2]
        raise ValueError(f"{path}: a picture of {width} x {height} cannot be written as {ending}")
    try:
        with replacing(os.path.realpath(path), suffix=f".{os.getpid()}.new") as file:
            file.write(data)
    except OSError as error:
        # The error names the file that would have become the picture.
        raise OSError(error.errno, error.strerror, path) from error


def _encoded(picture: NDArray[np.uint8], ending: str) -> bytes | None:
    """Return a picture with our mark, as a file of a format; None if it is too large for that format."""
    # Too many pixels are a False with some formats and versions, and an error with others.
    with suppress(cv2.error, ValueError):
        if ending in BY_PILLOW:
            return marked_by_pillow(picture, ending)
        encoded, data = cv2.imencode(ending, picture, ENCODING if ending in (".jpg", ".jpeg") else [])
        if encoded:
            return marked_by_hand(data.tobytes(), ending)
    return None
