"""Duplicates: pictures that were turned or mirrored, as EXIF counts orientations."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .frequencies import Box

UPRIGHT = 1
ALL = range(1, 9)
# What a viewer does for each number: first rows and columns change places, then columns and rows are reversed.
_SWAPPED = {5, 6, 7, 8}
_COLUMNS_REVERSED, _ROWS_REVERSED = {2, 3, 6, 7}, {3, 4, 7, 8}


def turned(pictures: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Return square pictures as a viewer shows those of an orientation.

    Parameters
    ----------
    pictures : ndarray, shape (n, side, side) or (n, side, side, 3)
    orientation : int
        1 to 8; 6, for instance, is a quarter turn clockwise.
    """
    if orientation in _SWAPPED:
        pictures = pictures.swapaxes(1, 2)
    if orientation in _COLUMNS_REVERSED:
        pictures = pictures[:, :, ::-1]
    if orientation in _ROWS_REVERSED:
        pictures = pictures[:, ::-1]
    return np.ascontiguousarray(pictures)


def turned_box(box: Box, orientation: int) -> Box:
    """Return where a part of a picture is once that is turned, as shares of the sides."""
    across, down = (box[0], box[2]), (box[1], box[3])
    if orientation in _SWAPPED:
        across, down = down, across
    if orientation in _COLUMNS_REVERSED:
        across = 1 - across[1], 1 - across[0]
    if orientation in _ROWS_REVERSED:
        down = 1 - down[1], 1 - down[0]
    return across[0], down[0], across[1], down[1]


def reverse(orientation: int) -> int:
    """Return what turns a picture back that was turned by this."""
    return {6: 8, 8: 6}.get(orientation, orientation)


def swaps_sides(orientation: int) -> bool:
    """Tell whether a picture turned by this is as wide as it was high."""
    return orientation in _SWAPPED


def after(first: int, then: int) -> int:
    """Return what turning by one orientation and then by another one comes to."""
    return _TABLE[first, then]


def _both(first: int, then: int) -> int:
    marks = np.arange(4).reshape(1, 2, 2)
    wanted = turned(turned(marks, first), then)
    return next(one for one in ALL if (turned(marks, one) == wanted).all())


_TABLE = {(first, then): _both(first, then) for first in ALL for then in ALL}
