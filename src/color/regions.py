"""Step 1, describe: the five regions of a picture, four corners and an ellipse in the centre."""

from functools import lru_cache
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

REGIONS = ("top-left", "top-right", "bottom-right", "bottom-left", "centre")

# Masks of one size are drawn once and kept; above this many pixels they are drawn anew, to keep memory small.
LARGEST_KEPT_MASK = 4_000_000


class Region(NamedTuple):
    """One of the five regions of a picture: a box, and which of the box's pixels belong to the region."""

    rows: slice
    columns: slice
    mask: NDArray[Any]
    """uint8, 255 inside the region, 0 outside; shape of the box."""


def centre(height: int, width: int) -> tuple[int, int]:
    """Return column and row of the pixel where the corners meet."""
    return int(width * 0.5), int(height * 0.5)


def _axes(height: int, width: int) -> tuple[int, int]:
    return int(width * 0.75) // 2, int(height * 0.75) // 2


def draw_ellipse(picture: NDArray[Any], value: int) -> NDArray[Any]:
    """Fill the ellipse of a picture, uint8 of shape (height, width), with `value`; return the picture."""
    return cv2.ellipse(picture, centre(*picture.shape), _axes(*picture.shape), 0, 0, 360, value, -1)


def regions(height: int, width: int) -> tuple[Region, ...]:
    """Return the regions of a picture of at least one pixel, in the order of `REGIONS`.

    The ellipse has its centre at (int(width * 0.5), int(height * 0.5)) and spans three quarters of the picture each
    way. A corner is the rectangle between the picture's corner and that centre, both ends included as
    `cv2.rectangle` draws them, without the ellipse. So neighbouring corners share one row or column of pixels.
    """
    return _kept_regions(height, width) if height * width <= LARGEST_KEPT_MASK else _draw_regions(height, width)


def _draw_regions(height: int, width: int) -> tuple[Region, ...]:
    centre_x, centre_y = centre(height, width)
    axis_x, axis_y = _axes(height, width)
    ellipse = draw_ellipse(np.zeros((height, width), np.uint8), 255)
    outside = cv2.bitwise_not(ellipse)
    # cv2.rectangle includes its end point; a slice does not, hence the + 1.
    top, bottom = slice(0, centre_y + 1), slice(centre_y, height)
    left, right = slice(0, centre_x + 1), slice(centre_x, width)
    boxes = [(top, left), (top, right), (bottom, right), (bottom, left)]
    corners = [Region(rows, columns, outside[rows, columns]) for rows, columns in boxes]
    # Counting in the ellipse's own box gives the same histogram as in the whole picture, and is faster.
    box = (
        slice(max(centre_y - axis_y - 1, 0), centre_y + axis_y + 2),
        slice(max(centre_x - axis_x - 1, 0), centre_x + axis_x + 2),
    )
    return (*corners, Region(*box, ellipse[box]))


_kept_regions = lru_cache(maxsize=8)(_draw_regions)
