"""Duplicates: lay a picture on a window of another one, so that a cropped copy is compared with what it shows."""

import math
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ..fingerprint import GREY
from .frequencies import Box, Floats, structure

# ECC (Evangelidis and Psarakis, 2008) ends after so many steps, or when one gains less.
STEPS = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 15, 1e-3)
SMOOTHING = 3  # pixels
# What one picture shows of the other one: at least so much of each side, neither turned nor sheared by more.
LEAST_SHOWN = 0.7
MOST_SLANTED = MOST_BENT = 0.05
NO_MASK = np.full((GREY, GREY), 255, np.uint8)
# Of the frequencies: laid on each other, pictures have been resampled, and the highest are blurred.
HIGHEST_SHOWN = 20
HIGHEST_ROUGH = 14

Grey = NDArray[np.uint8]


def roughly_alike(first: NDArray[np.uint8], second: NDArray[np.uint8], windows: NDArray[np.float32]) -> Floats:
    """Return how alike pictures are to windows of others, their lower frequencies only, before they are aligned.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (n, GREY, GREY)
    windows : ndarray of float32, shape (n, 4)
    """
    shown = np.empty_like(first)
    for place, (left, top, right, bottom) in enumerate(windows.tolist()):
        shown[place] = _through(first[place], _warp((left, top, right, bottom)))
    both = structure(shown, HIGHEST_ROUGH), structure(second, HIGHEST_ROUGH)
    return np.asarray(np.einsum("ij,ij->i", *both), np.float32)


def aligned(first: Grey, second: Grey, window: Box, proportion: float | None = None) -> tuple[float, Box]:
    """Return how alike the second picture is to the window of the first one that it shows, and that window.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (GREY, GREY)
    window : tuple of float
        About which window of the first one that is.
    proportion : float, optional
        Width by height of the window, as shares of the sides, if the second one was only cut.

    Returns
    -------
    float
        The correlation of their structure, at most 1, less by half of what had to be bent; 0 if they cannot be laid on
        each other.
    tuple of float
        The window, as shares of the first one's sides; it may reach a little beyond them.
    """
    one, other = first.astype(np.float32), second.astype(np.float32)
    try:
        _, found = cv2.findTransformECC(other, one, _warp(window), cv2.MOTION_AFFINE, STEPS, NO_MASK, SMOOTHING)
    except cv2.error:  # it has not come to an end
        return 0.0, window
    warp = np.asarray(found, np.float32)
    if max(abs(warp[0, 1]), abs(warp[1, 0])) > MOST_SLANTED or min(warp[0, 0], warp[1, 1]) < LEAST_SHOWN:
        return 0.0, window
    width, height = float(warp[0, 0]), float(warp[1, 1])
    left = (float(warp[0, 2]) - (width - 1) / 2 + float(warp[0, 1]) * GREY / 2) / GREY
    top = (float(warp[1, 2]) - (height - 1) / 2 + float(warp[1, 0]) * GREY / 2) / GREY
    # Of photos that were cut, nothing had to be slanted by more than .01, or stretched by .015; of drawn things that
    # are alike on plain ground, by .01 to .05, and .04. What was stretched on purpose is no worse than these.
    bent = max(abs(float(warp[0, 1])), abs(float(warp[1, 0])))
    bent += 0 if proportion is None else min(abs(math.log(width / height / proportion)), MOST_BENT)
    return max(_alike(one, other, warp) - bent / 2, 0.0), (left, top, left + width, top + height)


def _warp(window: Box) -> Floats:
    """Return what leads from places in a small picture to those in the window of another one."""
    left, top, right, bottom = window
    warp = np.array([[right - left, 0, left * GREY], [0, bottom - top, top * GREY]], np.float32)
    # Pixels have their places in their middles.
    warp[:, 2] += (warp[0, 0] - 1) / 2, (warp[1, 1] - 1) / 2
    return warp


def _through(picture: NDArray[Any], warp: Floats) -> NDArray[Any]:
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(picture, warp, (GREY, GREY), flags=flags, borderMode=cv2.BORDER_REPLICATE)


def _alike(one: Floats, other: Floats, warp: Floats) -> float:
    side = len(one)
    # Where the second picture shows something of the first one.
    places = np.arange(side)
    columns = _inside(warp[0, 0] * places + warp[0, 1] * side / 2 + warp[0, 2], side)
    rows = _inside(warp[1, 1] * places + warp[1, 0] * side / 2 + warp[1, 2], side)
    if min(rows.stop - rows.start, columns.stop - columns.start) < LEAST_SHOWN * side:
        return 0.0
    shown = _through(one, warp)
    both = [cv2.resize(picture[rows, columns], (GREY, GREY)) for picture in (shown, other)]
    vectors = structure(np.array(both, np.float32), HIGHEST_SHOWN)
    return float(vectors[0] @ vectors[1])


def _inside(places: NDArray[np.floating], side: int) -> slice:
    """Return the run of numbers that are places of a picture, or half a pixel beside it."""
    inside = np.flatnonzero((places >= -0.5) & (places <= side - 0.5))
    return slice(int(inside[0]), int(inside[-1]) + 1) if len(inside) else slice(0, 0)
