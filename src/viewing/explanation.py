"""Step 4, search: an explanation drawn into a result, of the share of the distance that each region carries."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ..colordescriptor import REGIONS, regions
from .lettering import Colour, Style, blended, text_width, write

HEAT: Colour = (40, 90, 255)
LINE: Colour = (255, 255, 255)
SHADOW: Colour = (0, 0, 0)
LABEL_TEXT: Colour = (255, 255, 255)

# A distance below this is rounding, not difference: the distance itself is exact to 1e-5.
SMALLEST_DISTANCE = 1e-5

# A region below the first share is not tinted. One above the second has the strongest tint, which still lets the
# picture show. An even share is a fifth.
FIRST_TINTED_SHARE, LAST_TINTED_SHARE, STRONGEST_TINT = 0.08, 0.55, 0.66

# The part of their colour that pictures lose, so that the tint is seen on red things too.
FADED = 0.4

SMALLEST_LETTERS, LARGEST_LETTERS = 9, 19

Place = tuple[float, float]
"""Across and down, each from 0 to 1."""

# The place of each region's label, in the order of `REGIONS`.
LABEL_PLACES: tuple[Place, ...] = ((0, 0), (1, 0), (1, 1), (0, 1), (0.5, 0.5))

# The largest part of a picture's width and height that labels may cover.
LABELLED_PART = 0.65


def shares(region_distances: Sequence[float]) -> list[float] | None:
    """Return what part of the distance each region carries, in the order of `REGIONS`; None if there is no distance.

    ValueError if there are not as many numbers as regions.
    """
    if len(region_distances) != len(REGIONS):
        raise ValueError(f"there are {len(REGIONS)} regions, but {len(region_distances)} region distances")
    total = float(sum(region_distances))
    return None if total < SMALLEST_DISTANCE else [float(part) / total for part in region_distances]


def draw_explanation(picture: NDArray[np.uint8], region_distances: Sequence[float]) -> NDArray[np.uint8]:
    """Return a picture, as large as it is shown, with its regions outlined, tinted and labelled by their `shares`."""
    parts = shares(region_distances)
    explained = draw_outlines(picture if parts is None else _tinted(picture, parts))
    if parts is None:
        _label(explained, {(0.5, 0.5): "identical"})
    else:
        texts = (f"{part:.0%}".replace("%", " %") for part in parts)
        _label(explained, dict(zip(LABEL_PLACES, texts, strict=True)), LABEL_PLACES[parts.index(max(parts))])
    return explained


def draw_outlines(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a picture with the outlines of the five regions: an ellipse, and a cross outside of it."""
    height, width = picture.shape[:2]
    top_left, *_, middle = regions(height, width)
    x, y = top_left.columns.stop - 1, top_left.rows.stop - 1
    # The ellipse's box is one pixel larger than the ellipse, and a slice ends one further still.
    axis_x, axis_y = middle.columns.stop - 2 - x, middle.rows.stop - 2 - y
    ends = [((x, 0), (x, y - axis_y)), ((x, y + axis_y), (x, height - 1))]
    ends += [((0, y), (x - axis_x, y)), ((x + axis_x, y), (width - 1, y))]
    thickness = max(round(min(height, width) / 220), 1)
    outlined = picture.copy()
    for colour, thick, strength in ((SHADOW, thickness + 2, 0.25), (LINE, thickness, 0.85)):
        layer = outlined.copy()
        cv2.ellipse(layer, (x, y), (axis_x, axis_y), 0, 0, 360, colour, thick, cv2.LINE_AA)
        for start, end in ends:
            cv2.line(layer, start, end, colour, thick, cv2.LINE_AA)
        outlined = cv2.addWeighted(layer, strength, outlined, 1 - strength, 0).astype(np.uint8, copy=False)
    return outlined


def draw_scale(strip: NDArray[np.uint8]) -> None:
    """Fill a strip of a picture, in place, with the tints from no share to the largest."""
    strength = np.linspace(0.0, 1.0, strip.shape[1], dtype=np.float32)[None, :, None]
    strip[:] = blended(np.full((1, 1, 1), 96, np.float32), HEAT, strength)


def _tinted(picture: NDArray[np.uint8], parts: Sequence[float]) -> NDArray[np.uint8]:
    strength = np.zeros((*picture.shape[:2], 1), np.float32)
    for region, part in zip(regions(*picture.shape[:2]), parts, strict=True):
        rise = (part - FIRST_TINTED_SHARE) / (LAST_TINTED_SHARE - FIRST_TINTED_SHARE)
        strength[region.rows, region.columns][region.mask > 0] = STRONGEST_TINT * min(max(rise, 0.0), 1.0)
    grey = cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    return blended(picture * np.float32(1 - FADED) + grey * np.float32(FADED), HEAT, strength)


def _label(picture: NDArray[np.uint8], texts: dict[Place, str], bold: Place | None = None) -> None:
    """Write texts on dark plates, all or none: a picture too small for them has the tint alone."""
    height, width = picture.shape[:2]
    size = min(max(round(min(height, width) / 14), SMALLEST_LETTERS), LARGEST_LETTERS)
    styles = {place: Style(size, LABEL_TEXT, bold=place == bold) for place in texts}
    plates = {place: text_width(text, styles[place]) + size for place, text in texts.items()}
    tall, inset = round(size * 1.5), max(size // 3, 2)
    across_most, down_most = (1, 1) if len(texts) == 1 else (2, 3)
    if max(plates.values()) * across_most > LABELLED_PART * width or tall * down_most > LABELLED_PART * height:
        return
    for (across, down), text in texts.items():
        wide = plates[across, down]
        left = round(inset + across * (width - wide - 2 * inset))
        top = round(inset + down * (height - tall - 2 * inset))
        plate = picture[top : top + tall, left : left + wide]
        plate[:] = np.rint(plate * np.float32(0.3) + np.float32(8)).astype(np.uint8)
        write(picture, text, left + size // 2, top + tall // 2, styles[across, down])
