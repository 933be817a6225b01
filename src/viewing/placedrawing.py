"""Step 4, search: an explanation drawn into a picture, of the places where networks find two pictures similar.

The pictures keep their colours. What carries nothing is dimmed. What carries as much as the same picture would in the
mean, or more, is clear and has a frame. It is one scale for all pictures: a result that is less similar has less of it.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ..places import Shares
from .lettering import blended
from .palette import ALIKE, DIM
from .resultlayout import Box

# Of the brightness, so much stays where nothing is alike, and outside of what the networks saw.
DIMMEST = 0.45

# In the same picture, all places carry 1 in the mean: from there on a place is clear, and framed.
CLEAR = 1.0

# The grids of the networks are drawn as one smooth field of this side, so smooth that no cell of theirs is seen.
FIELD_SIDE, SMOOTHNESS = 96, 6.0

# A frame is that thick in a picture with so many pixels from edge to edge, and thinner in a smaller one.
THICK, THINNEST, USUAL_SIDE = 2.2, 1.5, 240
# On both sides of a frame, a dark line sets it off from a picture of any colour.
SHADE, SHADE_SHARE = 1.1, 0.6
# Edges are found among so many times more pixels each way: they are smooth.
FINER = 2

# Of the colour of the line around what networks saw; less of it in a small picture.
WINDOW_SHARE = 0.4


def draw_places(picture: NDArray[np.uint8], shares: Sequence[Shares]) -> NDArray[np.uint8]:
    """Return a picture, as large as it is shown, in which the places that are alike are clear and framed."""
    height, width = picture.shape[:2]
    alike = np.zeros((height, width), np.float32)
    for one in shares:
        window = window_in(height, width, one.window)
        alike[_rows(window), _columns(window)] += _smooth(one.values, window)
    drawn = picture * _clearness(alike)[:, :, None]
    line_share = WINDOW_SHARE * min(min(height, width) / USUAL_SIDE, 1)
    for window in {window_in(height, width, one.window) for one in shares} - {Box(0, 0, width, height)}:
        last = window.left + window.width - 1, window.top + window.height - 1
        line = np.zeros((height, width), np.float32)
        cv2.rectangle(line, (window.left, window.top), last, line_share, 1)
        drawn = blended(drawn, DIM, line[:, :, None]).astype(np.float32)
    thick = max(THICK * min(min(height, width) / USUAL_SIDE, 1.5), THINNEST)
    away = _edge_distance(alike)
    shade = SHADE_SHARE * np.clip(thick / 2 + SHADE + 0.5 - away, 0, 1)
    paint = np.clip(thick / 2 + 0.5 - away, 0, 1)
    return blended(drawn * (1 - shade)[:, :, None], ALIKE, paint[:, :, None])


def window_in(height: int, width: int, window: tuple[float, float, float, float]) -> Box:
    """Return the part of a picture of that size, in whole pixels, at least one each way."""
    left, top = min(round(window[0] * width), width - 1), min(round(window[1] * height), height - 1)
    right, bottom = round((window[0] + window[2]) * width), round((window[1] + window[3]) * height)
    return Box(left, top, max(min(right, width) - left, 1), max(min(bottom, height) - top, 1))


def draw_clearness(strip: NDArray[np.uint8]) -> None:
    """Fill a strip of a picture, in place, with what places look like from nothing alike on: dim, clear, framed."""
    height, width = strip.shape[:2]
    framed = max(width // 4, 1)
    alike = np.minimum(np.arange(width, dtype=np.float32) / max(width - framed, 1), 1)
    strip[:] = np.rint(np.full(3, 215) * _clearness(alike)[:, None]).astype(np.uint8)
    cv2.rectangle(strip, (width - framed, 0), (width - 1, height - 1), ALIKE, max(height // 5, 1))


def _clearness(alike: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(DIMMEST + (1 - DIMMEST) * np.clip(alike / CLEAR, 0, 1), np.float32)


def _smooth(values: NDArray[np.float64], window: Box) -> NDArray[np.float32]:
    """Return shares of a similarity as a field over a window, of which the mean is their sum."""
    field = cv2.resize(
        (values * values.size).astype(np.float32), (FIELD_SIDE, FIELD_SIDE), interpolation=cv2.INTER_CUBIC
    )
    field = cv2.GaussianBlur(field, (0, 0), SMOOTHNESS, borderType=cv2.BORDER_REPLICATE)
    return cv2.resize(field, (window.width, window.height), interpolation=cv2.INTER_CUBIC).astype(
        np.float32, copy=False
    )


def _edge_distance(alike: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how far each pixel is from the edge of what is clear; far everywhere if nothing is."""
    height, width = alike.shape
    finer = cv2.resize(alike, (FINER * width, FINER * height), interpolation=cv2.INTER_LINEAR)
    clear = (finer >= CLEAR).astype(np.uint8)
    # The edge of the picture is an edge of what is clear, too.
    clear = cv2.copyMakeBorder(clear, FINER, FINER, FINER, FINER, cv2.BORDER_CONSTANT, value=0).astype(np.uint8)
    if not clear.any():
        return np.full((height, width), np.inf, np.float32)
    away = sum(cv2.distanceTransform(mask, cv2.DIST_L2, cv2.DIST_MASK_PRECISE) for mask in (clear, 1 - clear))
    shown = np.asarray(away, np.float32)[FINER:-FINER, FINER:-FINER] / FINER
    return cv2.resize(shown, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32, copy=False)


def _rows(window: Box) -> slice:
    return slice(window.top, window.top + window.height)


def _columns(window: Box) -> slice:
    return slice(window.left, window.left + window.width)
