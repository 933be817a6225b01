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
from .frequencies import SPANS, WINDOWS, Floats, sampling, spectra, transform

BLOCK = 64  # pictures whose spectra are held at once
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
def _matrices() -> Floats:
    """Return what gives the spectra of windows and their derivatives by place and by width, shape (3 * spans, GREY)."""
    first = transform(SAMPLES, MOST)
    stretch = ((np.arange(SAMPLES) + 0.5) / SAMPLES - 0.5)[:, None]
    plain = [first @ sampling(*span, SAMPLES) for span in SPANS]
    moved = [
        (sampling(start + STEP, stop + STEP, SAMPLES) - sampling(start - STEP, stop - STEP, SAMPLES)) / (2 * STEP)
        for start, stop in SPANS
    ]
    return np.concatenate([
        *plain,
        *(first @ derivative for derivative in moved),
        *(first @ (derivative * stretch) for derivative in moved),
    ]).astype(np.float32)  # fmt: skip


def fit(first: NDArray[np.uint8], second: NDArray[np.uint8], pairs: Pairs) -> Fits:
    """Fit pairs of which the second picture looks like a window of the first one.

    Parameters
    ----------
    first, second : ndarray of uint8, shapes (n, GREY, GREY) and (m, GREY, GREY)
    pairs : Pairs
        Ordered by their first rows.
    """
    fits = Fits(np.zeros(len(pairs.first), np.float32), np.zeros((len(pairs.first), 4), np.float32))
    rows, places = np.unique(pairs.first, return_inverse=True)
    count = len(SPANS) * MOST
    # Taken once: to get so much memory takes longer than to fill it.
    space = np.empty((min(len(rows), BLOCK), 5, count, count), np.float32)
    for start in range(0, len(rows), BLOCK):
        begin, end = np.searchsorted(places, (start, start + BLOCK))
        some = slice(int(begin), int(end))
        spectra = _fill(space, first[rows[start : start + BLOCK]])
        whole = _whole(second[pairs.second[some]])
        fits.correlations[some], fits.boxes[some] = _fitted(spectra, places[some] - start, pairs.window[some], whole)
    return fits


def _fill(space: Floats, greys: NDArray[np.uint8]) -> Floats:
    """Put the spectra of all windows, and their derivatives by x, width, y and height, into (n, 5, side, side)."""
    matrices = _matrices()
    count = len(SPANS) * MOST
    plain = matrices[:count]
    pictures = greys.astype(np.float32)
    by_rows, by_columns = plain @ pictures, pictures @ plain.T
    found = space[: len(greys)]
    for place in range(3):
        np.matmul(by_rows, matrices[place * count : (place + 1) * count].T, out=found[:, place])
    for place in (1, 2):
        np.matmul(matrices[place * count : (place + 1) * count], by_columns, out=found[:, 2 + place])
    return found


def _whole(greys: NDArray[np.uint8]) -> Floats:
    matrix = transform(SAMPLES, MOST) @ sampling(0, 1, SAMPLES)
    return spectra(matrix, greys, FREQUENCIES) * np.hypot(*FREQUENCIES).astype(np.float32)


def _fitted(
    spectra: Floats, places: NDArray[np.int64], windows: NDArray[np.int64], whole: Floats
) -> tuple[Floats, Floats]:
    rows, columns = FREQUENCIES
    weights = np.hypot(rows, columns).astype(np.float32)
    downs, acrosses = np.divmod(windows, len(SPANS))
    rows, columns = downs[:, None] * MOST + rows, acrosses[:, None] * MOST + columns
    shown = spectra[places[:, None, None], np.arange(5)[None, :, None], rows[:, None], columns[:, None]] * weights
    squares = shown @ shown.swapaxes(1, 2)
    products = (shown @ whole[:, :, None])[..., 0]
    # So that pictures of stripes, which cannot be told when moved along them, have a solution.
    squares += np.eye(5, dtype=np.float32) * (1e-4 * squares[:, 0, 0])[:, None, None] + 1e-3 * np.eye(5)
    found = np.linalg.solve(squares, products[..., None])[..., 0]
    lengths = np.maximum((whole**2).sum(axis=1), 1e-9)
    correlations = np.sqrt(np.clip((found * products).sum(axis=1) / lengths, 0, 1))
    steps = found[:, 1:] / np.where(found[:, :1] > 0, found[:, :1], np.inf)
    x, width, y, height = steps.T
    boxes = np.array(WINDOWS)[windows] + np.stack(
        [x - width / 2, y - height / 2, x + width / 2, y + height / 2], axis=1
    )
    is_near = (found[:, 0] > 0) & (np.abs(steps).max(axis=1) < FURTHEST)
    return np.where(is_near, correlations, 0).astype(np.float32), boxes.astype(np.float32)
