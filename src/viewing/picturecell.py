"""Step 4, search: the places of pictures in a result picture, each as large as its place allows, in its middle."""

import cv2
import imutils
import numpy as np
from numpy.typing import NDArray

from .lettering import Style, shorten, text_width, write
from .palette import DIM, STAGE, TRACK
from .resultlayout import LARGEST_ENLARGEMENT, SMALLEST_SIDE, Box, fitted_size
from .textruns import drawable


def fit(picture: NDArray[np.uint8], width: int, height: int, enlarge: float = LARGEST_ENLARGEMENT) -> NDArray[np.uint8]:
    """Return a picture scaled into a box without stretching it; see `resultlayout.fitted_size`."""
    new_width, new_height = fitted_size(size_of(picture), width, height, enlarge)
    if (new_height, new_width) == picture.shape[:2]:
        return picture
    smooth = cv2.INTER_AREA if new_height < picture.shape[0] else cv2.INTER_CUBIC
    if max(picture.shape[:2]) * LARGEST_ENLARGEMENT < SMALLEST_SIDE:
        smooth = cv2.INTER_NEAREST
    # imutils keeps the shape by itself, but would make a very thin picture no pixel wide.
    if min(new_width, new_height) == 1:
        return cv2.resize(picture, (new_width, new_height), interpolation=smooth).astype(np.uint8, copy=False)
    by_width = width * picture.shape[0] <= height * picture.shape[1]
    side = {"width": new_width} if by_width else {"height": new_height}
    scaled: NDArray[np.uint8] = imutils.resize(picture, inter=smooth, **side)
    return scaled


def size_of(picture: NDArray[np.uint8]) -> tuple[int, int]:
    """Return width and height of a picture."""
    return picture.shape[1], picture.shape[0]


def place(page: NDArray[np.uint8], picture: NDArray[np.uint8], box: Box) -> Box:
    """Draw a picture in the middle of a box; return its place."""
    page[box.top : box.top + box.height, box.left : box.left + box.width] = STAGE
    width, height = size_of(picture)
    top, left = box.top + (box.height - height) // 2, box.left + (box.width - width) // 2
    page[top : top + height, left : left + width] = picture
    return Box(left, top, width, height)


def place_missing(page: NDArray[np.uint8], text: str, cell: Box) -> None:
    """Write why a picture cannot be shown into its place."""
    cv2.rectangle(page, cell, TRACK, 1)
    style = Style(min(max(cell.width // 14, 10), 20), DIM)
    text = shorten(drawable(text), style, cell.width - style.size)
    left = cell.left + (cell.width - text_width(text, style)) // 2
    write(page, text, left, cell.top + cell.height // 2, style)
