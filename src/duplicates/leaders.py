"""Duplicates: pictures that are all but equal are taken as one, so that thousands of a kind cost what one does."""

import numpy as np
from numpy.typing import NDArray

from .codes import amplitudes, codes
from .colours import LEAST_COLOURFUL, chromas
from .frequencies import contrasts, structure
from .views import LEAST_CONTRAST

Rows = NDArray[np.int64]

# Structure that correlates so is at an angle of 12 degrees at most. So any two that follow one picture are alike by
# 0.92 and more.
ALL_BUT_EQUAL = 0.98
LARGEST_CHANGE = 6.0  # levels of 255, of the small colour pictures on average
# Of one code, so many are leaders at most; what follows none of them is its own.
MOST_LEADERS = 64


def leaders(prints: NDArray[np.void], alone: NDArray[np.bool_], least: float) -> Rows:
    """Return the row of the picture that each follows, its own if it follows none.

    Parameters
    ----------
    prints : ndarray of `fingerprint.LAYOUT`, shape (n,)
    alone : ndarray of bool, shape (n,)
        Which ones must follow none.
    least : float
        The smallest similarity of copies: none follows another one that is less alike.
    """
    found = np.arange(len(prints))
    greys = prints["grey"]
    shows = contrasts(greys) >= LEAST_CONTRAST
    free = np.flatnonzero(shows & ~alone)
    keys = codes(amplitudes(greys[free]))
    order = np.argsort(keys, kind="stable")
    edges = np.flatnonzero(np.diff(keys[order], prepend=keys[order][:1])) if len(order) else order
    for run in np.split(order, edges):
        if len(run) > 1:
            _follow(prints, free[run], found, max(ALL_BUT_EQUAL, least))
    return found


def _follow(prints: NDArray[np.void], rows: Rows, found: Rows, least: float) -> None:
    """Have pictures of one code follow others of them."""
    vectors, colours = structure(prints["grey"][rows]), prints["colour"][rows].astype(np.float32)
    casts = chromas(prints["colour"][rows])
    left = np.arange(len(rows))
    for _ in range(MOST_LEADERS):
        if len(left) < 2:
            return
        leader = left[0]
        changes = np.abs(colours[left] - colours[leader]).mean(axis=(1, 2, 3))
        follows = (vectors[left] @ vectors[leader] >= least) & (changes <= LARGEST_CHANGE)
        # A small thing of another colour changes little on average: what follows one in grey has no colours.
        apart = np.sqrt(((casts[left] - casts[leader]) ** 2).sum(axis=2).mean(axis=1))
        follows &= apart < LEAST_COLOURFUL
        follows[0] = True
        found[rows[left[follows]]] = rows[leader]
        left = left[~follows]
