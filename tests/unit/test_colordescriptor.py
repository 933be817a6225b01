"""Describing a picture by its colours: against the definition, pixel by pixel, and what is refused."""

import math
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from src.color.histograms import can_count_at_once
from src.colordescriptor import ColorDescriptor
from tests.pictures import draw_picture

SIZES = [(1, 1), (1, 2), (2, 1), (2, 2), (3, 3), (1, 50), (50, 1), (7, 4), (5, 500), (500, 5), (61, 80), (99, 33)]


def member_of(y: int, x: int, height: int, width: int, ellipse: NDArray[np.uint8]) -> list[bool]:
    """Say of one pixel in which of the five regions it lies, straight from the definition."""
    centre_x, centre_y = int(width * 0.5), int(height * 0.5)
    inside = bool(ellipse[y, x])
    corners = [
        x <= centre_x and y <= centre_y,
        x >= centre_x and y <= centre_y,
        x >= centre_x and y >= centre_y,
        x <= centre_x and y >= centre_y,
    ]
    return [corner and not inside for corner in corners] + [inside]


def slow_description(image: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Describe a picture pixel by pixel; only the colour conversion and the ellipse are OpenCV's."""
    height, width = image.shape[:2]
    hsv = cv2.cvtColor(image, cv2.COLOR_BGR2HSV)
    ellipse = np.zeros((height, width), np.uint8)
    axes = (int(width * 0.75) // 2, int(height * 0.75) // 2)
    cv2.ellipse(ellipse, (int(width * 0.5), int(height * 0.5)), axes, 0, 0, 360, 255, -1)
    counts = np.zeros((5, 8, 12, 3))
    for y in range(height):
        for x in range(width):
            hue, saturation, value = (int(number) for number in hsv[y, x])
            for region, inside in enumerate(member_of(y, x, height, width, ellipse)):
                if inside:
                    counts[region, hue * 8 // 180, saturation * 12 // 256, value * 3 // 256] += 1
    lengths = [math.sqrt((histogram**2).sum()) for histogram in counts]
    return np.concatenate(
        [histogram.ravel() / (length or 1.0) for histogram, length in zip(counts, lengths, strict=True)]
    )


@pytest.mark.parametrize(("height", "width"), SIZES)
def test_describes_as_the_slow_and_obvious_way_does(height: int, width: int) -> None:
    noise = np.random.default_rng(height * 1000 + width).integers(0, 256, (height, width, 3), dtype=np.uint8)
    for image in (noise, draw_picture(7, height, width)):
        features = ColorDescriptor().describe(image)
        assert features.dtype == np.float32
        assert features.shape == (1440,)
        np.testing.assert_allclose(features, slow_description(image), atol=1e-6)


def test_every_region_has_length_one_or_no_pixel() -> None:
    lengths = np.linalg.norm(ColorDescriptor().describe(draw_picture(3)).reshape(5, -1), axis=1)
    np.testing.assert_allclose(lengths, 1, atol=1e-6)


def test_bins_can_be_chosen_and_name_the_descriptor() -> None:
    descriptor = ColorDescriptor(bins=(4, 6, 2))
    assert descriptor.dimension == 240 == len(descriptor.describe(draw_picture(1)))
    assert descriptor.name != ColorDescriptor().name


def test_what_does_not_fit_into_bytes_is_counted_region_by_region() -> None:
    assert not can_count_at_once((8, 12, 200), 10, 10)
    assert len(ColorDescriptor((8, 12, 200)).describe(draw_picture(4))) == 5 * 8 * 12 * 200
    assert not can_count_at_once((8, 12, 3), 2**12, 2**12)


def test_threads_that_describe_at_once_do_not_disturb_each_other() -> None:
    pictures = [draw_picture(number, 40 + number, 60) for number in range(40)] * 5
    descriptor = ColorDescriptor()
    alone = [descriptor.describe(picture) for picture in pictures]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(descriptor.describe, pictures))
    np.testing.assert_array_equal(together, alone)


def test_a_picture_too_large_to_keep_its_masks_is_described_alike() -> None:
    small = draw_picture(2, 100, 100)
    large = np.repeat(np.repeat(small, 21, axis=0), 21, axis=1)
    assert large[..., 0].size > 4_000_000
    distance = np.abs(ColorDescriptor().describe(small) - ColorDescriptor().describe(large)).max()
    assert distance < 0.05


@pytest.mark.parametrize(
    ("image", "named"),
    [
        (None, "NoneType"),
        ([[1, 2, 3]], "list"),
        (np.zeros((4, 5), np.uint8), "uint8 of shape (4, 5)"),
        (np.zeros((4, 5, 4), np.uint8), "uint8 of shape (4, 5, 4)"),
        (np.zeros((4, 5, 3), np.float32), "float32 of shape (4, 5, 3)"),
        (np.zeros((0, 5, 3), np.uint8), "uint8 of shape (0, 5, 3)"),
    ],
)
def test_what_is_no_picture_is_named(image: NDArray[np.uint8], named: str) -> None:
    with pytest.raises(ValueError, match="a picture must be uint8 of shape") as refused:
        ColorDescriptor().describe(image)
    assert named in str(refused.value)
