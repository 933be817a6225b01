"""Step 4, search: the queries of an evaluation that were answered worst, and what was found for them."""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from .lettering import Style, shorten
from .palette import ACCENT, DIM, STAGE, TEXT, TRACK, UNLIKE
from .pen import fill, put
from .picturecell import fit
from .resultlayout import Box
from .textruns import drawable

COLUMNS, GAP = 2, 40
FOUND = 5
QUERY_SIDE, FOUND_SIDE, CELL_GAP = 168, 92, 10
CAPTION, BLOCK_GAP = 50, 22
BAR = 5

NAME, LABEL = Style(16, TEXT), Style(15, DIM)


class Shown(NamedTuple):
    """A picture, and what is said of it."""

    picture: NDArray[np.uint8] | None
    """Pixels in the order blue, green, red; None if it cannot be shown."""
    name: str
    is_relevant: bool = False


class Bad(NamedTuple):
    """A query that was answered badly."""

    query: Shown
    label: str
    """Its class, or how many images should have been found."""
    found: Sequence[Shown]


def queries_height(count: int) -> int:
    """Return how many rows of the page so many queries take."""
    return -(-count // COLUMNS) * (QUERY_SIDE + CAPTION + BLOCK_GAP)


def draw_queries(page: NDArray[np.uint8], box: Box, queries: Sequence[Bad]) -> None:
    """Draw queries, each with the first that were found, into a box of the page, in place."""
    width = (box.width - GAP * (COLUMNS - 1)) // COLUMNS
    for number, bad in enumerate(queries):
        row, column = divmod(number, COLUMNS)
        top = box.top + row * (QUERY_SIDE + CAPTION + BLOCK_GAP)
        left = box.left + column * (width + GAP)
        _place(page, bad.query.picture, Box(left, top, QUERY_SIDE, QUERY_SIDE))
        put(page, shorten(drawable(bad.label), NAME, QUERY_SIDE), left, top + QUERY_SIDE + 18, NAME)
        put(page, shorten(drawable(bad.query.name), LABEL, QUERY_SIDE), left, top + QUERY_SIDE + 40, LABEL)
        left, across = left + QUERY_SIDE + 2 * CELL_GAP, width - QUERY_SIDE - 2 * CELL_GAP
        side = min((across - (FOUND - 1) * CELL_GAP) // FOUND, QUERY_SIDE)
        for place, found in enumerate(bad.found[:FOUND]):
            cell = Box(left + place * (side + CELL_GAP), top + QUERY_SIDE - side, side, side)
            _place(page, found.picture, cell)
            bar = Box(cell.left, cell.top + side + 2, side, BAR)
            fill(page, bar, ACCENT if found.is_relevant else UNLIKE)
            put(page, shorten(drawable(found.name), LABEL, side), cell.left, cell.top + side + 20, LABEL)


def _place(page: NDArray[np.uint8], picture: NDArray[np.uint8] | None, box: Box) -> None:
    fill(page, box, STAGE)
    if picture is None:
        cv2.rectangle(page, box, TRACK, 1)
        return
    shown = fit(picture, box.width, box.height)
    height, width = shown.shape[:2]
    top, left = box.top + (box.height - height) // 2, box.left + (box.width - width) // 2
    page[top : top + height, left : left + width] = shown
