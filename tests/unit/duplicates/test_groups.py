"""Groups: no picture stands between two others that are no copies of each other, and the threshold holds for all."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from src.duplicates.groups import near_sets
from src.fingerprint import LAYOUT, Fingerprint


def drawn(colour: tuple[int, int, int], seed: int = 4) -> NDArray[np.uint8]:
    """A figure on white, shape (200, 200, 3), of one shape and brightness in whatever colour (blue, green, red)."""
    grey = cv2.cvtColor(np.array([[colour]], np.uint8), cv2.COLOR_BGR2GRAY)[0, 0]
    chosen = np.clip(np.array(colour) * (110 / grey), 0, 255)
    picture = np.full((200, 200, 3), 255, np.uint8)
    corners = np.random.default_rng(seed).integers(30, 170, (5, 2))
    cv2.fillPoly(picture, [cv2.convexHull(corners)], chosen.tolist())
    return picture


def prints(*pictures: NDArray[np.uint8]) -> NDArray[np.void]:
    one = Fingerprint()
    return np.array([one.describe(picture).astype(np.uint8).view(LAYOUT)[0] for picture in pictures], LAYOUT)


def in_grey(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR), np.uint8)


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)])
def test_a_picture_in_grey_does_not_join_two_colours_of_a_thing(order: tuple[int, ...]) -> None:
    red, green = drawn((80, 80, 150)), drawn((60, 130, 60))
    pictures = [red, in_grey(red), green]
    found = near_sets(prints(*(pictures[one] for one in order)), [1], 0.92, [])
    together = [{order[row] for row in poses.rows} for poses in found]
    assert not any({0, 2} <= some for some in together)


def test_a_copy_in_grey_is_in_the_group_of_its_picture() -> None:
    red = drawn((80, 80, 150))
    smaller = np.asarray(cv2.resize(red, (120, 120), interpolation=cv2.INTER_AREA), np.uint8)
    found = near_sets(prints(red, in_grey(red), smaller), [1], 0.92, [])
    assert [sorted(poses.rows) for poses in found] == [[0, 1, 2]]


def test_what_is_all_but_equal_is_no_copy_below_the_threshold() -> None:
    pictures = prints(drawn((120, 120, 120)), drawn((120, 120, 120)))
    rng = np.random.default_rng(3)
    noisy = pictures["grey"][1] + rng.normal(0, 1.2, pictures["grey"][1].shape)
    pictures["grey"][1] = np.clip(noisy, 0, 255)
    assert near_sets(pictures, [1], 0.92, [])
    assert not near_sets(pictures, [1], 1.0, [])
