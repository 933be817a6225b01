"""Duplicates: what is in a small picture, by spatial frequency: the discrete cosine transform of it and of its windows.

A window is a part of a picture: a copy that was cropped shows one of them, and in a copy with a border the picture
itself is one.
"""

from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..fingerprint import GREY

Floats = NDArray[np.float32]
Places = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Rows and columns."""
Box = tuple[float, float, float, float]
"""Left, top, right, bottom, as shares of width and height."""

WHOLE: Box = (0.0, 0.0, 1.0, 1.0)
# What may be cut from each side, in all combinations: what was cut from a copy is then told within 3 % of a side.
CUTS = (0.0, 0.06, 0.12)
SPANS = tuple((start, 1 - end) for start in CUTS for end in CUTS)
WINDOWS: tuple[Box, ...] = tuple((left, top, right, bottom) for top, bottom in SPANS for left, right in SPANS)

BLOCK = 512  # pictures whose spectra stay in the cache of a processor
# Above that, a copy of another size or quality differs too much.
HIGHEST = 28


@cache
def transform(side: int, count: int) -> Floats:
    """Return the first rows of the orthonormal cosine transform (type 2) of so many numbers, shape (count, side)."""
    rows, places = np.arange(count)[:, None], np.arange(side)[None]
    matrix = np.cos(np.pi * rows * (2 * places + 1) / (2 * side)) * np.sqrt(2 / side)
    matrix[0] /= np.sqrt(2)
    return np.asarray(matrix, np.float32)


@lru_cache(maxsize=4 * len(CUTS) ** 2)
def sampling(start: float, stop: float, count: int) -> Floats:
    """Return what samples a span of a row of `GREY` pixels at so many places, linearly, shape (count, GREY)."""
    places = np.clip((start + (stop - start) * (np.arange(count) + 0.5) / count) * GREY - 0.5, 0, GREY - 1)
    below = np.minimum(places.astype(int), GREY - 2)
    matrix = np.zeros((count, GREY), np.float32)
    matrix[np.arange(count), below] = 1 - (places - below)
    matrix[np.arange(count), below + 1] += places - below
    return matrix


def spectra(matrix: Floats, greys: NDArray[Any], chosen: Places) -> Floats:
    """Transform small pictures by rows and columns; return of each what stands in the chosen rows and columns."""
    found = np.empty((len(greys), len(chosen[0])), np.float32)
    for start in range(0, len(greys), BLOCK):
        some = slice(start, start + BLOCK)
        found[some] = (matrix @ greys[some].astype(np.float32) @ matrix.T)[:, chosen[0], chosen[1]]
    return found


def contrasts(greys: NDArray[np.uint8]) -> Floats:
    """Return the standard deviation of each small picture, in levels of 255."""
    found = np.empty(len(greys), np.float32)
    for start in range(0, len(greys), BLOCK):
        some = greys[start : start + BLOCK]
        found[start : start + BLOCK] = some.reshape(len(some), -1).std(axis=1, dtype=np.float32)
    return found


def structure(greys: NDArray[np.uint8] | Floats, highest: int = HIGHEST) -> Floats:
    """Return what is in small grey pictures, each frequency weighed by itself, as unit vectors.

    In photographs amplitudes fall as frequencies rise. So weighed, all count about as much, and pictures that only
    look alike, as two shirts on one table, have little in common. Neither brightness nor contrast matters.

    Parameters
    ----------
    greys : ndarray of uint8 or float32, shape (n, GREY, GREY)
    highest : int, optional
        The highest frequency, in half periods a side.

    Returns
    -------
    ndarray of float32, shape (n, numbers)
        Zeros for a picture of one grey.
    """
    matrix = transform(GREY, highest + 1)
    rows, columns, weights = _weighed(highest)
    vectors = spectra(matrix, greys, (rows, columns)) * weights
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0), np.float32)


@cache
def _weighed(highest: int) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Return rows, columns and weights of the frequencies up to one, but 0."""
    rows, columns = np.mgrid[: highest + 1, : highest + 1]
    frequencies = np.hypot(rows, columns)
    chosen = (frequencies > 0) & (frequencies <= highest)
    return rows[chosen], columns[chosen], frequencies[chosen].astype(np.float32)


def fields(greys: NDArray[np.uint8]) -> Floats:
    """Return what `structure` compares, place by place: small pictures of length 1, shape (n, GREY, GREY)."""
    matrix = transform(GREY, HIGHEST + 1)
    rows, columns, weights = _weighed(HIGHEST)
    weighed = np.zeros((len(greys), HIGHEST + 1, HIGHEST + 1), np.float32)
    weighed[:, rows, columns] = spectra(matrix, greys, (rows, columns)) * weights
    found = matrix.T @ weighed @ matrix
    lengths = np.linalg.norm(found, axis=(1, 2), keepdims=True)
    return np.asarray(np.divide(found, lengths, out=np.zeros_like(found), where=lengths > 0), np.float32)
