"""Duplicates: a page with two pictures, and where they differ beside them, so amplified that people see it."""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from .lettering import Style, shorten
from .palette import ACCENT, BACKGROUND, DIM, STAGE, TEXT, TRACK
from .pen import fill, place_in, put
from .picturecell import fit
from .picturedifference import Difference
from .resultlayout import SMALLEST_LETTERS, USUAL_HEIGHT, USUAL_WIDTH, Box, fitted_size
from .textruns import drawable

MARGIN, GAP, HEAD, NAME, FOOT, LETTERS = 30, 16, 62, 40, 130, 18
# On a page lower than this, letters are smaller, too.
LOWEST = 2 * (HEAD + NAME + FOOT)

# Each step of the legend is twice the difference of the one before: 0, 1, 3, 7 ... 255.
STEPS = 8


def draw_difference(
    difference: Difference, *, width: int = USUAL_WIDTH, height: int = USUAL_HEIGHT, hint: str = ""
) -> NDArray[np.uint8]:
    """Return a page with both pictures and their difference: uint8 of shape (height, width, 3), blue first.

    Parameters
    ----------
    difference : Difference
    width, height : int, optional
        Width of the page and its largest height, in pixels. It is only as high as it must be.
    hint : str, optional
        A line for the foot.
    """
    unit = min(width / USUAL_WIDTH, height / LOWEST)
    margin, gap, head, name, foot = (max(round(length * unit), 1) for length in (MARGIN, GAP, HEAD, NAME, FOOT))
    letters = max(round(LETTERS * unit), SMALLEST_LETTERS)
    across = (width - 2 * margin - 2 * gap) // 3
    room = max(height - head - name - foot, 1)
    pictures = [difference.one, difference.other, amplified(difference.levels, across, room)]
    tall = max(fitted_size((one.shape[1], one.shape[0]), across, room)[1] for one in pictures)
    page = np.full((head + tall + name + foot, width, 3), BACKGROUND, np.uint8)
    style = Style(letters, TEXT)
    put(page, "Difference", margin, head // 2, Style(round(letters * 1.1), ACCENT, bold=True))
    is_none = not difference.largest
    names = [*map(drawable, difference.names), "no difference" if is_none else "the largest difference in each place"]
    for place, (picture, text) in enumerate(zip(pictures, names, strict=True)):
        box = Box(margin + place * (across + gap), head, across, tall)
        fill(page, box, STAGE)
        shown = place_in(page, fit(picture, box.width, box.height), box)
        if difference.is_part and place < 2:
            part = difference.boxes[place]
            scale = shown.width / picture.shape[1]
            left, top, wide, high = (round(length * scale) for length in part)
            cv2.rectangle(page, Box(shown.left + left, shown.top + top, wide, high), ACCENT, max(round(2 * unit), 1))
        put(page, shorten(text, style, across), box.left, head + tall + name // 2, style)
    top = head + tall + name
    for number, line in enumerate(difference.words):
        middle = top + round(letters * (0.6 + 1.5 * number))
        put(page, shorten(line, style, width - 2 * margin), margin, middle, style._replace(colour=DIM))
    draw_levels(page, margin, top + round(letters * 4.2), letters)
    dim = style._replace(colour=DIM)
    put(page, hint, width - margin, page.shape[0] - round(letters * 1.2), dim, "right")
    return page


def amplified(levels: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """Return differences as colours, black for none, in a picture that fits so many pixels each way.

    Of pixels that are shown as one, that with the largest difference counts: none is lost, however small the picture.

    Parameters
    ----------
    levels : ndarray of uint8, shape (height, width)
    width, height : int
    """
    wide, tall = fitted_size((levels.shape[1], levels.shape[0]), width, height)
    across, down = -(-levels.shape[1] // wide), -(-levels.shape[0] // tall)
    if across > 1 or down > 1:
        largest = cv2.dilate(levels, np.ones((down, across), np.uint8), anchor=(0, 0))
        levels = cv2.resize(largest, (wide, tall), interpolation=cv2.INTER_NEAREST).astype(np.uint8, copy=False)
    return fit(_colours()[levels], width, height)


@lru_cache(maxsize=1)
def _colours() -> NDArray[np.uint8]:
    """Return the colour of each of 256 levels: the lighter, the more, also for who does not see all colours."""
    strength = np.log2(np.arange(256) + 1.0) / STEPS
    places = np.rint(255 * strength).astype(np.uint8).reshape(1, -1)
    return np.asarray(cv2.applyColorMap(places, cv2.COLORMAP_INFERNO)[0], np.uint8)


def draw_levels(page: NDArray[np.uint8], left: int, middle: int, letters: int) -> None:
    """Draw the legend of a difference into a page, in place, from column `left` on; row `middle` goes through it."""
    style = Style(letters, DIM)
    left = put(page, "Difference in levels of 255:", left, middle, style) + letters
    for step in range(STEPS + 1):
        level = 2**step - 1
        left = put(page, str(level), left, middle, style) + letters // 3
        box = Box(left, middle - letters // 2, 2 * letters, letters)
        page[box.top : box.top + box.height, box.left : box.left + box.width] = _colours()[level]
        cv2.rectangle(page, box, TRACK, 1)
        left += box.width + letters // 2
