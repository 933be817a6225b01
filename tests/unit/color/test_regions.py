"""The five regions of a picture."""

import numpy as np

from src.color.regions import regions

SIZES = [(1, 1), (1, 2), (2, 1), (2, 2), (3, 3), (1, 50), (50, 1), (7, 4), (5, 500), (500, 5), (61, 80), (99, 33)]


def test_every_pixel_lies_in_a_region() -> None:
    for height, width in SIZES:
        covered = np.zeros((height, width), bool)
        for region in regions(height, width):
            covered[region.rows, region.columns] |= region.mask > 0
        assert covered.all(), (height, width)
