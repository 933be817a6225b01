"""Step 4, search: a chart of the classes of an evaluation: how well each is found, and what is found instead.

Each class has a row. On its left are marks for how precise the answers are, by each descriptor. On its right is its row
of the confusion matrix, whose columns are the classes in the same order.
"""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from .lettering import Colour, Style, shorten
from .palette import ACCENT, BACKGROUND, DIM, PANEL, TEXT, TRACK, UNLIKE
from .pen import fill, mixed, put
from .resultlayout import Box
from .textruns import drawable

# With more, neither names nor cells could be told apart.
MOST_CLASSES = 45

NAME_WIDTH, NUMBER_WIDTH, GAP = 250, 40, 36
TALLEST_ROW, WIDEST_MATRIX = 46, 800
HEAD = 92

# A share is seen better than it would be in proportion: a twentieth is worth seeing.
GAMMA = 0.6
# Cells of this size have room for a number.
NUMBERED_CELL = 30


class Mark(NamedTuple):
    """How a descriptor is drawn."""

    colour: Colour
    is_hollow: bool = False


class Classes(NamedTuple):
    """What the chart shows of each class, in the order of `names`."""

    names: Sequence[str]
    queries: Sequence[int]
    precisions: Sequence[Sequence[float]]
    """By each descriptor, of each class."""
    confusion: NDArray[np.float64]
    """Shape (classes, classes): the share of what was found for a class that is of another one."""
    depth: int
    """Among how many of the first."""
    confused: str
    """Whose confusion it is."""
    unshown: int = 0
    """Classes that the chart has no room for."""


def row_height(count: int) -> int:
    """Return how high a row is, and how wide a column of the matrix."""
    return min(TALLEST_ROW, WIDEST_MATRIX // max(count, 1))


def chart_height(classes: Classes) -> int:
    """Return how many rows of the page the chart takes."""
    return HEAD + row_height(len(classes.names)) * len(classes.names) + 40


def draw_classes(page: NDArray[np.uint8], box: Box, classes: Classes, marks: Sequence[Mark]) -> None:
    """Draw the chart into a box of the page, in place; it is `chart_height` rows high."""
    size = row_height(len(classes.names))
    letters = min(max(round(size * 0.62), 12), 20)
    side = size * len(classes.names)
    matrix = Box(box.left + box.width - side, box.top + HEAD, side, side)
    first = box.left + NAME_WIDTH + NUMBER_WIDTH
    track = Box(first, matrix.top, matrix.left - GAP - NUMBER_WIDTH - first, side)
    note, bold = Style(18, DIM), Style(20, TEXT, bold=True)
    put(page, f"precision of the first {classes.depth}", first, box.top + 20, bold)
    heading = shorten(f"what {drawable(classes.confused)} found for each class, in percent", bold, side + GAP)
    put(page, heading, matrix.left, box.top + 20, bold)
    put(page, "queries", first - 14, track.top - 18, note, "right")
    for share in (0, 0.5, 1):
        x = track.left + round(track.width * share)
        fill(page, Box(x, track.top, 1, side), TRACK)
        put(page, f"{share:g}", x, track.top - 18, note, "middle")
    if classes.unshown:
        text = f"The {len(classes.names)} classes found worst, of {len(classes.names) + classes.unshown}."
        put(page, text, box.left, track.top + side + 26, note)
    _draw_rows(page, box.left, track, size, classes, marks, letters)
    _draw_matrix(page, matrix, size, classes, letters)


def _draw_rows(
    page: NDArray[np.uint8], left: int, track: Box, size: int, classes: Classes, marks: Sequence[Mark], letters: int
) -> None:
    style = Style(letters, TEXT)
    for number, name in enumerate(classes.names):
        middle = track.top + number * size + size // 2
        put(page, shorten(drawable(name), style, NAME_WIDTH - 8), left, middle, style)
        put(page, f"{classes.queries[number]:,}", track.left - 14, middle, style._replace(colour=DIM), "right")
        cv2.line(page, (track.left, middle), (track.left + track.width, middle), PANEL, 2)
        # The last is drawn on top, and is the first to be named.
        for mark, precisions in zip(marks, classes.precisions, strict=True):
            draw_mark(page, track.left + round(track.width * precisions[number]), middle, mark, min(size // 4 + 1, 8))


def draw_mark(page: NDArray[np.uint8], x: int, y: int, mark: Mark, radius: int) -> None:
    """Draw the mark of a descriptor, with an edge that sets it off from others below."""
    cv2.circle(page, (x, y), radius + 2, BACKGROUND, -1, cv2.LINE_AA)
    cv2.circle(page, (x, y), radius, mark.colour, -1, cv2.LINE_AA)
    if mark.is_hollow:
        cv2.circle(page, (x, y), max(radius - 3, 1), BACKGROUND, -1, cv2.LINE_AA)


def _draw_matrix(page: NDArray[np.uint8], matrix: Box, size: int, classes: Classes, letters: int) -> None:
    numbers = Style(min(letters, 15), DIM)
    fill(page, matrix, PANEL)
    for row in range(len(classes.names)):
        top = matrix.top + row * size
        put(page, f"{row + 1}", matrix.left - 10, top + size // 2, numbers, "right")
        put(page, f"{row + 1}", matrix.left + row * size + size // 2, matrix.top - 14, numbers, "middle")
        for column in range(len(classes.names)):
            share = float(classes.confusion[row, column])
            cell = Box(matrix.left + column * size + 1, top + 1, size - 1, size - 1)
            strength = min(share, 1) ** GAMMA
            fill(page, cell, mixed(PANEL, ACCENT if row == column else UNLIKE, strength))
            if size >= NUMBERED_CELL and round(100 * share):
                style = Style(15, BACKGROUND if strength > 0.7 else TEXT)
                put(page, f"{100 * share:.0f}", cell.left + size // 2, cell.top + size // 2 - 1, style, "middle")
