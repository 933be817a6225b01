"""Step 4, search: the few strokes of which charts and figures are made."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .lettering import Colour, Style, text_width, write
from .resultlayout import Box

Side = Literal["left", "middle", "right"]


def put(page: NDArray[np.uint8], text: str, x: int, middle: int, style: Style, side: Side = "left") -> int:
    """Write one line of text and return the column behind it.

    Parameters
    ----------
    page : ndarray of uint8, shape (height, width, 3)
        Written to in place.
    text : str
    x : int
        Where the text has its left or right end or its middle, as `side` says.
    middle : int
        The row through the middle of its capital letters.
    style : Style
    side : 'left', 'middle' or 'right', optional
    """
    width = text_width(text, style)
    left = x - {"left": 0, "middle": width // 2, "right": width}[side]
    write(page, text, left, middle, style)
    return left + width


def fill(page: NDArray[np.uint8], box: Box, colour: Colour) -> None:
    """Fill a box with one colour."""
    page[box.top : box.top + box.height, box.left : box.left + box.width] = colour


def place_in(page: NDArray[np.uint8], picture: NDArray[np.uint8], box: Box) -> Box:
    """Lay a picture on the middle of a box that is at least as large; return its place."""
    height, width = picture.shape[:2]
    top, left = box.top + (box.height - height) // 2, box.left + (box.width - width) // 2
    page[top : top + height, left : left + width] = picture
    return Box(left, top, width, height)


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """Return a colour that is so much of the other one, from 0 to 1."""
    blue, green, red = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return blue, green, red
