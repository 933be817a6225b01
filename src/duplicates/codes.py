"""Duplicates: pictures as codes of 64 bits, which differ in few bits where pictures are copies.

A bit is the sign of one of the lowest frequencies. The code of a whole picture is compared with those of the windows
of another one, so copies that were cropped or framed have near codes too.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from .frequencies import SPANS, WINDOWS, Floats, sampling, spectra, transform

BITS = 64
SAMPLES = 32  # of a window, a row
MOST = 12  # the frequencies of the bits are all below it


def _lowest() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    rows, columns = np.mgrid[:MOST, :MOST]
    order = np.argsort(np.hypot(rows, columns).ravel(), kind="stable")[1 : BITS + 1]
    order = np.random.default_rng(1).permutation(order)
    return order // MOST, order % MOST


# Rows and columns of the lowest frequencies, so mixed that every slice of a code has high and low ones.
FREQUENCIES = _lowest()


def amplitudes(greys: NDArray[np.uint8]) -> Floats:
    """Return the amplitudes whose signs are the bits, of whole pictures.

    Parameters
    ----------
    greys : ndarray of uint8, shape (n, GREY, GREY)

    Returns
    -------
    ndarray of float32, shape (n, BITS)
    """
    matrix = transform(SAMPLES, MOST) @ sampling(0, 1, SAMPLES)
    return spectra(matrix, greys, FREQUENCIES)


def certainties(amplitudes: Floats) -> Floats:
    """Return how certain each bit is: its amplitude, weighed by its frequency as amplitudes fall with it."""
    rows, columns = FREQUENCIES
    return np.asarray(np.abs(amplitudes) * np.hypot(rows, columns), np.float32)


def window_codes(greys: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Return the codes of all `WINDOWS` of pictures, shape (n, windows), of small grey pictures."""
    matrix, places = _of_windows()
    found = np.empty((len(greys), len(WINDOWS)), np.uint64)
    for start in range(0, len(greys), BLOCK):
        some = slice(start, start + BLOCK)
        spectrum = matrix @ greys[some].astype(np.float32) @ matrix.T
        signs = (spectrum > 0).reshape(len(spectrum), -1).view(np.uint8)
        found[some] = _packed(signs.take(places, axis=1).reshape(-1, len(WINDOWS), BITS))
    return found


BLOCK = 256  # pictures: their spectra stay in the cache of a processor


@cache
def _of_windows() -> tuple[Floats, NDArray[np.int64]]:
    """Return what transforms a picture by all spans at once, and where the bits of all windows are in the result."""
    matrix = np.concatenate([transform(SAMPLES, MOST) @ sampling(*span, SAMPLES) for span in SPANS])
    rows, columns = FREQUENCIES
    spans = np.arange(len(SPANS)) * MOST
    places = (spans[:, None, None] + rows) * len(matrix) + spans[None, :, None] + columns
    return matrix, places.reshape(-1)


def codes(amplitudes: Floats) -> NDArray[np.uint64]:
    """Return the codes of amplitudes, shape (..., BITS), as shape (...)."""
    return _packed(amplitudes > 0)


def _packed(bits: NDArray[np.uint8] | NDArray[np.bool_]) -> NDArray[np.uint64]:
    packed = np.ascontiguousarray(np.packbits(bits, axis=-1, bitorder="little"))
    return packed.view("<u8")[..., 0]
