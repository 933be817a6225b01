"""Transparent parts of a picture: what they are laid on."""

from typing import Any

import cv2
import numpy as np

from .rowblocks import Image8, as_8bit, row_blocks

_WHITE = 255
# Dark grey, and not black, so that black parts of a white picture show, too.
_DARK = 64
# A colour is nearly white if no channel is further from 255, which is less than a fifth.
_NEARLY_WHITE = 48
# White needs a darker ground if so little of what shows can be told from white paper ...
_MOST_SEEN = 0.05
# ... and so much of it is nearly white by itself: thin black smoke, which is as pale on paper, is not.
_LEAST_WHITE = 0.5


def lay_on_ground(bgra: Image8, *, premultiplied: bool = False) -> Image8:
    """Lay a picture with alpha (255: opaque) on white paper: `colour * alpha + 255 * (1 - alpha)`, rounded.

    One of which hardly anything would be seen, as it is white itself, is laid on dark grey. A wholly transparent one is
    white.
    """
    if bgra[..., 3].min() == 255:
        return as_8bit(cv2.cvtColor(bgra, cv2.COLOR_BGRA2BGR))
    picture = _lay(bgra, _WHITE, premultiplied)
    return _lay(bgra, _DARK, premultiplied) if _is_white(picture, bgra[..., 3]) else picture


def _lay(bgra: Image8, ground: int, premultiplied: bool) -> Image8:
    height, width = bgra.shape[:2]
    result = np.empty((height, width, 3), np.uint8)
    for rows in row_blocks(height, width):
        block = bgra[rows]
        colour = cv2.cvtColor(block, cv2.COLOR_BGRA2BGR)
        alpha = cv2.cvtColor(cv2.extractChannel(block, 3), cv2.COLOR_GRAY2BGR)
        share = cv2.min(colour, alpha) if premultiplied else cv2.multiply(colour, alpha, scale=1 / 255)
        rest = cv2.bitwise_not(alpha)
        result[rows] = cv2.add(share, rest if ground == _WHITE else cv2.convertScaleAbs(rest, alpha=ground / 255))
    return result


def _is_white(on_paper: Image8, alpha: Image8) -> bool:
    """Return whether what shows is nearly white; each pixel counts as much as it shows."""
    shown = int(alpha.sum(dtype=np.int64))
    seen = white = 0
    for rows in row_blocks(*alpha.shape):
        weights = np.ascontiguousarray(alpha[rows])
        blue, green, red = cv2.split(on_paper[rows])
        # The difference from paper is that of the colour, times alpha.
        difference = cv2.bitwise_not(cv2.min(cv2.min(blue, green), red))
        pale = cv2.convertScaleAbs(weights, alpha=_NEARLY_WHITE / 255)
        seen += _sum_where(weights, cv2.threshold(difference, _NEARLY_WHITE, 255, cv2.THRESH_BINARY)[1])
        white += _sum_where(weights, cv2.compare(difference, pale, cv2.CMP_LE))
        if seen > _MOST_SEEN * shown:
            return False
    return shown > 0 and white >= _LEAST_WHITE * shown


def _sum_where(weights: Image8, mask: Any) -> int:
    return int(cv2.sumElems(cv2.bitwise_and(weights, mask))[0])
