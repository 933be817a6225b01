"""Duplicates: where and by how much two pictures differ, pixel by pixel, once one lies on the other."""

from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

# Of 255 levels, what is seen where both are shown in turns. JPEG at usual quality stays below it nearly everywhere.
NOTICEABLE = 8


class Difference:
    """The difference of two pictures.

    Parameters
    ----------
    one, other : ndarray of uint8, shape (height, width, 3)
        Pixels in the order blue, green, red; turned alike.
    names : (str, str)
        What they are called.
    turned : str, optional
        How the first was turned to look like the other, in words.
    """

    def __init__(
        self, one: NDArray[np.uint8], other: NDArray[np.uint8], names: tuple[str, str], turned: str = ""
    ) -> None:
        self.one, self.other, self.names, self.turned = one, other, names, turned
        height, width = min(one.shape[0], other.shape[0]), min(one.shape[1], other.shape[1])
        self.laid = tuple(_scaled(picture, width, height) for picture in (one, other))

    @cached_property
    def levels(self) -> NDArray[np.uint8]:
        """The largest difference of the three channels, of each pixel that was compared, shape (height, width)."""
        apart = cv2.absdiff(*self.laid)
        return np.maximum(np.maximum(apart[:, :, 0], apart[:, :, 1]), apart[:, :, 2])

    @property
    def mean(self) -> float:
        """The mean difference in levels, from 0 to 255."""
        return float(self.levels.mean())

    @property
    def largest(self) -> int:
        """The largest difference in levels."""
        return int(self.levels.max())

    @property
    def share(self) -> float:
        """The share of pixels that differ by more than `NOTICEABLE` levels, from 0 to 1."""
        return float(np.count_nonzero(self.levels > NOTICEABLE) / self.levels.size)

    @property
    def is_none(self) -> bool:
        """Whether the pictures have the same size and the same pixels."""
        return self.one.shape == self.other.shape and not self.largest

    @property
    def words(self) -> list[str]:
        """What was compared, and by how much it differs: a few lines for people."""
        (tall, wide), (high, broad) = self.one.shape[:2], self.other.shape[:2]
        height, width = self.levels.shape
        sizes = "same size" if (tall, wide) == (high, broad) else f"{wide} × {tall} and {broad} × {high} pixels"
        turned = f", the first {self.turned}" if self.turned else ""
        if self.is_none:
            return [f"{sizes}{turned}: all {height * width:,} pixels are the same"]
        return [
            f"{sizes}{turned}, compared at {width} × {height}",
            f"mean difference {self.mean:.2f} of 255 levels, largest {self.largest}; "
            f"{self.share:.1%} of the pixels differ by more than {NOTICEABLE} levels",
        ]


def _scaled(picture: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    if picture.shape[:2] == (height, width):
        return picture
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
