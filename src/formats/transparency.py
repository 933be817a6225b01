"""Transparent parts of a picture: what they are laid on."""

import cv2
import numpy as np

from .rowblocks import Image8, as_8bit, row_blocks


def on_white(bgra: Image8, *, premultiplied: bool = False) -> Image8:
    """Lay a picture with alpha (255: opaque) on white paper: `colour * alpha + 255 * (1 - alpha)`, rounded."""
    height, width = bgra.shape[:2]
    if bgra[..., 3].min() == 255:
        return as_8bit(cv2.cvtColor(bgra, cv2.COLOR_BGRA2BGR))
    result = np.empty((height, width, 3), np.uint8)
    for rows in row_blocks(height, width):
        block = bgra[rows]
        colour = cv2.cvtColor(block, cv2.COLOR_BGRA2BGR)
        alpha = cv2.cvtColor(cv2.extractChannel(block, 3), cv2.COLOR_GRAY2BGR)
        share = cv2.min(colour, alpha) if premultiplied else cv2.multiply(colour, alpha, scale=1 / 255)
        result[rows] = cv2.add(share, cv2.bitwise_not(alpha))
    return result
