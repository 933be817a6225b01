import numpy as np
import pytest

from src.viewing.pagescale import in_window, scale_of, scaled


@pytest.mark.parametrize("size", [(640, 360), (1440, 810), (320, 360), (100, 2000), (2000, 100), (9, 9)])
def test_pages_are_laid_out_large_enough_and_fill_their_window(size: tuple[int, int]) -> None:
    width, height = scaled(*size)
    assert width >= 640
    assert height >= 360
    assert width / size[0] == pytest.approx(scale_of(*size), rel=0.01)
    for rows in (height, height // 2):
        assert in_window(np.zeros((rows, width, 3), np.uint8), *size).shape == (size[1], size[0], 3)


def test_in_a_usual_window_a_page_is_shown_pixel_by_pixel_and_its_last_row_goes_on() -> None:
    page = np.random.default_rng(0).integers(0, 256, (500, 900, 3), np.uint8)
    shown = in_window(page, 900, 600)
    assert np.array_equal(shown[:500], page)
    assert (shown[500:] == page[-1]).all()
