import cv2
import numpy as np
from numpy.typing import NDArray

from src.viewing.picturedifference import NOTICEABLE, Difference
from src.viewing.resultlayout import Box
from tests.pictures import draw_picture

PHOTO = cv2.GaussianBlur(draw_picture(3, 300, 400), (0, 0), 1).astype(np.uint8)
NAMES = ("a.png", "b.png")


def differ(other: NDArray[np.uint8], turned: str = "") -> Difference:
    return Difference(PHOTO, other, NAMES, turned)


def test_the_same_picture_has_no_difference() -> None:
    difference = differ(PHOTO.copy(), "mirrored")
    assert (difference.is_none, difference.mean, difference.largest, difference.share) == (True, 0, 0, 0)
    assert difference.words == [
        "400 x 300 pixels, the first mirrored", "no difference: all 120,000 pixels are the same",
    ]  # fmt: skip


def test_a_single_changed_pixel_is_counted_and_is_no_none() -> None:
    other = PHOTO.copy()
    other[120, 50] = [value ^ 64 for value in PHOTO[120, 50]]
    difference = differ(other)
    assert (difference.is_none, difference.largest) == (False, 64)
    assert np.argwhere(difference.levels).tolist() == [[120, 50]]
    assert difference.words[1].startswith("1 of 120,000 pixels differ (<0.1% by more than 8 of 255 levels)")


def test_levels_are_those_of_the_channel_that_differs_most() -> None:
    other = np.clip(PHOTO.astype(int) + (2, 0, NOTICEABLE + 5), 0, 255).astype(np.uint8)
    expected = np.abs(PHOTO.astype(int) - other).max(axis=2)
    difference = differ(other)
    assert np.array_equal(difference.levels, expected)
    assert difference.mean == expected.mean()
    assert difference.share == (expected > NOTICEABLE).mean()


def test_pictures_of_two_sizes_are_compared_at_the_smaller_one() -> None:
    half = cv2.resize(PHOTO, (200, 150), interpolation=cv2.INTER_AREA).astype(np.uint8)
    for difference in (differ(half), Difference(half, PHOTO, NAMES)):
        assert difference.levels.shape == (150, 200)
        assert difference.largest == 0
        assert not difference.is_none, "another size is a difference"


def test_of_a_lossless_crop_or_border_nothing_differs_in_what_both_show() -> None:
    cut = PHOTO[12:280, 30:390]
    framed = cv2.copyMakeBorder(PHOTO, 20, 20, 30, 10, cv2.BORDER_CONSTANT).astype(np.uint8)
    for difference, boxes in (
        (differ(cut), (Box(30, 12, 360, 268), Box(0, 0, 360, 268))),
        (Difference(cut, PHOTO, NAMES), (Box(0, 0, 360, 268), Box(30, 12, 360, 268))),
        (differ(framed), (Box(0, 0, 400, 300), Box(30, 20, 400, 300))),
    ):
        assert difference.boxes == boxes
        assert (difference.largest, difference.is_none, difference.is_part) == (0, False, True)
    assert differ(cut).words[0] == (
        "400 x 300 and 360 x 268, what both show (80% of the first, 100% of the second), compared at 360 x 268"
    )


def test_a_reduced_crop_differs_little_where_the_pictures_lie_on_each_other() -> None:
    cut = cv2.resize(PHOTO[12:280, 30:390], (180, 134), interpolation=cv2.INTER_AREA).astype(np.uint8)
    for difference in (differ(cut), Difference(cut, PHOTO, NAMES)):
        assert difference.is_part
        assert max(difference.levels.shape) == 180
        assert difference.mean < 1.5


def test_very_large_crops_are_compared_reduced() -> None:
    wide = cv2.resize(PHOTO, (9000, 500), interpolation=cv2.INTER_LINEAR).astype(np.uint8)
    difference = Difference(wide, wide[40:, 800:], NAMES)
    assert difference.is_part
    assert max(difference.levels.shape) <= 4096
    assert difference.mean < 3
    assert abs(difference.boxes[0].left - 800) <= 9000 / 512, "to a pixel of what is looked at"
