"""Counting all regions at once, against counting them one by one."""

import cv2
import numpy as np
import pytest

from src.color.histograms import can_count_at_once, count_at_once
from src.color.regions import regions
from src.colordescriptor import ColorDescriptor
from tests.pictures import draw_picture


def test_counting_at_once_gives_the_same_bits_as_counting_region_by_region() -> None:
    random = np.random.default_rng(1)
    for number in range(300):
        height, width = (int(size) for size in random.integers(1, 90 if number < 290 else 600, 2))
        noise = random.integers(0, 256, (height, width, 3), dtype=np.uint8)
        for image in (noise, draw_picture(number, height, width)):
            hsv = cv2.cvtColor(image, cv2.COLOR_BGR2HSV)
            for bins in ((8, 12, 3), (4, 4, 4), (1, 1, 1), (16, 16, 8)):
                descriptor = ColorDescriptor(bins)
                at_once = count_at_once(image, bins)
                for histogram, region in zip(at_once, regions(height, width), strict=True):
                    np.testing.assert_array_equal(histogram.ravel(), descriptor.count(hsv, region).ravel())


@pytest.mark.parametrize("values", [*range(1, 25)])
def test_every_value_falls_into_the_right_bin(values: int) -> None:
    assert can_count_at_once((1, 1, values), 1, 1)
    for value in range(256):
        centre = count_at_once(np.full((1, 1, 3), value, np.uint8), (1, 1, values))[4]
        assert centre[value * values // 256] == 1
