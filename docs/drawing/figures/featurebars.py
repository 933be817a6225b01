"""Feature vectors drawn as bars, each in the colour that its bin counts."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from docs.drawing.figures.page import Image8
from src.colordescriptor import HSV_RANGES, REGIONS, ColorDescriptor
from src.viewing.palette import PANEL, STAGE

BINS = ColorDescriptor().bins
REGION_BINS = BINS[0] * BINS[1] * BINS[2]


def bin_colours() -> Image8:
    """Return the colour of each bin of one region.

    Returns
    -------
    ndarray of uint8, shape (288, 3)
        Blue, green, red; in the order of the features. Hue and saturation are those in the middle of the bin; the
        value is the brightest that falls into it, so that dark bins can be seen on a dark ground.
    """
    steps = [np.arange(count) for count in BINS]
    hue, saturation, value = np.meshgrid(*steps, indexing="ij")
    spans = [end / count for end, count in zip(HSV_RANGES[1::2], BINS, strict=True)]
    middles = [(hue + 0.5) * spans[0], (saturation + 0.5) * spans[1], (value + 1) * spans[2] - 1]
    colours = np.stack(middles, axis=-1).astype(np.uint8).reshape(1, REGION_BINS, 3)
    return np.asarray(cv2.cvtColor(colours, cv2.COLOR_HSV2BGR)[0], np.uint8)


def draw_bars(place: Image8, numbers: NDArray[np.float32]) -> None:
    """Draw numbers as upright bars over a whole place.

    A bar's height is the square root of its number: most bins hold little, and what they hold should be seen.

    Parameters
    ----------
    place : ndarray of uint8, shape (height, k * n, 3)
        Drawn over in place; each bar is k columns wide, and as tall as the place if its number is 1.
    numbers : ndarray of float32, shape (n,)
        From 0 to 1; n is a multiple of the bins of a region.
    """
    place[:] = STAGE
    height, columns = place.shape[:2]
    across, hue = columns // len(numbers), columns // len(numbers) * BINS[1] * BINS[2]
    if across > 1:
        place[:, hue::hue] = PANEL
    colours = np.tile(bin_colours(), (len(numbers) // REGION_BINS, 1))
    # A number that is not zero is seen.
    tall = np.where(numbers > 0, np.maximum(np.rint(np.sqrt(numbers) * height), 1), 0).astype(int)
    for position, (top, colour) in enumerate(zip(height - tall, colours, strict=True)):
        place[top:, position * across : (position + 1) * across] = colour


def draw_palette(place: Image8) -> None:
    """Fill a place, k * 288 columns wide, with the colours of the bins of a region.

    Each hue and saturation stands where its bars stand; the values stand below each other, brightest at the top.
    """
    colours = bin_colours().reshape(BINS[0] * BINS[1], BINS[2], 3)[:, ::-1].swapaxes(0, 1)
    columns = np.repeat(colours, place.shape[1] // len(colours[0]), axis=1)
    place[:] = np.repeat(columns, place.shape[0] // BINS[2], axis=0)


def bin_limits(axis: int) -> list[tuple[int, int]]:
    """Return the first and last 8-bit number of each bin of hue (axis 0), saturation (1) or value (2)."""
    end, count = HSV_RANGES[2 * axis + 1], BINS[axis]
    starts = [-(-end * place // count) for place in range(count + 1)]
    return [(first, behind - 1) for first, behind in zip(starts, starts[1:], strict=False)]


def split_regions(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a feature vector as the histograms of its regions, shape (5, 288)."""
    return features.reshape(len(REGIONS), REGION_BINS)
