"""Step 4, search: the caption of a result, with rank, similarity, distance, a bar, and the name."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ..distance import similarity_text
from .lettering import Colour, Style, shorten, text_width, write
from .palette import ACCENT, DIM, TEXT, TRACK
from .resultlayout import BAR_LINE, NAME_LINE, NUMBERS_LINE, STACKED_LINE, Box
from .textruns import drawable

# The words before the two numbers. Those in full have room in every usual picture; in the smallest windows they do not.
WORDS = (("similarity ", "distance "), ("sim. ", "dist. "), ("", ""))


def draw_caption(
    page: NDArray[np.uint8],
    cell: Box,
    size: int,
    is_stacked: bool,
    rank: int,
    similarity: float,
    distance: float,
    name: str,
    colour: Colour = ACCENT,
) -> None:
    """Draw the caption of a result below its cell, in place.

    Parameters
    ----------
    page : ndarray of uint8, shape (height, width, 3)
    cell : Box
        The place of the picture, which is as wide as the caption may be.
    size : int
        Of the letters.
    is_stacked : bool
        Whether the distance has a line of its own.
    rank, similarity, distance, name
        As in `resultpicture.Match`.
    colour : Colour, optional
        Of the rank.
    """
    top, right = cell.top + cell.height, cell.left + cell.width
    strong, dim = Style(size, TEXT, bold=True), Style(size, DIM)
    middle = top + round(size * NUMBERS_LINE)
    write(page, str(rank), cell.left, middle, strong._replace(colour=colour))
    first = cell.left + text_width(str(rank), strong) + size // 2
    numbers = similarity_text(similarity), f"{distance:.4f}"
    for words in WORDS:
        second = first + text_width(words[0], dim)
        end = second + text_width(numbers[0], strong)
        last = right - text_width(words[1] + numbers[1], dim)
        if end <= right and last >= (cell.left if is_stacked else end + size):
            break
    write(page, words[0], first, middle, dim)
    write(page, numbers[0], second, middle, strong)
    if is_stacked:
        top += round(size * STACKED_LINE)
        middle = top + round(size * NUMBERS_LINE)
        last = first
    write(page, words[1] + numbers[1], last, middle, dim)
    _draw_bar(page, similarity, Box(cell.left, top + round(size * BAR_LINE), cell.width, max(size // 5, 2)))
    plain = Style(size, TEXT)
    write(page, shorten(drawable(name), plain, cell.width), cell.left, top + round(size * NAME_LINE), plain)


def _draw_bar(page: NDArray[np.uint8], share: float, box: Box) -> None:
    # The ends are round and reach half a thickness further.
    first, last = box.left + box.height // 2, box.left + box.width - 1 - box.height // 2
    cv2.line(page, (first, box.top), (last, box.top), TRACK, box.height, cv2.LINE_AA)
    end = first + round((last - first) * min(max(share, 0), 1))
    if end > first:
        cv2.line(page, (first, box.top), (end, box.top), ACCENT, box.height, cv2.LINE_AA)
