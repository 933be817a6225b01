"""The first figure: how a picture becomes 1440 numbers, and those a row of the index."""

from __future__ import annotations

import cv2
import numpy as np

from docs.drawing.figures.featurebars import BINS, REGION_BINS, bin_limits, draw_bars, draw_palette, split_regions
from docs.drawing.figures.material import DATASET, Catalogue, Described, describe
from docs.drawing.figures.page import (
    BOLD,
    CONTENT,
    HEADING_HEIGHT,
    MARGIN,
    NOTE,
    PLAIN,
    RIGHT,
    SMALL,
    TITLE,
    Box,
    Image8,
    area,
    blank_page,
    bracket,
    fill,
    put,
    put_heading,
    put_picture,
)
from src.colordescriptor import REGIONS, regions
from src.viewing.lettering import Style, shorten, text_width
from src.viewing.palette import ACCENT, BACKGROUND, PANEL, TEXT

GAP = 32
COLUMN = (CONTENT - 3 * GAP) // 4
SECTION = 60
SCALE_HEIGHT, PALETTE_HEIGHT = 20, 36

# How bright a picture stays outside of the region that is shown.
OUTSIDE = 0.25

BAR_WIDTH = 4
BARS = BAR_WIDTH * REGION_BINS
ROW, ROW_GAP = 116, 16
STRIP_HEIGHT = 110
LINE = 44


def draw_describing(catalogue: Catalogue, image_id: str) -> Image8:
    """Draw how one picture of the catalogue is described and indexed.

    Parameters
    ----------
    catalogue : Catalogue
    image_id : str
        The picture.

    Returns
    -------
    ndarray of uint8, shape (height, WIDTH, 3)

    Raises
    ------
    ValueError
        If the catalogue has no such picture.
    """
    row, described = catalogue.ids.index(image_id), describe(f"{DATASET}/{image_id}")
    tops = [MARGIN]
    for height in (COLUMN + 80, len(REGIONS) * (ROW + ROW_GAP) + PALETTE_HEIGHT + 40, STRIP_HEIGHT + 46):
        tops.append(tops[-1] + HEADING_HEIGHT + height + SECTION)
    page = blank_page(tops[-1] + HEADING_HEIGHT + 3 * LINE + 32 + MARGIN)
    _draw_planes(page, tops[0], described.picture, image_id)
    _draw_regions(page, tops[1], described)
    _draw_numbers(page, tops[2], described)
    _draw_row(page, tops[3], catalogue, row)
    return page


def _draw_planes(page: Image8, top: int, picture: Image8, image_id: str) -> None:
    lefts = [MARGIN + place * (COLUMN + GAP) for place in range(4)]
    put_heading(page, 1, "Read a picture", lefts[0], top)
    put_heading(page, 2, "Turn its colours into hue, saturation and value", lefts[1], top)
    top += HEADING_HEIGHT
    put_picture(page, picture, Box(lefts[0], top, COLUMN, COLUMN))
    middle = top + COLUMN + 34
    put(page, shorten(image_id, PLAIN, COLUMN), lefts[0], middle, PLAIN)
    put(page, f"{picture.shape[1]} × {picture.shape[0]} pixels", lefts[0], middle + 34, NOTE)
    hsv = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2HSV), np.uint8)
    for axis, (name, left) in enumerate(zip(("Hue", "Saturation", "Value"), lefts[1:], strict=True)):
        put_picture(page, _shown_plane(hsv[:, :, axis], axis), Box(left, top, COLUMN, COLUMN))
        _draw_scale(page, axis, Box(left, top + COLUMN + 12, COLUMN, SCALE_HEIGHT))
        put(page, name, left, middle + 34, PLAIN)
        put(page, f"{BINS[axis]} bins", left + COLUMN, middle + 34, NOTE, "right")


def _shown_plane(plane: Image8, axis: int) -> Image8:
    """Show hue as pure colours, saturation as one colour from pale to vivid, and value as grey."""
    if axis == 2:
        return np.repeat(plane[:, :, None], 3, axis=2)
    accent = cv2.cvtColor(np.array([[ACCENT]], np.uint8), cv2.COLOR_BGR2HSV)[0, 0, 0]
    hsv = np.full((*plane.shape, 3), (accent, 190, 225), np.uint8)
    hsv[:, :, axis] = plane
    return np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR), np.uint8)


def _draw_scale(page: Image8, axis: int, box: Box) -> None:
    """Draw all that a plane can hold, cut into its bins."""
    limits = bin_limits(axis)
    steps = np.linspace(0, limits[-1][1], box.width).round().astype(np.uint8)
    area(page, box)[:] = _shown_plane(np.repeat(steps[None], box.height, axis=0), axis)
    for place in range(1, len(limits)):
        fill(page, Box(box.left + round(box.width * place / len(limits)) - 1, box.top, 2, box.height), BACKGROUND)


def _draw_regions(page: Image8, top: int, described: Described) -> None:
    note = "8 × 12 × 3 = 288 bins, scaled to length 1"
    put_heading(page, 3, "Count the colours of five regions", MARGIN, top, note)
    put(page, "bar height: square root", RIGHT, top + TITLE.size // 2 + 2, SMALL, "right")
    top += HEADING_HEIGHT
    histograms = split_regions(described.features)
    height, width = described.picture.shape[:2]
    left = RIGHT - BARS
    for name, region, histogram in zip(REGIONS, regions(height, width), histograms, strict=True):
        alone = (described.picture * np.float32(OUTSIDE)).astype(np.uint8)
        inside = region.mask > 0
        alone[region.rows, region.columns][inside] = described.picture[region.rows, region.columns][inside]
        put_picture(page, alone, Box(MARGIN, top, ROW, ROW))
        share = f"{inside.sum() / (height * width):.0%}".replace("%", " % of area")
        put(page, name, MARGIN + ROW + 16, top + ROW // 2 - 17, SMALL._replace(colour=TEXT))
        put(page, share, MARGIN + ROW + 16, top + ROW // 2 + 17, SMALL)
        draw_bars(area(page, Box(left, top, BARS, ROW)), histogram)
        top += ROW + ROW_GAP
    draw_palette(area(page, Box(left, top, BARS, PALETTE_HEIGHT)))
    across = BARS // BINS[0]
    for place, (first, last) in enumerate(bin_limits(0)):
        put(page, f"{first} – {last}", left + place * across + across // 2, top + PALETTE_HEIGHT + 26, SMALL, "middle")
    put(page, "colour", left - 16, top + PALETTE_HEIGHT // 2, SMALL, "right")
    put(page, "hue", left - 16, top + PALETTE_HEIGHT + 26, SMALL, "right")


def _draw_numbers(page: Image8, top: int, described: Described) -> None:
    put_heading(page, 4, "Put them one after the other", MARGIN, top, "5 × 288 = 1440 numbers")
    top += HEADING_HEIGHT
    features = described.features
    draw_bars(area(page, Box(MARGIN, top, CONTENT, STRIP_HEIGHT)), features)
    for place, name in enumerate(REGIONS):
        left = MARGIN + place * REGION_BINS
        bracket(page, left + 3, left + REGION_BINS - 3, top + STRIP_HEIGHT + 8, name)


def _draw_row(page: Image8, top: int, catalogue: Catalogue, row: int) -> None:
    note = f"{len(catalogue.ids)} pictures, {len(catalogue.ids)} rows"
    put_heading(page, 5, "Write them as one row of the index", MARGIN, top, note)
    box = Box(MARGIN, top + HEADING_HEIGHT, CONTENT, 3 * LINE + 32)
    fill(page, box, PANEL)
    first = min(max(row - 1, 0), len(catalogue.lines) - 3)
    for place in range(3):
        here = first + place == row
        middle = box.top + 16 + place * LINE + LINE // 2
        image_id = catalogue.ids[first + place]
        numbers = catalogue.lines[first + place][len(image_id) :]
        x = put(page, image_id, box.left + 24, middle, BOLD if here else NOTE)
        style = PLAIN._replace(colour=ACCENT) if here else NOTE
        put(page, _beginning(numbers, style, box.right - 24 - x), x, middle, style)


def _beginning(text: str, style: Style, room: int) -> str:
    """Return as many numbers of a row as there is room for."""
    end = len(text)
    while text_width(text[:end] + ",…", style) > room:
        end = text.rindex(",", 0, end)
    return text[:end] + ",…"
