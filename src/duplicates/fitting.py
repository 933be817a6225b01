"""Duplicates: how far a window is off what a picture shows, and how alike they would be if it were not, for many pairs.

To first order, moving or stretching a window by a little adds so much of the derivatives of what it shows. So the
low frequencies of the picture are fitted by those of the window and its four derivatives, by least squares. What the
fit leaves tells, at a tenth of the cost, most pairs that need not be aligned.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .candidates import Pairs
from .codes import FREQUENCIES, MOST, SAMPLES
from .frequencies import WINDOWS, Box, Floats, sampling, spectra, transform

BLOCK = 1024  # pairs that are fitted at once
STEP = 0.02  # of a side, by which derivatives are taken
# A window within 3 % of what is shown is off by this much at most, of sides and ends together.
FURTHEST = 0.2


class Fits(NamedTuple):
    """What fitting has found for pairs."""

    correlations: Floats
    """Shape (pairs,): how alike they are when the window is moved and stretched; 0 if it would be by too much."""
    boxes: Floats
    """Shape (pairs, 4): the windows after that."""


@cache
def _matrices(start: float, stop: float) -> Floats:
    """Return what gives the spectrum of a span, its derivatives by place and by width, shape (3 * MOST, GREY)."""
    first = transform(SAMPLES, MOST)
    stretch = ((np.arange(SAMPLES) + 0.5) / SAMPLES - 0.5)[:, None]
    ahead, behind = (sampling(start + step, stop + step, SAMPLES) for step in (STEP, -STEP))
    moved = (ahead - behind) / (2 * STEP)
    return np.concatenate([first @ sampling(start, stop, SAMPLES), first @ moved, first @ (moved * stretch)]).astype(
        np.float32
    )


def fit(first: NDArray[np.uint8], second: NDArray[np.uint8], pairs: Pairs) -> Fits:
    """Fit pairs of which the second picture looks like a window of the first one.

    Parameters
    ----------
    first, second : ndarray of uint8, shapes (n, GREY, GREY) and (m, GREY, GREY)
    pairs : Pairs
    """
    fits = Fits(np.zeros(len(pairs.first), np.float32), np.zeros((len(pairs.first), 4), np.float32))
    order = np.argsort(pairs.window, kind="stable")
    starts = np.flatnonzero(np.diff(pairs.window[order], prepend=-1))
    for run in np.split(order, starts[1:]):
        for start in range(0, len(run), BLOCK):
            some = run[start : start + BLOCK]
            window = WINDOWS[int(pairs.window[some[0]])]
            shown = _shown(first[pairs.first[some]], window)
            fits.correlations[some], fits.boxes[some] = _fitted(shown, _whole(second[pairs.second[some]]), window)
    return fits


def _shown(greys: NDArray[np.uint8], window: Box) -> Floats:
    """Return what a window shows, and its derivatives by x, width, y and height: shape (n, 5, BITS)."""
    left, top, right, bottom = window
    down, across = _matrices(top, bottom), _matrices(left, right)
    spectra = down @ greys.astype(np.float32) @ across.T
    rows, columns = FREQUENCIES
    downs, acrosses = np.array([0, 0, 0, 1, 2]) * MOST, np.array([0, 1, 2, 0, 0]) * MOST
    return np.asarray(
        spectra[:, downs[:, None] + rows, acrosses[:, None] + columns] * np.hypot(*FREQUENCIES), np.float32
    )


def _whole(greys: NDArray[np.uint8]) -> Floats:
    matrix = transform(SAMPLES, MOST) @ sampling(0, 1, SAMPLES)
    return spectra(matrix, greys, FREQUENCIES) * np.hypot(*FREQUENCIES).astype(np.float32)


def _fitted(shown: Floats, whole: Floats, window: Box) -> tuple[Floats, Floats]:
    squares = shown @ shown.swapaxes(1, 2)
    products = (shown @ whole[:, :, None])[..., 0]
    # So that pictures of stripes, which cannot be told when moved along them, have a solution.
    squares += np.eye(5, dtype=np.float32) * (1e-4 * squares[:, 0, 0])[:, None, None] + 1e-3 * np.eye(5)
    found = np.linalg.solve(squares, products[..., None])[..., 0]
    lengths = np.maximum((whole**2).sum(axis=1), 1e-9)
    correlations = np.sqrt(np.clip((found * products).sum(axis=1) / lengths, 0, 1))
    steps = found[:, 1:] / np.where(found[:, :1] > 0, found[:, :1], np.inf)
    x, width, y, height = steps.T
    boxes = np.array(window) + np.stack([x - width / 2, y - height / 2, x + width / 2, y + height / 2], axis=1)
    is_near = (found[:, 0] > 0) & (np.abs(steps).max(axis=1) < FURTHEST)
    return np.where(is_near, correlations, 0).astype(np.float32), boxes.astype(np.float32)
