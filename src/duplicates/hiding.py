"""Duplicates: pictures tile by tile: how alike they are but for what a watermark hides, and how much shows nothing."""

import numpy as np
from numpy.typing import NDArray

from ..fingerprint import GREY
from .frequencies import Floats, fields

# Tiles a side, and how many of all may be hidden: a quarter.
TILES = 6
HIDDEN = TILES * TILES // 4
# What is under a watermark still shows through, so hidden tiles correlate by .7 and more. Where a quarter was replaced
# by another picture, as a print on the same shirt, 9 of 10 have less.
LEAST_THROUGH = 0.7
# A tile of a smaller standard deviation, in levels of 255, shows nothing.
LEAST_CONTRAST = 2.0
BLOCK = 512  # pictures at once


def alike_but_hidden(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> Floats:
    """Return how alike pictures are where they are most; 0 where what is hidden does not show through.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (n, GREY, GREY)

    Returns
    -------
    ndarray of float32, shape (n,)
        Correlations of their structure, at most 1.
    """
    one, other = _tiles(fields(first)), _tiles(fields(second))
    order = np.argsort(((one - other) ** 2).sum(axis=2), axis=1)
    seen, hidden = order[:, :-HIDDEN], order[:, -HIDDEN:]
    through = _correlations(one, other, hidden) >= LEAST_THROUGH
    return np.where(through, _correlations(one, other, seen), 0).astype(np.float32)


def plain_shares(greys: NDArray[np.uint8]) -> Floats:
    """Return of each small picture how many of its tiles show nothing, as a share of all."""
    found = np.empty(len(greys), np.float32)
    for start in range(0, len(greys), BLOCK):
        tiles = _tiles(greys[start : start + BLOCK].astype(np.float32))
        found[start : start + BLOCK] = (tiles.std(axis=2) < LEAST_CONTRAST).mean(axis=1)
    return found


def _tiles(pictures: Floats) -> Floats:
    side = GREY // TILES
    return pictures.reshape(-1, TILES, side, TILES, side).swapaxes(2, 3).reshape(-1, TILES * TILES, side * side)


def _correlations(one: Floats, other: Floats, tiles: NDArray[np.int64]) -> Floats:
    rows = np.arange(len(one))[:, None]
    first, second = one[rows, tiles], other[rows, tiles]
    lengths = np.sqrt((first**2).sum(axis=(1, 2)) * (second**2).sum(axis=(1, 2)))
    products = (first * second).sum(axis=(1, 2))
    return np.asarray(np.divide(products, lengths, out=np.zeros_like(products), where=lengths > 0))
