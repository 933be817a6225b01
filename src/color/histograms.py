"""Step 1, describe: the histograms of all five regions, counted in one pass over the picture.

`colordescriptor` defines what is counted, region by region. Here one histogram of the whole picture is taken, whose
third axis is region and bin of value together. So each pixel is read once; region by region it is read one and a half
times. Only the row and the column that corners share are repeated, behind the picture.
"""

import threading
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from .regions import LARGEST_KEPT_MASK, REGIONS, centre, draw_ellipse

TOP_LEFT, TOP_RIGHT, BOTTOM_RIGHT, BOTTOM_LEFT, CENTRE = range(len(REGIONS))

# Every other pixel has counts of its own. Neighbours often have one colour, and a CPU must wait before it can add to a
# count that it has just written.
INTERLEAVED_COUNTS = 2

# The largest byte. It lies outside of the ranges, so cv2.calcHist leaves such a pixel out.
LEFT_OUT = 255

# Turns OpenCV's rounding of a scaled byte into rounding down; tests try all bytes.
ROUND_DOWN = -0.4999

# Counts are float32, which holds every whole number below this.
MOST_PIXELS = 2**24

_kept = threading.local()


def can_count_at_once(bins: tuple[int, int, int], height: int, width: int) -> bool:
    """Return whether `count_at_once` can number the pixels in a byte and count them in a float32."""
    return INTERLEAVED_COUNTS * len(REGIONS) * bins[2] <= LEFT_OUT and (height + 1) * (width + 1) < MOST_PIXELS


def count_at_once(image: NDArray[Any], bins: tuple[int, int, int]) -> NDArray[np.float32]:
    """Count the colours of the five regions, in the order of `REGIONS`: shape (5, bins[0] * bins[1] * bins[2]).

    The image is BGR; `bins` are those of hue, saturation and value, for which `can_count_at_once` holds.
    """
    height, width = image.shape[:2]
    shape, pixels = (height, width), height * width
    x, y = centre(height, width)
    draw = _kept_region_numbers if pixels <= LARGEST_KEPT_MASK else _draw_region_numbers
    numbers = draw(height, width, bins[2])
    scratch = _scratch(3 * pixels + 3 * numbers.size)
    hsv = cv2.cvtColor(image, cv2.COLOR_BGR2HSV, dst=scratch[: 3 * pixels].reshape(*shape, 3))
    channels = scratch[3 * pixels :].reshape(3, numbers.size)
    cv2.split(hsv, [channel[:pixels].reshape(shape) for channel in channels])
    channels[:, pixels : pixels + width] = channels[:, y * width : (y + 1) * width]
    channels[:, pixels + width : -1] = channels[:, x:pixels:width]
    channels[:, -1] = channels[:, y * width + x]
    hue, saturation, value = channels.reshape(3, 1, -1)
    region_and_value = cv2.addWeighted(value, bins[2] / 256, numbers, 1, ROUND_DOWN, dst=value)
    third_axis = INTERLEAVED_COUNTS * len(REGIONS) * bins[2]
    ranges = [0, 180, 0, 256, 0, third_axis]
    counts = cv2.calcHist([hue, saturation, region_and_value], [0, 1, 2], None, [bins[0], bins[1], third_axis], ranges)
    interleaved = counts.reshape(bins[0] * bins[1], INTERLEAVED_COUNTS, len(REGIONS), bins[2])
    by_region: NDArray[np.float32] = np.sum(interleaved, axis=1).transpose(1, 0, 2)
    return by_region.reshape(len(REGIONS), -1)


def _draw_region_numbers(height: int, width: int, values: int) -> NDArray[np.uint8]:
    """Return what is to be added to each pixel's bin of value, uint8 of shape (1, pixels).

    First come the pixels of the picture, then those that are in a second corner. These are the row and the column in
    which the corners meet, and the pixel where they cross, which is in all four.
    """
    x, y = centre(height, width)
    pixels = height * width
    numbers = np.empty(pixels + width + height + 1, np.uint8)
    picture, row, column = np.split(numbers[:-1], [pixels, pixels + width])
    picture = picture.reshape(height, width)
    picture[:y, :x], picture[:y, x:], picture[y:, :x], picture[y:, x:] = TOP_LEFT, TOP_RIGHT, BOTTOM_LEFT, BOTTOM_RIGHT
    row[:x], row[x:], column[:y], column[y:], numbers[-1] = TOP_LEFT, TOP_RIGHT, TOP_LEFT, BOTTOM_LEFT, TOP_LEFT
    draw_ellipse(picture, CENTRE)
    is_in_centre = np.concatenate([picture[y], picture[:, x], picture[y, x : x + 1]]) == CENTRE
    numbers *= values
    numbers[1::INTERLEAVED_COUNTS] += values * len(REGIONS)
    numbers[pixels:][is_in_centre] = LEFT_OUT
    return numbers.reshape(1, -1)


# Photos of one camera have one size, so a few sizes are enough.
_kept_region_numbers = lru_cache(maxsize=8)(_draw_region_numbers)


def _scratch(size: int) -> NDArray[np.uint8]:
    """Return working memory, the same for every picture of a thread: the system takes long to provide fresh memory."""
    kept: NDArray[np.uint8] | None = getattr(_kept, "scratch", None)
    if kept is None or kept.size < size:
        kept = np.empty(size, np.uint8)
        if size <= 6 * LARGEST_KEPT_MASK:
            _kept.scratch = kept
    return kept[:size]
