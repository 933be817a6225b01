"""Duplicates: what is compared of pictures: each as a whole, and without its border if it has one."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..fingerprint import SHARES
from .codes import amplitudes, codes
from .colours import chromas, shown_in
from .frequencies import WHOLE, Box, contrasts
from .hiding import plain_shares
from .orientations import UPRIGHT, turned

# A border is one from this share of a side on.
THINNEST = 0.008
# What a picture of a smaller standard deviation shows, in levels of 255, is noise.
LEAST_CONTRAST = 2.0
# Of tiles. Of photos of garments and groceries, nearly none has so much; of landscapes with much sky, 8 of 100.
PLAIN_GROUND = 0.25


class Views:
    """The views of pictures, those as a whole first.

    Parameters
    ----------
    prints : ndarray of `fingerprint.LAYOUT`, shape (n,)

    Attributes
    ----------
    greys : ndarray of uint8, shape (views, GREY, GREY)
    owners : ndarray of int64, shape (views,)
        The row of the picture that each is of.
    boxes : ndarray of float64, shape (views, 4)
        Which part of it that is.
    proportions : ndarray of float64, shape (views,)
        Width by height, in pixels.
    on_plain_ground : ndarray of bool, shape (views,)
        Whether much of it shows nothing, as around products of a shop.
    """

    def __init__(self, prints: NDArray[np.void]) -> None:
        wholes = np.ascontiguousarray(prints["grey"])
        rows = np.arange(len(prints))
        # Plain ones are like all others and like none.
        shows = contrasts(wholes) >= LEAST_CONTRAST
        if not shows.all():
            wholes, rows = wholes[shows], rows[shows]
        inner = prints["inner"][rows].astype(np.float64) / SHARES
        is_box = (inner[:, 2] > inner[:, 0]) & (inner[:, 3] > inner[:, 1])
        framed = np.flatnonzero(is_box & (np.abs(inner - WHOLE).max(axis=1) > THINNEST))
        inside = prints["inside"][rows[framed]]
        # What is inside of a border may be plain.
        framed, inside = framed[contrasts(inside) >= LEAST_CONTRAST], inside[contrasts(inside) >= LEAST_CONTRAST]
        self.greys = np.concatenate([wholes, inside]) if len(framed) else wholes
        self.owners = np.concatenate([rows, rows[framed]])
        self.boxes = np.concatenate([np.tile(WHOLE, (len(rows), 1)), inner[framed]])
        self.on_plain_ground = plain_shares(self.greys) > PLAIN_GROUND
        # Nothing is believed of what a file says.
        wide, high = (np.maximum(prints[side][self.owners].astype(np.float64), 1) for side in ("width", "height"))
        shares = np.maximum(self.boxes[:, 2:] - self.boxes[:, :2], 1e-3)
        self.proportions = wide * shares[:, 0] / (high * shares[:, 1])
        self._colours: NDArray[np.uint8] = prints["colour"]

    @cached_property
    def codes(self) -> NDArray[np.uint64]:
        """The code of each view, shape (views,)."""
        return codes(amplitudes(self.greys))

    def chromas(self, views: NDArray[np.int64], orientation: int = UPRIGHT) -> NDArray[np.float32]:
        """Return the colours of some views, turned; see `colours.chromas`."""
        colours: NDArray[np.uint8] = self._colours[self.owners[views]]
        for place in np.flatnonzero((self.boxes[views] != WHOLE).any(axis=1)).tolist():
            colours[place] = shown_in(colours[place], self.box(int(views[place])))
        shown: NDArray[np.uint8] = turned(colours, orientation)
        return chromas(shown)

    def chroma_of(self, view: int, window: Box) -> NDArray[np.float32]:
        """Return the colours of a part of a view."""
        colours: NDArray[np.uint8] = self._colours[self.owners[view]]
        return np.asarray(chromas(shown_in(colours, part_of(self.box(view), window))[None])[0])

    def box(self, view: int) -> Box:
        """Return which part of its picture a view is."""
        left, top, right, bottom = self.boxes[view].tolist()
        return left, top, right, bottom


def part_of(outer: Box, inner: Box) -> Box:
    """Return a part of a part, as shares of the whole."""
    width, height = outer[2] - outer[0], outer[3] - outer[1]
    return (
        outer[0] + inner[0] * width, outer[1] + inner[1] * height,
        outer[0] + inner[2] * width, outer[1] + inner[3] * height,
    )  # fmt: skip
