import numpy as np
import pytest
from numpy.typing import NDArray

from src.duplicates.colours import agree, chromas, shown_in
from src.duplicates.frequencies import WHOLE
from src.fingerprint import COLOUR
from tests.scenes import COPIES, Image, as_levels, cropped, draw_scene, in_grey, prints_of

SCENES = [draw_scene(seed) for seed in range(8)]


def colours_of(*images: Image) -> NDArray[np.float32]:
    return chromas(prints_of(*images)["colour"])


def test_colours_are_differences_of_red_and_blue_and_grey_has_none() -> None:
    red, blue, grey = (np.full((1, COLOUR, COLOUR, 3), colour, np.uint8) for colour in ((0, 0, 255), (255, 0, 0), 90))
    assert chromas(grey).shape == (1, COLOUR * COLOUR, 2)
    assert np.abs(chromas(grey)).max() <= 1
    assert chromas(red)[0, :, 0].min() > 90 > 0 > chromas(red)[0, :, 1].max()
    assert chromas(blue)[0, :, 1].min() > 90 > 0 > chromas(blue)[0, :, 0].max()
    assert chromas(np.empty((0, COLOUR, COLOUR, 3), np.uint8)).shape == (0, COLOUR * COLOUR, 2)


@pytest.mark.parametrize(
    "change", ["paler", "warmer", "JPEG of quality 20", "lighter", "darker", "less contrast", "watermarked"]
)
def test_colours_of_copies_agree_in_both_directions(change: str) -> None:
    copies = [COPIES[change](scene) for scene in SCENES]
    for one, other in ((SCENES, copies), (copies, SCENES)):
        do_agree, is_grey = agree(colours_of(*one), colours_of(*other))
        assert do_agree.all()
        assert not is_grey.any()


def test_red_and_blue_do_not_agree() -> None:
    mean = 128.0
    red = [as_levels(mean + 0.3 * (in_grey(scene) - mean) + np.array([-40, -10, 50])) for scene in SCENES]
    blue = [as_levels(mean + 0.3 * (in_grey(scene) - mean) + np.array([50, -10, -40])) for scene in SCENES]
    assert not agree(colours_of(*red), colours_of(*blue))[0].any()
    assert agree(colours_of(*red), colours_of(*red))[0].all()


def test_exchanged_colours_and_colours_of_other_scenes_do_not_agree() -> None:
    exchanged = [np.ascontiguousarray(scene[..., ::-1]) for scene in SCENES]
    assert not agree(colours_of(*SCENES), colours_of(*exchanged))[0].any()
    assert not agree(colours_of(*SCENES), colours_of(*SCENES[1:], SCENES[0]))[0].any()


def test_grey_is_told_where_one_alone_is_and_two_grey_ones_agree() -> None:
    grey = [in_grey(scene) for scene in SCENES]
    for one, other in ((SCENES, grey), (grey, SCENES)):
        do_agree, is_grey = agree(colours_of(*one), colours_of(*other))
        assert not do_agree.any()
        assert is_grey.all()
    do_agree, is_grey = agree(colours_of(*grey), colours_of(*grey))
    assert do_agree.all()
    assert not is_grey.any()


def test_what_is_shown_of_the_whole_is_all_of_it() -> None:
    colours = prints_of(SCENES[0])["colour"][0]
    assert np.array_equal(shown_in(colours, WHOLE), colours)


def test_colours_of_a_window_are_those_of_the_crop() -> None:
    box = 0.1, 0.05, 0.9, 1.0
    for scene in SCENES:
        whole = prints_of(scene)["colour"][0]
        shown = shown_in(whole, box)
        crop = prints_of(cropped(scene, *box))["colour"][0]
        assert np.abs(shown.astype(int) - crop).mean() < 0.6 * np.abs(whole.astype(int) - crop).mean()
        assert agree(chromas(shown[None]), chromas(crop[None]))[0].all()
