import numpy as np
import pytest

from src.viewing.differencepage import amplified, draw_difference
from src.viewing.palette import ACCENT
from src.viewing.picturedifference import Difference
from tests.pictures import draw_picture

PHOTO = draw_picture(3, 300, 400)


def test_a_larger_difference_is_lighter_and_none_is_black() -> None:
    levels = np.arange(256, dtype=np.uint8).reshape(1, -1)
    colours = amplified(levels.repeat(96, axis=0), 256, 96)
    light = (colours[0] * (0.114, 0.587, 0.299)).sum(axis=1)
    assert light[0] < 2
    assert (np.diff(light[[0, 1, 3, 7, 15, 31, 63, 127, 255]]) > 5).all()


@pytest.mark.parametrize("place", [(0, 0), (1234, 567), (2999, 3999)])
@pytest.mark.parametrize("side", [200, 177])
def test_one_pixel_of_a_large_picture_is_seen_in_a_small_one(place: tuple[int, int], side: int) -> None:
    levels = np.zeros((3000, 4000), np.uint8)
    levels[place] = 40
    small = amplified(levels, side, side)
    assert small.shape == (round(0.75 * side), side, 3)
    found = np.argwhere(small.max(axis=2) > 40)
    assert len(found) > 0
    assert np.abs(found - np.array(place) * side / 4000).max() <= 1


@pytest.mark.parametrize(("width", "height"), [(640, 360), (1440, 810), (3000, 400)])
@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (3000, 1), (32, 32), (300, 400)])
def test_pages_have_their_width_and_at_most_their_height(width: int, height: int, shape: tuple[int, int]) -> None:
    difference = Difference(np.zeros((*shape, 3), np.uint8), np.full((*shape, 3), 9, np.uint8), ("a.jpg", "b.jpg"))
    page = draw_difference(difference, width=width, height=height)
    assert page.shape[1] == width
    assert page.shape[0] <= height


def test_what_was_compared_of_a_crop_is_framed() -> None:
    names = "a.png", "b.png"
    cropped, whole = (draw_difference(Difference(PHOTO, other, names)) for other in (PHOTO[40:, 60:], PHOTO))
    # The title has the colour too.
    framed = [int(np.count_nonzero((page[62:] == ACCENT).all(axis=2))) for page in (cropped, whole)]
    assert framed[0] > 2000
    assert framed[1] == 0
