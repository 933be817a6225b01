"""Step 4, search: the part of a query that was searched by, drawn into the whole query."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ..imagepart import Cut
from .palette import ACCENT, BACKGROUND

# How much of the rest of a picture is left: it is seen, and does not count.
LEFT = 0.35
THICKNESS = 2


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
    part = cut.of(drawn)
    part[:] = described
    height, width = part.shape[:2]
    cv2.rectangle(part, (0, 0), (width - 1, height - 1), ACCENT, THICKNESS)
    return drawn
