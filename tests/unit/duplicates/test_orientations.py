from itertools import product

import numpy as np
import pytest

from src.duplicates.orientations import ALL, UPRIGHT, after, reverse, swaps_sides, turned, turned_box
from src.imagereader import upright

EVERY_PAIR = list(product(ALL, ALL))
MARKS = np.arange(2 * 16 * 3, dtype=np.uint8).reshape(2, 4, 4, 3)


@pytest.mark.parametrize("orientation", ALL)
def test_square_pictures_are_turned_as_readers_turn_photos_of_that_orientation(orientation: int) -> None:
    expected = [upright(picture, orientation) for picture in MARKS]
    assert np.array_equal(turned(MARKS, orientation), expected)
    assert np.array_equal(turned(MARKS[..., 0], orientation), np.array(expected)[..., 0])


@pytest.mark.parametrize(("first", "then"), EVERY_PAIR)
def test_two_turns_come_to_one(first: int, then: int) -> None:
    assert np.array_equal(turned(MARKS, after(first, then)), turned(turned(MARKS, first), then))


@pytest.mark.parametrize("orientation", ALL)
def test_the_reverse_turns_back(orientation: int) -> None:
    assert after(orientation, reverse(orientation)) == UPRIGHT == after(reverse(orientation), orientation)


def test_sides_change_places_as_those_of_a_wide_picture_do() -> None:
    wide = np.zeros((2, 3, 3), np.uint8)
    assert [one for one in ALL if swaps_sides(one)] == [one for one in ALL if upright(wide, one).shape[0] == 3]


@pytest.mark.parametrize("orientation", ALL)
def test_a_box_is_turned_with_what_is_in_it(orientation: int) -> None:
    left, top, right, bottom = 0.1, 0.3, 0.5, 0.4
    picture = np.zeros((1, 10, 10), np.uint8)
    picture[0, 3:4, 1:5] = 1
    rows, columns = np.nonzero(turned(picture, orientation)[0])
    found = columns.min() / 10, rows.min() / 10, (columns.max() + 1) / 10, (rows.max() + 1) / 10
    assert turned_box((left, top, right, bottom), orientation) == pytest.approx(found)


@pytest.mark.parametrize(("first", "then"), EVERY_PAIR)
def test_boxes_turn_twice_as_pictures_do(first: int, then: int) -> None:
    box = 0.1, 0.3, 0.5, 0.4
    assert turned_box(turned_box(box, first), then) == pytest.approx(turned_box(box, after(first, then)))
