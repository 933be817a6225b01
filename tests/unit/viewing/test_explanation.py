import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from src.colordescriptor import REGIONS, regions
from src.viewing.explanation import draw_explanation, draw_outlines, draw_scale, shares

NUMBERS = {name: number for number, name in enumerate(REGIONS)}


def grey(height: int, width: int) -> NDArray[np.uint8]:
    return np.full((height, width, 3), 128, np.uint8)


def redness(picture: NDArray[np.uint8]) -> NDArray[np.int64]:
    """How much more red than blue, pixel by pixel."""
    return picture[:, :, 2].astype(np.int64) - picture[:, :, 0]


def inside(height: int, width: int, number: int) -> NDArray[np.bool_]:
    """The region's pixels, without those near its edge, where lines are, and without the labels' places."""
    region = regions(height, width)[number]
    mask = np.zeros((height, width), np.uint8)
    mask[region.rows, region.columns] = region.mask
    mask = cv2.erode(mask, np.ones((9, 9)), borderValue=255).astype(np.uint8)
    label_height, label_width = height // 6, width // 3
    mask[:label_height, :label_width] = mask[:label_height, -label_width:] = 0
    mask[-label_height:, :label_width] = mask[-label_height:, -label_width:] = 0
    middle = slice(height // 2 - label_height, height // 2 + label_height)
    mask[middle, width // 2 - label_width // 2 : width // 2 + label_width // 2] = 0
    return mask > 0


def test_shares_are_parts_of_one() -> None:
    parts = shares([0.5, 1.0, 0.25, 0.25, 2.0])

    assert parts == [0.125, 0.25, 0.0625, 0.0625, 0.5]


@pytest.mark.parametrize("nothing", [[0.0] * 5, [1e-9, 0, 0, 1e-9, 0]])
def test_no_distance_has_no_shares(nothing: list[float]) -> None:
    assert shares(nothing) is None


def test_there_must_be_one_number_for_each_region() -> None:
    with pytest.raises(ValueError, match="5 regions, but 4"):
        shares([1, 2, 3, 4])


@pytest.mark.parametrize("name", REGIONS)
def test_the_region_that_carries_all_is_tinted_and_no_other(name: str) -> None:
    distances = [0.0] * 5
    distances[NUMBERS[name]] = 0.7
    red = redness(draw_explanation(grey(300, 400), distances))

    for other in REGIONS:
        seen = red[inside(300, 400, NUMBERS[other])]
        assert seen.size > 500
        assert seen.min() > 80 if other == name else seen.max() == 0


def test_the_more_a_region_carries_the_stronger_its_tint() -> None:
    parts = [0.1, 0.15, 0.2, 0.25, 0.3]
    red = redness(draw_explanation(grey(300, 400), parts))

    seen = [int(np.median(red[inside(300, 400, number)])) for number in range(5)]
    assert seen == sorted(set(seen))


@pytest.mark.parametrize(("height", "width"), [(300, 400), (301, 200), (80, 500), (64, 64)])
def test_outlines_run_where_the_descriptor_parts_the_picture(height: int, width: int) -> None:
    changed = (draw_outlines(grey(height, width)) != 128).any(axis=2)

    numbers = np.zeros((height, width), np.uint8)
    for number, region in enumerate(regions(height, width)):
        numbers[region.rows, region.columns][region.mask > 0] = number
    edge = cv2.morphologyEx(numbers, cv2.MORPH_GRADIENT, np.ones((3, 3))) > 0
    near_edge = cv2.dilate(edge.astype(np.uint8), np.ones((9, 9))) > 0
    near_line = cv2.dilate(changed.astype(np.uint8), np.ones((5, 5))) > 0
    assert not changed[~near_edge].any()
    assert near_line[edge].all()


@pytest.mark.parametrize("number", range(5))
def test_every_region_has_its_share_written_in_it(number: int) -> None:
    other = (number + 2) % 5
    pictures = []
    # Too little to tint the one region and too much to change the tint of the other: what differs are two labels.
    for part in (0.01, 0.07):
        distances = [0.0] * 5
        distances[number], distances[other] = part, 1 - part
        pictures.append(draw_explanation(grey(300, 300), distances))
    changed = (pictures[0] != pictures[1]).any(axis=2)

    corner, middle, far = slice(0, 80), slice(110, 190), slice(220, 300)
    places = [(corner, corner), (corner, far), (far, far), (far, corner), (middle, middle)]
    for place in (places[number], places[other]):
        assert changed[place].any()
        changed[place] = False
    assert not changed.any()


def test_only_shares_matter() -> None:
    distances = [0.4, 0.3, 0.2, 0.1, 0.0]
    explained = draw_explanation(grey(300, 300), distances)

    assert np.array_equal(explained, draw_explanation(grey(300, 300), [7 * part for part in distances]))


def test_no_distance_is_said_in_the_middle_and_nothing_is_tinted() -> None:
    explained = draw_explanation(grey(300, 300), [0.0] * 5)

    assert redness(explained).max() == 0
    changed = (explained != draw_outlines(grey(300, 300))).any(axis=2)
    assert changed[140:160, 120:180].any()
    changed[120:180, 90:210] = False
    assert not changed.any()


@given(st.integers(1, 60), st.integers(1, 60), st.lists(st.floats(0, 5), min_size=5, max_size=5))
def test_pictures_of_any_size_can_be_explained(height: int, width: int, distances: list[float]) -> None:
    picture = grey(height, width)
    explained = draw_explanation(picture, distances)

    assert explained.shape == picture.shape
    assert explained.dtype == np.uint8
    assert (picture == 128).all(), "the picture given is not drawn on"


def test_the_scale_runs_from_no_tint_to_the_strongest() -> None:
    strip = np.zeros((4, 100, 3), np.uint8)
    draw_scale(strip)

    assert (np.diff(redness(strip), axis=1) >= 0).all()
    assert redness(strip)[0, 0] == 0
    assert redness(strip)[0, -1] > 150
