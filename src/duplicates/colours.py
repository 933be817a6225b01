"""Duplicates: whether the colours of two pictures agree, as those of copies do, even lighter, paler or warmer ones."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ..fingerprint import COLOUR
from .frequencies import Box

Floats = NDArray[np.float32]

# A picture whose colours differ less from grey, in levels of 255, has none.
LEAST_COLOURFUL = 2.5
# A copy may be paler or more colourful by so much, and have a cast of so many levels.
PALEST, MOST_COLOURFUL = 0.4, 2.5
LARGEST_CAST = 10.0
# What is left may be so many levels, or such a share of the colours. Of copies it was 0.56 at most.
LEAST_LEFT, LARGEST_SHARE = 8.0, 0.6


def chroma(colours: NDArray[np.uint8], window: Box) -> Floats:
    """Return the colours in a window of a small picture, without its brightness.

    Parameters
    ----------
    colours : ndarray of uint8, shape (COLOUR, COLOUR, 3)
        Blue, green, red.
    window : tuple of float
        Left, top, right, bottom, as shares of the sides.

    Returns
    -------
    ndarray of float32, shape (places, 2)
        Red and blue differences (Cr and Cb), 0 for grey.
    """
    left, top, right, bottom = window
    scale = np.array([[right - left, 0, left * COLOUR], [0, bottom - top, top * COLOUR]], np.float32)
    scale[:, 2] += (scale[0, 0] - 1) / 2, (scale[1, 1] - 1) / 2
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    shown = cv2.warpAffine(colours, scale, (COLOUR, COLOUR), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    both = cv2.cvtColor(shown, cv2.COLOR_BGR2YCrCb)[..., 1:].reshape(-1, 2)
    return both.astype(np.float32) - 128


def agree(one: Floats, other: Floats) -> bool | None:
    """Tell whether colours agree, shapes (places, 2); None if only one of two has any: it may be a copy in grey."""
    colourful = [float(np.sqrt((colours**2).sum(1).mean())) for colours in (one, other)]
    if max(colourful) < LEAST_COLOURFUL:
        return True
    if min(colourful) < LEAST_COLOURFUL:
        return None
    scale = float(np.clip((one * other).sum() / (one**2).sum(), PALEST, MOST_COLOURFUL))
    left = other - scale * one
    left = left - np.clip(left.mean(0), -LARGEST_CAST, LARGEST_CAST)
    residue = float(np.sqrt((left**2).sum(1).mean()))
    return residue < max(LEAST_LEFT, LARGEST_SHARE * max(scale * colourful[0], colourful[1]))
