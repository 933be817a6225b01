"""Step 4, search: the part of a query that was searched by, drawn into the whole query."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ..imagepart import Cut
from .palette import ACCENT, BACKGROUND

# How much of the rest of a picture is left: it is seen, and does not count.
LEFT = 0.35
THICKNESS = 2
# A smaller part would lie under its frame: the frame then stands around it.
SMALLEST_FRAME = 14


def draw_part(picture: NDArray[np.uint8], cut: Cut, described: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a picture, as large as it is shown, with all but a part of it dimmed, and a frame around that.

    Parameters
    ----------
    picture : ndarray of uint8, shape (height, width, 3)
    cut : Cut
    described : ndarray of uint8
        The part, with what was drawn into it, of the shape of `cut.of(picture)`.
    """
    ground = np.array(BACKGROUND, np.float32)
    drawn = np.rint(picture * np.float32(LEFT) + ground * np.float32(1 - LEFT)).astype(np.uint8)
    cut.of(drawn)[:] = described
    height, width = picture.shape[:2]
    left, top, right, bottom = cut.edges_in(width, height)
    (left, right), (top, bottom) = _widened(left, right, width), _widened(top, bottom, height)
    framed = drawn[top:bottom, left:right]
    cv2.rectangle(framed, (0, 0), (right - left - 1, bottom - top - 1), ACCENT, THICKNESS)
    return drawn


def _widened(start: int, end: int, room: int) -> tuple[int, int]:
    """Return the edges of a frame that can be seen around what lies from start to end."""
    start = min(start, max((start + end - SMALLEST_FRAME) // 2, 0))
    return start, max(end, min(start + SMALLEST_FRAME, room))
