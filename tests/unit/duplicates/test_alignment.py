import cv2
import numpy as np
import pytest

from src.duplicates.alignment import aligned, roughly_alike
from src.duplicates.frequencies import WHOLE, WINDOWS, Box
from src.fingerprint import GREY
from tests.scenes import COPIES, cropped, draw_scene, grey_of, prints_of

# Shares of 640 x 480 pixels that are whole pixels.
CROPS: list[Box] = [(0.05, 0.1, 0.95, 1.0), (0.0, 0.025, 0.9, 0.95), (0.15, 0.1, 0.9, 0.9), (0.1, 0.15, 0.85, 0.95)]


def off(box: Box, by: float) -> Box:
    left, top, right, bottom = box
    return left + by, top - by, right + by, bottom - by


@pytest.mark.parametrize("crop", CROPS)
def test_a_crop_is_found_within_a_hundredth_of_a_side(crop: Box) -> None:
    for seed in range(4):
        scene = draw_scene(seed, 480, 640)
        alike, found = aligned(grey_of(scene), grey_of(cropped(scene, *crop)), off(crop, 0.025))
        assert alike > 0.98
        assert np.abs(np.array(found) - crop).max() < 0.01


def test_a_crop_is_found_in_a_lighter_and_compressed_copy_too() -> None:
    scene = draw_scene(7, 480, 640)
    crop = CROPS[0]
    for change in ("JPEG of quality 20", "lighter", "less contrast"):
        copy = cropped(COPIES[change](scene), *crop)
        alike, found = aligned(grey_of(scene), grey_of(copy), off(crop, 0.02))
        assert alike > 0.97
        assert np.abs(np.array(found) - crop).max() < 0.01


def test_other_scenes_are_not_alike_however_they_are_laid() -> None:
    greys = prints_of(*(draw_scene(seed) for seed in range(6)))["grey"]
    alike = [aligned(one, other, WHOLE)[0] for one in greys for other in greys if one is not other]
    assert max(alike[place] for place in range(len(alike)) if place % 7) < 0.6


def test_what_is_turned_or_shown_too_little_of_is_not_laid_on_it() -> None:
    scene = draw_scene(3, 480, 640)
    middle = 320, 240
    turned = cv2.warpAffine(scene, cv2.getRotationMatrix2D(middle, 6, 1.0), (640, 480), borderMode=cv2.BORDER_REFLECT)
    assert aligned(grey_of(scene), grey_of(np.asarray(turned, np.uint8)), WHOLE)[0] == 0
    half = cropped(scene, 0.2, 0.2, 0.8, 0.8)
    assert aligned(grey_of(scene), grey_of(half), (0.2, 0.2, 0.8, 0.8))[0] == 0


def test_what_cannot_be_laid_on_it_tells_the_window_it_was_given() -> None:
    flat = np.full((GREY, GREY), 90, np.uint8)
    window = WINDOWS[40]
    assert aligned(grey_of(draw_scene(1)), flat, window) == (0.0, window)
    assert aligned(flat, grey_of(draw_scene(1)), window) == (0.0, window)


def test_a_window_is_roughly_alike_to_what_it_shows_and_another_window_less() -> None:
    scenes = [draw_scene(seed, 480, 640) for seed in range(4)]
    crop = CROPS[0]
    wholes, crops = prints_of(*scenes)["grey"], prints_of(*(cropped(scene, *crop) for scene in scenes))["grey"]
    right, wrong = (np.tile(np.array(box, np.float32), (4, 1)) for box in (crop, off(crop, 0.05)))
    found = roughly_alike(wholes, crops, right)
    assert found.min() > 0.95
    assert (roughly_alike(wholes, crops, wrong) < 0.8).all()
    assert np.abs(roughly_alike(wholes, crops[::-1], right)).max() < 0.4
