"""Duplicates: how a picture lies on its copy, which may be scaled, stretched, cropped or bordered.

A guess comes from the middle of the copy, looked for in the picture at many sizes. Gauss-Newton steps refine it on
finer and finer pictures, together with a gain and an offset of brightness: Lucas and Kanade's way of 1981.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from .resultlayout import Box

Grey = NDArray[np.float32]

# Longer sides of the pictures that are looked at, in pixels, from the guess to the last refinement.
SIDES = (64, 128, 256, 512)
STEPS = 12

# How large the whole copy may be, as a share of the picture's size: less for a crop, more for a border.
SHARES = np.arange(0.6, 1.5, 0.03)
# Of the copy, the middle that is looked for: it is in the picture whatever was cut off or added around it.
MIDDLE = 0.6

# A copy that correlates so well where it lies as a whole is not looked for elsewhere.
CLOSE = 0.998
# Another place must correlate at least so much, by so much better, with so much of the smaller one on the other.
LIKE, BETTER, FEWEST_SHARED = 0.8, 0.01, 0.3


class Alignment(NamedTuple):
    """Where a copy lies on a picture. A point (x, y) of the copy is at (x * across + left, y * down + top)."""

    across: float
    down: float
    left: float
    top: float

    def between(self, one: tuple[float, float], other: tuple[float, float]) -> "Alignment":
        """Return it for pictures that are scaled, each by a width and a height."""
        across, down = self.across * one[0] / other[0], self.down * one[1] / other[1]
        return Alignment(across, down, self.left * one[0], self.top * one[1])

    def reverse(self) -> "Alignment":
        """Return where the picture lies on its copy."""
        return Alignment(1 / self.across, 1 / self.down, -self.left / self.across, -self.top / self.down)

    def box_of(self, box: Box) -> Box:
        """Return where a part of the copy is on the picture."""
        left, top = round(box.left * self.across + self.left), round(box.top * self.down + self.top)
        return Box(left, top, round(box.width * self.across), round(box.height * self.down))

    def on_grid(self, shape: tuple[int, ...], tolerance: float) -> "Alignment":
        """Return it with pixels of a copy of that shape on pixels, if they lie within so many of them anyway."""
        is_scaled = abs(self.across - 1) * shape[1] > tolerance or abs(self.down - 1) * shape[0] > tolerance
        left, top = round(self.left), round(self.top)
        if is_scaled or max(abs(self.left - left), abs(self.top - top)) > tolerance:
            return self
        return Alignment(1.0, 1.0, float(left), float(top))


def whole_on_whole(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> Alignment:
    """Return how a copy lies on a picture of which it shows all."""
    return Alignment(one.shape[1] / other.shape[1], one.shape[0] / other.shape[0], 0.0, 0.0)


def align(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> Alignment:
    """Return how a copy lies on a picture: as a whole, unless it lies clearly better otherwise.

    Parameters
    ----------
    one, other : ndarray of uint8, shape (height, width, 3)
        The picture and its copy, turned alike.
    """
    whole = whole_on_whole(one, other)
    pairs = [(_grey(one, side), _grey(other, side)) for side in SIDES]
    scales = [(_scale(a, one), _scale(b, other)) for a, b in pairs]
    finest, fine_scales = pairs[-1], scales[-1]
    as_whole, _ = _likeness(*finest, whole.between(*fine_scales))
    if as_whole > CLOSE:
        return whole
    found = _guess(*pairs[0], scales[0])
    for pair, scale in zip(pairs, scales, strict=True):
        found = _back(_refined(*pair, found.between(*scale)), scale)
    likeness, shared = _likeness(*finest, found.between(*fine_scales))
    return found if likeness > max(as_whole + BETTER, LIKE) and shared >= FEWEST_SHARED else whole


def _back(alignment: Alignment, scale: tuple[tuple[float, float], tuple[float, float]]) -> Alignment:
    one, other = ((1 / across, 1 / down) for across, down in scale)
    return alignment.between(one, other)


def _grey(picture: NDArray[np.uint8], side: int) -> Grey:
    height, width = picture.shape[:2]
    scale = min(side / max(height, width), 1)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    grey = cv2.resize(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), size, interpolation=cv2.INTER_AREA)
    return np.asarray(grey, np.float32)


def _scale(grey: Grey, picture: NDArray[np.uint8]) -> tuple[float, float]:
    return grey.shape[1] / picture.shape[1], grey.shape[0] / picture.shape[0]


def _guess(one: Grey, other: Grey, scale: tuple[tuple[float, float], tuple[float, float]]) -> Alignment:
    """Return where the middle of the copy is found best, at whatever size."""
    best, best_likeness = Alignment(1.0, 1.0, 0.0, 0.0), -1.0
    rows, columns = (round(side * (1 - MIDDLE) / 2) for side in other.shape)
    middle = other[rows : other.shape[0] - rows, columns : other.shape[1] - columns]
    # By the sides, as crops change the shape; both ways are tried.
    fitting = (one.shape[1] / other.shape[1], one.shape[0] / other.shape[0])
    for share in np.outer(SHARES, fitting).ravel():
        size = round(middle.shape[1] * share), round(middle.shape[0] * share)
        if min(size) < 4 or size[0] > one.shape[1] or size[1] > one.shape[0]:
            continue
        template = cv2.resize(middle, size, interpolation=cv2.INTER_AREA)
        _, likeness, _, place = cv2.minMaxLoc(cv2.matchTemplate(one, template, cv2.TM_CCOEFF_NORMED))
        if likeness > best_likeness:
            across, down = size[0] / middle.shape[1], size[1] / middle.shape[0]
            best, best_likeness = Alignment(across, down, place[0] - columns * across, place[1] - rows * down), likeness
    return _back(best, scale)


def _refined(one: Grey, other: Grey, start: Alignment) -> Alignment:
    """Return an alignment at which one picture explains the other best, from a start that is near it."""
    values, gain, offset = np.array(start, np.float64), 1.0, 0.0
    one = np.asarray(cv2.GaussianBlur(one, (0, 0), 0.8), np.float32)
    other = np.asarray(cv2.GaussianBlur(other, (0, 0), 0.8), np.float32)
    slopes = [
        np.asarray(cv2.Sobel(one, cv2.CV_32F, *way, ksize=3, scale=1 / 8), np.float32) for way in ((1, 0), (0, 1))
    ]
    y, x = (axis + 0.5 for axis in np.mgrid[: other.shape[0], : other.shape[1]].astype(np.float32))
    for _ in range(STEPS):
        place = Alignment(*values)
        inside, laid = _laid(one, other.shape, place)
        if np.count_nonzero(inside) < 64:
            break
        across, down = (_laid(slope, other.shape, place)[1][inside] for slope in slopes)
        seen, away = laid[inside], gain * laid[inside] + offset - other[inside]
        columns = [
            gain * across * x[inside],
            gain * down * y[inside],
            gain * across,
            gain * down,
            seen,
            np.ones_like(seen),
        ]
        slope = np.stack(columns, axis=1).astype(np.float64)
        # What differs much (a watermark, a frame) has little say.
        spread = 1.48 * float(np.median(np.abs(away))) + 1.0
        weights = 1 / (1 + (away / spread) ** 2)
        weighted = slope * weights[:, None]
        normal = weighted.T @ slope
        step = np.linalg.solve(normal + np.diag(1e-4 * np.diag(normal) + 1e-9), -(weighted.T @ away))
        values, gain, offset = values + step[:4], gain + step[4], offset + step[5]
        if not 0.2 < values[0] / start.across < 5 or not 0.2 < values[1] / start.down < 5:
            return start
        if np.abs(step[:2]).max() * max(other.shape) + np.abs(step[2:4]).max() < 0.01:
            break
    return Alignment(*(float(value) for value in values))


def _laid(one: Grey, shape: tuple[int, ...], place: Alignment) -> tuple[NDArray[np.bool_], Grey]:
    """Return the picture as its copy shows it, and in which of the copy's pixels there is one."""
    across = (np.arange(shape[1], dtype=np.float32) + 0.5) * np.float32(place.across) + np.float32(place.left)
    down = (np.arange(shape[0], dtype=np.float32) + 0.5) * np.float32(place.down) + np.float32(place.top)
    x, y = np.meshgrid(across - 0.5, down - 0.5)
    inside = (x >= 0) & (x <= one.shape[1] - 1) & (y >= 0) & (y <= one.shape[0] - 1)
    return inside, np.asarray(cv2.remap(one, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)


def _likeness(one: Grey, other: Grey, place: Alignment) -> tuple[float, float]:
    """Return the correlation of what lies on each other, and how much of the smaller one that is."""
    inside, laid = _laid(one, other.shape, place)
    a, b = laid[inside], other[inside]
    if a.size < 16 or a.std() < 1e-3 or b.std() < 1e-3:
        return 0.0, 0.0
    area = a.size * place.across * place.down
    return float(np.corrcoef(a, b)[0, 1]), max(a.size / other.size, min(area / one.size, 1.0))
