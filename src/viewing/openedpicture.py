"""Step 4, search: a result as it is shown in a window of its own, a tiny one enlarged, another as it is."""

import cv2
import numpy as np
from numpy.typing import NDArray

from .palette import BACKGROUND
from .picturecell import fit
from .window import Draw

# A picture smaller than this is opened larger, each of its pixels as a square.
TINY = 200
# A window smaller than this can hardly be seen and closed.
SMALLEST_WINDOW = (240, 160)


def opened(picture: NDArray[np.uint8], room: tuple[int, int]) -> tuple[tuple[int, int], Draw]:
    """Return width and height of the window that a picture is opened in, and what draws it there.

    Parameters
    ----------
    picture : ndarray of uint8, shape (height, width, 3)
    room : (int, int)
        The largest width and height of a window.
    """
    picture = _enlarged(picture)
    shown = fit(picture, *room, enlarge=1)
    size = max(shown.shape[1], SMALLEST_WINDOW[0]), max(shown.shape[0], SMALLEST_WINDOW[1])

    def draw(width: int, height: int) -> NDArray[np.uint8]:
        # As it is, where the window is as large as when it was opened.
        return _framed(fit(picture, width, height, enlarge=1 if (width, height) == size else 1000), width, height)

    return size, draw


def _enlarged(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a picture of which each pixel is a square, if it is tiny."""
    times = 2 * TINY // max(picture.shape[:2])
    return picture.repeat(times, axis=0).repeat(times, axis=1) if times > 1 else picture


def _framed(picture: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """Lay a picture on the middle of a ground."""
    across, down = width - picture.shape[1], height - picture.shape[0]
    frame = (down // 2, down - down // 2, across // 2, across - across // 2)
    return cv2.copyMakeBorder(picture, *frame, cv2.BORDER_CONSTANT, value=BACKGROUND).astype(np.uint8, copy=False)
