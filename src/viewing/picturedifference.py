"""Duplicates: where and by how much two pictures differ, pixel by pixel, once one lies on the other."""

from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from .alignment import Alignment, align, whole_on_whole
from .resultlayout import Box

Image8 = NDArray[np.uint8]

# Of 255 levels, what is seen where both are shown in turns. JPEG at usual quality stays below it nearly everywhere.
NOTICEABLE = 8

# Pictures of which only a part is shared are compared at no more pixels than this each way; OpenCV has a limit, too.
MOST_SIDE = 4096

# What lies so few pixels beside the grid of the other lies on it, and nothing needs to be interpolated.
ON_GRID = 0.4


class Difference:
    """The difference of two pictures: of what both show, where one of them is cropped or has a border.

    Parameters
    ----------
    one, other : ndarray of uint8, shape (height, width, 3)
        Pixels in the order blue, green, red; turned alike.
    names : (str, str)
        What they are called.
    turned : str, optional
        How the first was turned to look like the other, in words.
    """

    def __init__(self, one: Image8, other: Image8, names: tuple[str, str], turned: str = "") -> None:
        self.one, self.other, self.names, self.turned = one, other, names, turned
        self.boxes = tuple(Box(0, 0, picture.shape[1], picture.shape[0]) for picture in (one, other))
        """The parts of both that are compared."""
        self.is_part = False
        if one.shape == other.shape and np.array_equal(one, other):
            self.laid = one, other
            return
        found = align(one, other)
        if found == whole_on_whole(one, other):
            height, width = min(one.shape[0], other.shape[0]), min(one.shape[1], other.shape[1])
            self.laid = _scaled(one, width, height), _scaled(other, width, height)
        else:
            self.is_part = True
            self._lay_parts(found)

    @cached_property
    def levels(self) -> Image8:
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
        return self.one.shape == self.other.shape and not self.is_part and not self.largest

    @property
    def words(self) -> list[str]:
        """What was compared, and by how much it differs: two lines for people."""
        (tall, wide), (high, broad) = self.one.shape[:2], self.other.shape[:2]
        height, width = self.levels.shape
        sizes = f"{wide} x {tall} pixels" if (tall, wide) == (high, broad) else f"{wide} x {tall} and {broad} x {high}"
        how = [f"the first {self.turned}"] if self.turned else []
        if self.is_part:
            shares = [_percent(box, picture) for box, picture in zip(self.boxes, (self.one, self.other), strict=True)]
            how.append(f"what both show ({shares[0]} of the first, {shares[1]} of the second)")
        if (height, width) not in ((tall, wide), (high, broad)) or self.is_part:
            how.append(f"compared at {width} x {height}")
        first, count = ", ".join([sizes, *how]), np.count_nonzero(self.levels)
        if not count:
            return [first, f"no difference: all {self.levels.size:,} pixels are the same"]
        noticeable = f"{_share_words(self.share)} by more than {NOTICEABLE} of 255 levels"
        by = f"by {self.mean:.2f} levels in the mean and {self.largest} at most"
        return [first, f"{count:,} of {self.levels.size:,} pixels differ ({noticeable}), {by}"]

    def _lay_parts(self, found: Alignment) -> None:
        """Bring what both show to the pixels of the one that has fewer of them there."""
        one, other = (_scaled_to(picture, MOST_SIDE) for picture in (self.one, self.other))
        pairs = (one, self.one), (other, self.other)
        scales = [(small.shape[1] / whole.shape[1], small.shape[0] / whole.shape[0]) for small, whole in pairs]
        found = found.between(scales[0], scales[1]).on_grid(other.shape, ON_GRID)
        if found.across * found.down >= 1:
            mine, theirs, box = _onto(one, other, found)
            self.laid = mine, theirs
            parts = found.box_of(box), box
        else:
            back = found.reverse()
            theirs, mine, box = _onto(other, one, back)
            self.laid = mine, theirs
            parts = box, back.box_of(box)
        self.boxes = tuple(
            _unscaled(part, scale, picture)
            for part, scale, picture in zip(parts, scales, (self.one, self.other), strict=True)
        )


def _onto(fine: Image8, coarse: Image8, place: Alignment) -> tuple[Image8, Image8, Box]:
    """Return a picture as another one has its pixels, that part of the other one, and where in it that is.

    `place` says where a point of the coarse one lies on the fine one.
    """
    left, top = (max(int(np.ceil(-shift / scale - 1e-3)), 0) for shift, scale in zip(place[2:], place[:2], strict=True))
    right = min(int((fine.shape[1] - place.left) / place.across + 1e-3), coarse.shape[1])
    bottom = min(int((fine.shape[0] - place.top) / place.down + 1e-3), coarse.shape[0])
    box = Box(left, top, right - left, bottom - top)
    part = coarse[top:bottom, left:right]
    # Several samples for each pixel, as each covers several of the finer ones.
    times = max(int(np.ceil(max(place.across, place.down) - 1e-3)), 1)
    across, down = place.across / times, place.down / times
    matrix = np.array([
        [across, 0, place.left + left * place.across + across / 2 - 0.5],
        [0, down, place.top + top * place.down + down / 2 - 0.5],
    ])  # fmt: skip
    is_exact = times == 1 and across == down == 1 and matrix[0, 2].is_integer() and matrix[1, 2].is_integer()
    if is_exact:
        start = int(matrix[0, 2]), int(matrix[1, 2])
        return fine[start[1] : start[1] + box.height, start[0] : start[0] + box.width], part, box
    how = (cv2.INTER_CUBIC if times == 1 else cv2.INTER_LINEAR) | cv2.WARP_INVERSE_MAP
    size = box.width * times, box.height * times
    sampled = cv2.warpAffine(fine, matrix, size, flags=how, borderMode=cv2.BORDER_REPLICATE)
    return _scaled(np.asarray(sampled, np.uint8), box.width, box.height), part, box


def _scaled(picture: Image8, width: int, height: int) -> Image8:
    if picture.shape[:2] == (height, width):
        return picture
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _scaled_to(picture: Image8, side: int) -> Image8:
    scale = min(side / max(picture.shape[:2]), 1)
    return _scaled(picture, max(round(picture.shape[1] * scale), 1), max(round(picture.shape[0] * scale), 1))


def _unscaled(box: Box, scale: tuple[float, float], picture: Image8) -> Box:
    left, top = round(box.left / scale[0]), round(box.top / scale[1])
    right, bottom = round((box.left + box.width) / scale[0]), round((box.top + box.height) / scale[1])
    left, top = max(left, 0), max(top, 0)
    return Box(left, top, min(right, picture.shape[1]) - left, min(bottom, picture.shape[0]) - top)


def _percent(box: Box, picture: Image8) -> str:
    return f"{100 * box.width * box.height / (picture.shape[0] * picture.shape[1]):.0f}%"


def _share_words(share: float) -> str:
    return "<0.1%" if 0 < share < 0.0005 else f"{share:.1%}"
