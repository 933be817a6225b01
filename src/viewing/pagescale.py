"""Step 4, search: a page in a window of any size; in a small window it is laid out larger, and shown reduced."""

import cv2
import numpy as np
from numpy.typing import NDArray

from .display import Display
from .resultlayout import SMALLEST_HEIGHT, SMALLEST_WIDTH, USUAL_HEIGHT, USUAL_WIDTH
from .window import room_on


def usual_size(display: Display) -> tuple[int, int]:
    """Return width and height of the window of a page, in pixels, before anybody resizes it."""
    room = room_on(display)
    scale = min(room[0] / USUAL_WIDTH, room[1] / USUAL_HEIGHT)
    return round(USUAL_WIDTH * scale), round(USUAL_HEIGHT * scale)


def scale_of(width: int, height: int) -> float:
    """Return how many times larger a page is laid out than a window is, from 1 on."""
    return max(SMALLEST_WIDTH / width, SMALLEST_HEIGHT / height, 1)


def scaled(width: int, height: int) -> tuple[int, int]:
    """Return the width and height, in pixels, that a page is laid out for in a window."""
    scale = scale_of(width, height)
    return round(width * scale), round(height * scale)


def in_window(page: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """Return a page that was laid out as `scaled` says, in the size of its window.

    Parameters
    ----------
    page : ndarray of uint8, shape (at most the height it was laid out for, width, 3)
        Below it, its last row goes on.
    width, height : int
        Of the window, in pixels.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)
    """
    missing = max(round(height * scale_of(width, height)) - page.shape[0], 0)
    page = cv2.copyMakeBorder(page, 0, missing, 0, 0, cv2.BORDER_REPLICATE).astype(np.uint8, copy=False)
    if page.shape[:2] != (height, width):
        page = cv2.resize(page, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    return page
