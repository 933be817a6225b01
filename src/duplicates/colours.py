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


def shown_in(colours: NDArray[np.uint8], window: Box) -> NDArray[np.uint8]:
    """Return the window of a small picture, shape (COLOUR, COLOUR, 3), as one of the same size."""
    left, top, right, bottom = window
    scale = np.array([[right - left, 0, left * COLOUR], [0, bottom - top, top * COLOUR]], np.float32)
    # Pixels have their places in their middles.
    scale[:, 2] += (scale[0, 0] - 1) / 2, (scale[1, 1] - 1) / 2
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    shown = cv2.warpAffine(colours, scale, (COLOUR, COLOUR), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(shown, np.uint8)


def chromas(colours: NDArray[np.uint8]) -> Floats:
    """Return the colours of small pictures without their brightness.

    Parameters
    ----------
    colours : ndarray of uint8, shape (n, COLOUR, COLOUR, 3)
        Blue, green, red.

    Returns
    -------
    ndarray of float32, shape (n, places, 2)
        Red and blue differences (Cr and Cb), 0 for grey.
    """
    if not len(colours):
        return np.empty((0, COLOUR * COLOUR, 2), np.float32)
    tall = np.ascontiguousarray(colours).reshape(-1, COLOUR, 3)
    both = cv2.cvtColor(tall, cv2.COLOR_BGR2YCrCb)[..., 1:]
    return both.reshape(len(colours), -1, 2).astype(np.float32) - 128


def are_grey(colours: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Tell of small pictures, shape (n, COLOUR, COLOUR, 3), whether they have no colours; shape (n,)."""
    return np.asarray(strengths(colours) < LEAST_COLOURFUL)


def strengths(colours: NDArray[np.uint8]) -> Floats:
    """Return how much small pictures, shape (n, COLOUR, COLOUR, 3), differ from grey, in levels; shape (n,)."""
    return _strengths(chromas(colours))


def _strengths(colours: Floats) -> Floats:
    """Return how much colours, shape (n, places, 2), differ from grey, in levels; shape (n,)."""
    return np.asarray(np.sqrt((colours**2).sum(axis=2).mean(axis=1)), np.float32)


def agree(one: Floats, other: Floats) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell whether colours agree.

    Parameters
    ----------
    one, other : ndarray of float32, shape (n, places, 2)
        Of n pairs, as `chromas` returns them.

    Returns
    -------
    ndarray of bool, shape (n,)
        Whether they do.
    ndarray of bool, shape (n,)
        Whether only one of the two has colours: it may be a copy in grey.
    """
    first, second = _strengths(one), _strengths(other)
    # Either of the two may be the paler one.
    is_alike = _explains(one, other) & _explains(other, one)
    colourful = (first >= LEAST_COLOURFUL).astype(int) + (second >= LEAST_COLOURFUL)
    return (colourful == 0) | ((colourful == 2) & is_alike), colourful == 1


def _explains(one: Floats, other: Floats) -> NDArray[np.bool_]:
    """Tell whether the first colours, paler or stronger and with a cast, leave little of the other ones."""
    squares = (one**2).sum(axis=(1, 2))
    scales = np.clip((one * other).sum(axis=(1, 2)) / np.maximum(squares, 1e-6), PALEST, MOST_COLOURFUL)
    left = other - scales[:, None, None] * one
    casts = np.clip(left.mean(axis=1, keepdims=True), -LARGEST_CAST, LARGEST_CAST)
    residues = np.sqrt(((left - casts) ** 2).sum(axis=2).mean(axis=1))
    strongest = np.maximum(scales * _strengths(one), _strengths(other))
    return np.asarray(residues < np.maximum(LEAST_LEFT, LARGEST_SHARE * strongest))
