"""The page a figure is drawn on: its grid, its letters, and the few shapes it is made of."""

from __future__ import annotations

import os
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from src.atomicfile import replacing
from src.viewing.lettering import Colour, Style
from src.viewing.palette import ACCENT, BACKGROUND, DIM, PANEL, TEXT, TRACK
from src.viewing.pen import put as put
from src.viewing.picturecell import fit

# The README shows figures at little more than half of this width, so no letter is smaller than 22.
WIDTH = 1600
MARGIN = 80
# As many pixels as there are features: a strip over the whole width has one column for each.
CONTENT = WIDTH - 2 * MARGIN
RIGHT = MARGIN + CONTENT

TITLE = Style(34, TEXT, bold=True)
BOLD = Style(24, TEXT, bold=True)
PLAIN = Style(24, TEXT)
NOTE = Style(24, DIM)
SMALL = Style(22, DIM)

HEADING_HEIGHT = 62

# Colour in full resolution, because some bars are one pixel wide.
ENCODING = [
    *(cv2.IMWRITE_JPEG_QUALITY, 86, cv2.IMWRITE_JPEG_OPTIMIZE, 1),
    *(cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444),
]

SMALL_PNG = [cv2.IMWRITE_PNG_COMPRESSION, 9]

Image8 = NDArray[np.uint8]
"""A picture, shape (height, width, 3): blue, green, red."""


class Box(NamedTuple):
    """A rectangle of the page, in pixels."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column behind it."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """The first row below it."""
        return self.top + self.height

    @property
    def middle(self) -> int:
        """The row through its middle."""
        return self.top + self.height // 2


def blank_page(height: int) -> Image8:
    """Return an empty page, an array (height, WIDTH, 3) of uint8."""
    return np.full((height, WIDTH, 3), BACKGROUND, np.uint8)


def put_heading(page: Image8, number: int, title: str, left: int, top: int, note: str = "") -> None:
    """Write a step's number and title, and a quieter remark behind it; takes `HEADING_HEIGHT` rows."""
    middle = top + TITLE.size // 2
    x = put(page, str(number), left, middle, TITLE._replace(colour=ACCENT))
    x = put(page, title, x + 16, middle, TITLE)
    put(page, note, x + 24, middle + 2, NOTE)


def put_picture(page: Image8, picture: Image8, box: Box) -> None:
    """Put a picture into the middle of a box, as large as fits."""
    shown = fit(picture, box.width, box.height, enlarge=4)
    height, width = shown.shape[:2]
    top, left = box.top + (box.height - height) // 2, box.left + (box.width - width) // 2
    page[top : top + height, left : left + width] = shown


def area(page: Image8, box: Box) -> Image8:
    """Return the part of the page inside a box, to draw into."""
    return page[box.top : box.bottom, box.left : box.right]


def fill(page: Image8, box: Box, colour: Colour = PANEL) -> None:
    """Fill a box with one colour."""
    area(page, box)[:] = colour


def bracket(page: Image8, left: int, right: int, top: int, label: str) -> None:
    """Draw a bracket under the columns from `left` up to `right`, and write below what they are."""
    fill(page, Box(left, top, 2, 12), TRACK)
    fill(page, Box(right - 2, top, 2, 12), TRACK)
    fill(page, Box(left, top + 10, right - left, 2), TRACK)
    put(page, label, (left + right) // 2, top + 32, SMALL, "middle")


def save_figure(path: str, page: Image8) -> None:
    """Write a figure as a JPEG, or as a PNG if the name ends so, whole or not at all.

    Smaller than the pictures of `search.py --output`, because everyone who opens the README loads it.
    """
    ending = os.path.splitext(path)[1]
    done, data = cv2.imencode(ending, page, SMALL_PNG if ending == ".png" else ENCODING)
    if not done:
        raise OSError(f"the encoder of {ending} failed")
    with replacing(path) as file:
        file.write(data.tobytes())
