"""Step 4, search: how the pictures that were found lie in the query, drawn into it, and what matches in both.

Each result has a colour of its own, by its rank. Its outline in the query, the frame of its picture and the points that
match have this colour, and both have its number. A dark edge sets them off from a picture of any colour.
"""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from .lettering import Colour, Style, blended, text_width, write
from .palette import BACKGROUND, OF_RANKS
from .resultlayout import Box

# OpenCV takes places in so many parts of a pixel.
SHIFT = 4
PARTS = 1 << SHIFT
# Outlines are thinner where the picture is smaller than that from edge to edge.
USUAL_SIDE = 240
# Steps along an outline in which a place for its number is looked for.
STEPS = 160
# What lies further out than so many pictures is drawn as if it lay there: OpenCV counts pixels in 32 bits.
FURTHEST = 20.0
# How wide the dark edge of a point is.
EDGE = 1.1
# Of the numbers of results: one size on a page, the larger one if no picture is smaller than that from edge to edge.
LETTERS, SMALL_LETTERS, SIDE_OF_LETTERS = 15, 11, 100
# In a legend, so many colours stand for all.
MOST_SAMPLES = 5


class Seen(NamedTuple):
    """How a picture that was found lies in the query; places are shares of width and height."""

    rank: int
    """1 for the nearest."""
    corners: NDArray[np.float64]
    """In the query, shape (4, 2), from the top left of the picture on, clockwise in the picture."""
    points: NDArray[np.float64]
    """In the query, shape (n, 2), what matches: to be drawn, so none if that is not wanted."""
    own_points: NDArray[np.float64]
    """The same in the picture that was found."""

    @property
    def colour(self) -> Colour:
        return OF_RANKS[(self.rank - 1) % len(OF_RANKS)]


def letters_of(smallest_side: int) -> int:
    """Return the size of the numbers on a page whose smallest picture with a number has such a side, in pixels."""
    return LETTERS if smallest_side >= SIDE_OF_LETTERS else SMALL_LETTERS


def draw_outlines(picture: NDArray[np.uint8], found: Sequence[Seen], letters: int = LETTERS) -> NDArray[np.uint8]:
    """Return a query, as large as it is shown, with the outlines and points of what was found; the best are on top."""
    drawn, thickness = picture.copy(), _thickness(picture)
    for one in reversed(found):
        corners = _pixels(drawn, np.clip(one.corners, -FURTHEST, 1 + FURTHEST))
        for colour, thick in ((BACKGROUND, thickness + 2), (one.colour, thickness)):
            cv2.polylines(drawn, [corners], True, colour, thick, cv2.LINE_AA, SHIFT)
    for one in reversed(found):
        _draw_points(drawn, one.points, one.colour)
    taken: list[Box] = []
    for one in found:
        plate = _place_of_number(drawn, one, taken, letters)
        taken.append(plate)
        _draw_number(drawn, plate, one, letters)
    return drawn


def within_frame(picture: Box) -> Box:
    """Return what of a picture, as large as it is shown, is inside of the frame that `draw_frame` gives it."""
    thick = _thickness_of(min(picture.width, picture.height))
    return Box(
        picture.left + thick, picture.top + thick, max(picture.width - 2 * thick, 1), max(picture.height - 2 * thick, 1)
    )


def draw_frame(picture: NDArray[np.uint8], found: Seen, letters: int = LETTERS) -> NDArray[np.uint8]:
    """Return the picture of a result, as large as it is shown, in its frame, with its number and what matches."""
    drawn, thickness = picture.copy(), _thickness(picture)
    height, width = drawn.shape[:2]
    for colour, thick in ((BACKGROUND, thickness + 1), (found.colour, thickness)):
        for side in (drawn[:thick], drawn[-thick:], drawn[:, :thick], drawn[:, -thick:]):
            side[:] = colour
    _draw_points(drawn, found.own_points, found.colour)
    plate = _plate(drawn, found.rank, 0, 0, letters)
    if plate.width * 3 < width and plate.height * 3 < height:
        _draw_number(drawn, plate, found, letters)
    return drawn


def draw_sample(strip: NDArray[np.uint8], colours: Sequence[Colour]) -> None:
    """Fill a strip of a picture, in place, with points as they are drawn, of some colours."""
    places = (np.arange(MOST_SAMPLES) + 0.5) / MOST_SAMPLES
    for place, colour in zip(places, colours, strict=False):
        _draw_points(strip, np.array([[place, 0.5]]), colour)


def _thickness(picture: NDArray[np.uint8]) -> int:
    return _thickness_of(min(picture.shape[:2]))


def _thickness_of(side: int) -> int:
    return 2 if side >= USUAL_SIDE // 2 else 1


def _pixels(picture: NDArray[np.uint8], places: NDArray[np.float64]) -> NDArray[np.int32]:
    """Return places as OpenCV takes them: of the middle of a pixel, in parts of it."""
    height, width = picture.shape[:2]
    return np.rint((places * (width, height) - 0.5) * PARTS).astype(np.int32)


def _draw_points(picture: NDArray[np.uint8], places: NDArray[np.float64], colour: Colour) -> None:
    """Draw points with a dark edge, as smooth as OpenCV draws only larger ones."""
    height, width = picture.shape[:2]
    radius = 2.4 if min(height, width) >= USUAL_SIDE else 1.8
    reach = math.ceil(radius + EDGE) + 1
    for across, down in places * (width, height) - 0.5:
        if not (-reach < across < width + reach and -reach < down < height + reach):
            continue
        left, top = max(round(across) - reach, 0), max(round(down) - reach, 0)
        part = picture[top : round(down) + reach + 1, left : round(across) + reach + 1]
        x, y = left + np.arange(part.shape[1]), top + np.arange(part.shape[0])[:, None]
        inwards = (radius - np.hypot(x - across, y - down))[:, :, None]
        dark = blended(part, BACKGROUND, np.clip(inwards + EDGE + 0.5, 0, 1))
        part[:] = blended(dark, colour, np.clip(inwards + 0.5, 0, 1))


def _place_of_number(picture: NDArray[np.uint8], one: Seen, taken: Sequence[Box], letters: int) -> Box:
    """Return the first place along an outline, from its own top left on, where its number hides no other one."""
    height, width = picture.shape[:2]
    first: Box | None = None
    for across, down in _along(one.corners):
        if not (0 <= across <= 1 and 0 <= down <= 1):
            continue
        plate = _plate(picture, one.rank, round(across * width), round(down * height), letters, is_middle=True)
        first = first or plate
        if not any(_overlap(plate, other) for other in taken):
            return plate
    # All of it may lie outside, where the query shows a part of the picture.
    return first or _plate(picture, one.rank, width // 2, height // 2, letters, is_middle=True)


def _along(corners: NDArray[np.float64]) -> Iterator[tuple[float, float]]:
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        for share in np.linspace(0, 1, STEPS // 4, endpoint=False):
            across, down = start + (end - start) * share
            yield float(across), float(down)


def _style(letters: int) -> Style:
    return Style(letters, BACKGROUND, bold=True)


def _plate(picture: NDArray[np.uint8], rank: int, left: int, top: int, letters: int, *, is_middle: bool = False) -> Box:
    """Return where the number of a result stands, all of it on the picture if there is room."""
    style, (height, width) = _style(letters), picture.shape[:2]
    tall = round(style.size * 1.3)
    wide = max(text_width(str(rank), style) + style.size * 2 // 3, tall)
    if is_middle:
        left, top = left - wide // 2, top - tall // 2
    return Box(max(min(left, width - wide), 0), max(min(top, height - tall), 0), wide, tall)


def _overlap(one: Box, other: Box) -> bool:
    return (
        abs(one.left + one.width / 2 - other.left - other.width / 2) < (one.width + other.width) / 2 + 1
        and abs(one.top + one.height / 2 - other.top - other.height / 2) < (one.height + other.height) / 2 + 1
    )


def _draw_number(picture: NDArray[np.uint8], plate: Box, one: Seen, letters: int) -> None:
    style, text = _style(letters), str(one.rank)
    last = plate.left + plate.width - 1, plate.top + plate.height - 1
    cv2.rectangle(picture, (plate.left - 1, plate.top - 1), (last[0] + 1, last[1] + 1), BACKGROUND, cv2.FILLED)
    cv2.rectangle(picture, (plate.left, plate.top), last, one.colour, cv2.FILLED)
    left = plate.left + (plate.width - text_width(text, style)) // 2
    write(picture, text, left, plate.top + plate.height // 2, style)
