"""Descriptors of the tests, as anyone may write one: small, of every distance that there is."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from src.colordescriptor import ColorDescriptor
from src.descriptor import FeatureMap
from src.descriptors import TABLE, Descriptor, Entry
from src.localfeatures import ASKED, INDEXED
from src.objectdescriptor import ObjectDescriptor
from src.rootdescriptor import ColorRootDescriptor


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
        # Brightness reaches far; histograms of norm 1, or 3, are small.
        return bool((np.abs(features) <= 127.5).all() and np.abs(features).max(initial=0) > 3.1)


class Mapped:
    """How much of each colour, and of its opposite, is in each cell of two grids: what a network with maps is like.

    Its vector is whole numbers: for each grid, the mean of the cells, scaled to 255.
    """

    name = "mapped-2-grids"
    dimension = 12
    distance = "cosine"
    parts: Sequence[str] = ()
    fewest_pixels = 1
    shortest_side = 16
    options: Mapping[str, Any] = {}
    grids = {"coarse": (2, 3), "fine": (4, 4)}
    window = (0.25, 0.0, 0.5, 1.0)

    def feature_maps(self, image: NDArray[Any]) -> list[FeatureMap]:
        seen = image[:, image.shape[1] // 4 : image.shape[1] * 3 // 4]
        maps = []
        for name, (rows, columns) in self.grids.items():
            cells = cv2.resize(seen, (columns, rows), interpolation=cv2.INTER_AREA).astype(np.float64)
            values = np.concatenate([cells, 255 - cells], axis=2).transpose(2, 0, 1) / 40
            maps.append(FeatureMap(name, values, self.window))
        return maps

    def describe(self, image: NDArray[Any]) -> NDArray[np.float32]:
        means = [one.values.mean(axis=(1, 2)) for one in self.feature_maps(image)]
        return np.concatenate([np.rint(mean * 255 / mean.max()) for mean in means]).astype(np.float32)

    def describe_many(self, images: Sequence[NDArray[Any]]) -> NDArray[np.float32]:
        return np.array([self.describe(image) for image in images], np.float32).reshape(-1, self.dimension)

    def recognises(self, features: NDArray[np.float32]) -> bool:
        return bool((features == np.rint(features)).all() and features.min() >= 0 and features.max() == 255)


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


class ByteGrid:
    """How bright each cell of a grid is, in whole numbers: two blocks of 1280, as two networks would give them."""

    distance = "mean-cosine"
    name = "brightness-32x80"
    dimension = 32 * 80
    parts: Sequence[str] = ("top", "bottom")
    fewest_pixels = 1
    shortest_side = 1
    options: Mapping[str, Any] = {}

    def describe(self, image: NDArray[Any]) -> NDArray[np.float32]:
        grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        return cv2.resize(grey, (80, 32), interpolation=cv2.INTER_AREA).astype(np.float32).reshape(-1)

    def describe_many(self, images: Sequence[NDArray[Any]]) -> NDArray[np.float32]:
        return np.array([self.describe(image) for image in images], np.float32).reshape(-1, self.dimension)

    def recognises(self, features: NDArray[np.float32]) -> bool:
        return bool((features == features.astype(np.uint8)).all())


class FusedGrid(ByteGrid):
    """The grid, the colours, and a thumbnail of 12 rows and 16 columns."""

    distance = "fused"
    name = "brightness-and-colours-and-thumbnail"
    dimension = ByteGrid.dimension + 1440 + 12 * 16 * 3

    def describe(self, image: NDArray[Any]) -> NDArray[np.float32]:
        thumbnail = cv2.resize(image, (16, 12), interpolation=cv2.INTER_AREA).reshape(-1)
        return np.concatenate([super().describe(image), ColorDescriptor().describe(image), thumbnail])


class FusedObjectsGrid(ByteGrid):
    """A finer grid, as of three networks, the colours, a thumbnail, and the local features."""

    distance = "fused-with-objects"
    name = "brightness-and-colours-and-thumbnail-and-objects"
    parts: Sequence[str] = ()

    def __init__(self, count: int = INDEXED) -> None:
        self.options = {"count": count}
        self._objects = ObjectDescriptor(count)
        self.dimension = 3840 + 1440 + 12 * 16 * 3 + self._objects.dimension

    @property
    def for_queries(self) -> "FusedObjectsGrid":
        return FusedObjectsGrid(ASKED)

    def describe(self, image: NDArray[Any]) -> NDArray[np.float32]:
        grid = cv2.resize(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), (80, 48), interpolation=cv2.INTER_AREA).reshape(-1)
        thumbnail = cv2.resize(image, (16, 12), interpolation=cv2.INTER_AREA).reshape(-1)
        parts = [grid, ColorDescriptor().describe(image), thumbnail, self._objects.describe(image)]
        return np.concatenate(parts, dtype=np.float32)


ALL: list[Descriptor] = [ColorDescriptor(), ColorRootDescriptor(), SignedGrid(), twin(), ByteGrid()]


@contextmanager
def in_table() -> Iterator[None]:
    """Put the descriptors of the tests into the table, as a new module of src would stand there."""
    grid = SignedGrid()
    added = {
        "grid": Entry("tests.descriptors:SignedGrid", grid.name, grid.dimension),
        "twin": Entry("tests.descriptors:_Twin", "signed-twin", 1440),
        "bytes": Entry("tests.descriptors:ByteGrid", ByteGrid.name, ByteGrid.dimension),
    }
    TABLE.update(added)
    try:
        yield
    finally:
        for name in added:
            del TABLE[name]
