"""Step 4, search: an explanation drawn into a result, of where its colours match the query's and where they differ.

Each region has a frame and a number: how much of its own colours it has in common with that region of the query, on one
scale for all results. The pictures keep their colours, as these are what is explained.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..colordescriptor import REGIONS, regions
from .lettering import Colour, Style, blended, text_width, write
from .palette import ALIKE, DIM, HALFWAY, TEXT, UNLIKE
from .resultlayout import Box

# A frame is that thick where a region is the same, and where it has nothing in common: it is told in grey, too.
THINNEST, THICKEST = 1.3, 4.5
# These are for a picture with this much from edge to edge; a smaller one gets thinner frames.
USUAL_SIDE = 160

# From one of these similarities to the other the colour changes, as most of those that are found lie between them.
FIRST_CHANGE, LAST_CHANGE = 0.9, 0.2

# On both sides of a frame, a dark line sets it off from a picture of any colour.
SHADE, SHADE_SHARE = 0.9, 0.6

SMALLEST_LETTERS, LARGEST_LETTERS = 10, 17

# With less than this of a label's width between two of them, they hide a picture; and so above each other.
HIDING = 0.5

SAME_COLOURS, SAME_FILE = "same colours", "same file"

Place = tuple[int, int]
"""Across and down from the middle of a picture, each -1, 0 or 1."""

# The place of each region's label, in the order of `REGIONS`.
LABEL_PLACES: tuple[Place, ...] = ((-1, -1), (1, -1), (1, 1), (-1, 1), (0, 0))


def frame_colour(similarity: float) -> Colour:
    """Return the colour of a region's frame, for a similarity from 1 to 0."""
    change = min(max((FIRST_CHANGE - similarity) / (FIRST_CHANGE - LAST_CHANGE), 0.0), 1.0)
    ends, share = ((ALIKE, HALFWAY), 2 * change) if change < 0.5 else ((HALFWAY, UNLIKE), 2 * change - 1)
    blue, green, red = (round(one + (other - one) * share) for one, other in zip(*ends, strict=True))
    return blue, green, red


def frame_thickness(similarity: float, height: int, width: int) -> float:
    """Return how thick a region's frame is in a picture of that size, in pixels."""
    thickness = THINNEST + (THICKEST - THINNEST) * (1 - similarity)
    return max(thickness * min(min(height, width) / USUAL_SIDE, 1.5), 1)


def draw_frames(picture: NDArray[np.uint8], similarities: Sequence[float] | None) -> NDArray[np.uint8]:
    """Return a picture, as large as it is shown, with a frame in each of its regions.

    ValueError if there are not as many similarities as regions. Without any, as for a query, the frames are all alike.
    """
    if similarities is not None and len(similarities) != len(REGIONS):
        raise ValueError(f"there are {len(REGIONS)} regions, but {len(similarities)} similarities")
    height, width = picture.shape[:2]
    wanted = similarities or [1.0] * len(REGIONS)
    thick = np.array([frame_thickness(similarity, height, width) for similarity in wanted], np.float32)
    colours = np.array([DIM if similarities is None else frame_colour(one) for one in wanted], np.float32)
    near, depth, numbers = _edges(height, width)
    framed = picture.copy()
    # From the edge of a region to its inside: a dark line, the frame, a dark line. Their ends are smooth.
    last = SHADE / 2 + thick[numbers]
    shade = SHADE_SHARE * np.clip(last + SHADE + 0.5 - depth, 0, 1)
    paint = np.clip(depth - SHADE / 2 + 0.5, 0, 1) * np.clip(last + 0.5 - depth, 0, 1)
    shaded = framed[near] * (1 - shade)[:, None]
    framed[near] = blended(shaded, colours[numbers], paint[:, None])
    return framed


@lru_cache(maxsize=8)
def _edges(height: int, width: int) -> tuple[tuple[NDArray[np.intp], ...], NDArray[np.float32], NDArray[np.intp]]:
    """Return the pixels of a picture that a frame may reach, how far they are from the edge, and of which region."""
    top_left, *_, centre = regions(height, width)
    middle_x, middle_y = top_left.columns.stop - 1, top_left.rows.stop - 1
    # The centre's box is one pixel larger than the ellipse, and a slice ends one further still.
    axis_x, axis_y = max(centre.columns.stop - 2 - middle_x, 0.5), max(centre.rows.stop - 2 - middle_y, 0.5)
    across, down = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)[:, None]
    x, y = across - middle_x, down - middle_y
    edge_x = np.minimum(np.abs(x), np.minimum(across, width - 1 - across))
    edge_y = np.minimum(np.abs(y), np.minimum(down, height - 1 - down))
    # From the ellipse, to first order, which is exact where it counts: near it.
    reach = np.maximum(np.hypot(x / axis_x, y / axis_y), 1e-6)
    inwards = (1 - reach) * reach / np.maximum(np.hypot(x / axis_x**2, y / axis_y**2), 1e-12)
    depth = np.where(reach <= 1, inwards, np.minimum(np.minimum(edge_x, edge_y) + 0.5, -inwards))
    near = np.nonzero(depth < frame_thickness(0, height, width) + 2 * SHADE + 0.5)
    corner = np.where(y < 0, np.where(x < 0, 0, 1), np.where(x < 0, 3, 2))
    return near, depth[near], np.where(reach <= 1, 4, corner)[near]


def draw_labels(cell: NDArray[np.uint8], picture: Box, similarities: Sequence[float], is_same_file: bool) -> None:
    """Write how similar each region is into the cell that a framed picture stands in, in place.

    Where nothing differs, that is said in words. A picture too narrow for its labels has them partly beside it.

    Parameters
    ----------
    cell : ndarray of uint8, shape (height, width, 3)
    picture : Box
        The place of the picture in the cell.
    similarities : sequence of float
        In the order of `REGIONS`.
    is_same_file : bool
        Whether the picture's file has the same content as the query's.
    """
    style = _label_style(picture)
    if min(similarities) == 1:
        _write_words(cell, picture, SAME_FILE if is_same_file else SAME_COLOURS, style)
        return
    texts = [percent(similarity) for similarity in similarities]
    wide, tall = max(text_width(text, style) for text in texts) + style.size * 2 // 3, round(style.size * 1.4)
    gap, inset = max(style.size // 5, 2), max(style.size // 3, 2)
    centre_x, centre_y = picture.left + picture.width // 2, picture.top + picture.height // 2
    offset_x, offset_y = picture.width // 2 - inset - wide, picture.height // 2 - inset - tall
    # Labels that would hide a narrow picture stand beside it, those that would hide a flat one above and below.
    if offset_x < wide * HIDING:
        offset_x = min(picture.width // 2 + gap, cell.shape[1] // 2 - wide)
    if offset_y < tall * HIDING:
        offset_y = min(picture.height // 2 + gap, cell.shape[0] // 2 - tall)
    offset_x = max(offset_x, gap // 2)
    if offset_x < wide // 2 + gap:
        offset_y = max(offset_y, tall // 2 + gap)
    for (across, down), text, similarity in zip(LABEL_PLACES, texts, similarities, strict=True):
        left = centre_x + {-1: -offset_x - wide, 0: -wide // 2, 1: offset_x}[across]
        top = centre_y + {-1: -offset_y - tall, 0: -tall // 2, 1: offset_y}[down]
        left, top = (
            max(min(place, room - taken), 0)
            for place, room, taken in ((left, cell.shape[1], wide), (top, cell.shape[0], tall))
        )
        _write_on_plate(cell, text, Box(left, top, wide, tall), style, frame_colour(similarity))


def _label_style(picture: Box) -> Style:
    size = round((picture.width * picture.height) ** 0.5 / 12)
    return Style(min(max(size, SMALLEST_LETTERS), LARGEST_LETTERS), TEXT)


def percent(similarity: float) -> str:
    """Return a region's similarity as its label says it: 100 % is said of the same colours alone."""
    return f"{100 if similarity == 1 else min(round(100 * similarity), 99)}%"


def draw_scale(strip: NDArray[np.uint8]) -> None:
    """Fill a strip of a picture, in place, with frames from the same colours to none in common: a wedge."""
    height, width = strip.shape[:2]
    for column in range(width):
        similarity = 1 - column / max(width - 1, 1)
        tall = max(round(height * (THINNEST + (THICKEST - THINNEST) * (1 - similarity)) / THICKEST), 1)
        strip[(height - tall) // 2 : (height - tall) // 2 + tall, column] = frame_colour(similarity)


def _write_words(cell: NDArray[np.uint8], picture: Box, words: str, style: Style) -> None:
    """Write words into the middle of a picture, one below the other where the cell is narrow."""
    wide = text_width(words, style) + style.size
    lines = [words] if wide <= cell.shape[1] else words.split()
    tall = round(style.size * 1.5)
    top = picture.top + (picture.height - tall * len(lines)) // 2
    for line in lines:
        wide = min(text_width(line, style) + style.size, cell.shape[1])
        left = picture.left + (picture.width - wide) // 2
        _write_on_plate(cell, line, Box(max(left, 0), max(top, 0), wide, tall), style, ALIKE)
        top += tall


def _write_on_plate(cell: NDArray[np.uint8], text: str, plate: Box, style: Style, colour: Colour) -> None:
    """Write a text on a dark plate, underlined in a colour."""
    draw_plate(cell, plate, colour, max(plate.height // 8, 1))
    left = plate.left + (plate.width - text_width(text, style)) // 2
    write(cell, text, left, plate.top + plate.height // 2 - 1, style)


def draw_plate(cell: NDArray[np.uint8], plate: Box, colour: Colour, line: int) -> None:
    """Darken a part of a cell, in place, with a line so thick in a colour at its foot."""
    part = cell[plate.top : plate.top + plate.height, plate.left : plate.left + plate.width]
    part[:] = np.rint(part * np.float32(0.25) + np.float32(8)).astype(np.uint8)
    part[max(plate.height - line, 0) :] = colour
