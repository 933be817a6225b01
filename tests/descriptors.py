"""Descriptors of the tests, as anyone may write one: small, with numbers of any sign, compared by cosine."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from src.colordescriptor import ColorDescriptor
from src.descriptors import TABLE, Descriptor, Entry


class SignedGrid:
    """How much brighter or darker than middle grey each channel is in each cell of a grid.

    Parameters
    ----------
    side : int
        Cells in a row of the grid.
    """

    distance = "cosine"
    parts: Sequence[str] = ("blue", "green", "red")
    fewest_pixels = 1
    shortest_side = 16

    def __init__(self, side: int = 2) -> None:
        self.options: Mapping[str, Any] = {"side": side}
        self.name = f"signed-grid-{side}x{side}"
        self.dimension = 3 * side * side
        self._side = side

    def describe(self, image: NDArray[Any]) -> NDArray[np.float32]:
        cells = cv2.resize(image, (self._side, self._side), interpolation=cv2.INTER_AREA).astype(np.float32) - 127.5
        return np.ascontiguousarray(cells.transpose(2, 0, 1)).reshape(-1)

    def describe_many(self, images: Sequence[NDArray[Any]]) -> NDArray[np.float32]:
        return np.array([self.describe(image) for image in images], np.float32).reshape(-1, self.dimension)

    def recognises(self, features: NDArray[np.float32]) -> bool:
        # Numbers of this many digits are halves; histograms of norm 1 are small.
        return bool((np.abs(features) <= 127.5).all() and np.abs(features).max(initial=0) > 1)


def twin() -> SignedGrid:
    """Return one of as many numbers as the colour descriptor has: 3 * 22 * 22 is 1452, so the last are left out."""
    return _Twin()


class _Twin(SignedGrid):
    def __init__(self) -> None:
        super().__init__(side=22)
        self.options = {}
        self.name, self.dimension = "signed-twin", 1440

    def describe(self, image: NDArray[Any]) -> NDArray[np.float32]:
        return super().describe(image)[: self.dimension]


ALL: list[Descriptor] = [ColorDescriptor(), SignedGrid(), twin()]


@contextmanager
def in_table() -> Iterator[None]:
    """Put the descriptors of the tests into the table, as a new module of src would stand there."""
    grid = SignedGrid()
    added = {
        "grid": Entry("tests.descriptors:SignedGrid", grid.name, grid.dimension),
        "twin": Entry("tests.descriptors:_Twin", "signed-twin", 1440),
    }
    TABLE.update(added)
    try:
        yield
    finally:
        for name in added:
            del TABLE[name]
