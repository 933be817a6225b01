"""Step 1, describe: a part of a picture, a rectangle of it, by which alone it is described."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from .errors import NOT_DESCRIBED, UnreadableImage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Cut(NamedTuple):
    """A rectangle of a picture that is there, in pixels of the upright picture in full resolution."""

    left: int
    top: int
    width: int
    height: int
    of_width: int
    """Width of the whole picture."""
    of_height: int

    @property
    def is_whole(self) -> bool:
        """Whether it is all of the picture."""
        return (self.width, self.height) == (self.of_width, self.of_height)

    def edges_in(self, wide: int, tall: int) -> tuple[int, int, int, int]:
        """Return left, top, right and bottom of the rectangle where the picture is shown that wide and tall."""
        left, right = (round(edge * wide / self.of_width) for edge in (self.left, self.left + self.width))
        top, bottom = (round(edge * tall / self.of_height) for edge in (self.top, self.top + self.height))
        left, top = min(left, wide - 1), min(top, tall - 1)
        return left, top, max(right, left + 1), max(bottom, top + 1)

    def of(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return the rectangle of the picture, shape (height, width, 3), which may be shown larger or smaller."""
        left, top, right, bottom = self.edges_in(picture.shape[1], picture.shape[0])
        return picture[top:bottom, left:right]

    def in_whole(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return places of the whole picture, given those of the rectangle, as shares of width and height."""
        return (points * (self.width, self.height) + (self.left, self.top)) / (self.of_width, self.of_height)


class Part(NamedTuple):
    """A rectangle as people ask for it: in pixels, or in shares of width and height from 0 to 1.

    If no number exceeds 1 they are shares: 0,0,1,1 is the whole picture.
    """

    left: float
    top: float
    width: float
    height: float

    @classmethod
    def parse(cls, text: str) -> Part:
        """Read X,Y,W,H; ValueError says what is wrong with it."""
        try:
            left, top, width, height = map(float, text.split(","))
        except ValueError:
            raise ValueError("must be four numbers, X,Y,W,H, with commas between") from None
        return cls.of(left, top, width, height)

    @classmethod
    def of(cls, left: float, top: float, width: float, height: float) -> Part:
        """Check the top left corner, width and height; ValueError says what is wrong with them."""
        part = cls(left, top, width, height)
        if not all(math.isfinite(number) and number >= 0 for number in part):
            raise ValueError("must be numbers from 0 up")
        if not (part.is_share or all(number == int(number) for number in part)):
            raise ValueError("must be whole pixels, or else four shares from 0 to 1")
        if 0 in part[2:]:
            raise ValueError("must be wider and higher than 0")
        return part

    @property
    def is_share(self) -> bool:
        """Whether the numbers are shares of width and height."""
        return max(self) <= 1

    def cut(self, width: int, height: int) -> Cut:
        """Return the part that lies in a picture of that size, at least a pixel of it.

        Raises
        ------
        UnreadableImage
            If none of it does.
        """
        wide, tall = (width, height) if self.is_share else (1, 1)
        left, top = math.floor(self.left * wide), math.floor(self.top * tall)
        if left >= width or top >= height:
            what = f"the part {','.join(f'{number:g}' for number in self)} lies outside of it"
            raise UnreadableImage(NOT_DESCRIBED, f"{what}: it has {width} x {height} pixels")
        # What 0.1 + 0.2 is too much does not count as a pixel.
        right = min(math.ceil((self.left + self.width) * wide - 1e-6), width)
        bottom = min(math.ceil((self.top + self.height) * tall - 1e-6), height)
        return Cut(left, top, max(right - left, 1), max(bottom - top, 1), width, height)


WHOLE = Part(0, 0, 1, 1)


def reduced(picture: NDArray[np.uint8], scale: int) -> NDArray[np.uint8]:
    """Return a picture with width and height divided by a scale, as a large JPEG is read."""
    import cv2  # asking for a part must not wait for it
    import numpy as np

    if scale == 1:
        return np.ascontiguousarray(picture)
    height, width = (-(-side // scale) for side in picture.shape[:2])
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
