from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from src.colordescriptor import REGIONS, regions
from src.viewing import explanation
from src.viewing.explanation import draw_frames, draw_labels, draw_scale, frame_colour, percent
from src.viewing.resultlayout import Box

NUMBERS = {name: number for number, name in enumerate(REGIONS)}


def grey(height: int, width: int) -> NDArray[np.uint8]:
    return np.full((height, width, 3), 128, np.uint8)


def orange(picture: NDArray[np.uint8]) -> NDArray[np.int64]:
    """How much more red than blue, pixel by pixel: above 0 what differs, below 0 what matches."""
    return picture[:, :, 2].astype(np.int64) - picture[:, :, 0]


def inside(height: int, width: int, number: int, within: int = 1) -> NDArray[np.bool_]:
    """The region's pixels, without those within so many pixels of its edge."""
    region = regions(height, width)[number]
    mask = np.zeros((height, width), np.uint8)
    mask[region.rows, region.columns] = region.mask
    mask = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0).astype(np.uint8)
    eroded = cv2.erode(mask, np.ones((2 * within + 1, 2 * within + 1)), borderValue=0)
    return eroded[1:-1, 1:-1] > 0


class Written(dict[str, list[Box]]):
    """The texts that were written, and their plates."""

    def take(self, _: NDArray[np.uint8], text: str, plate: Box, *others: Any) -> None:
        self.setdefault(text, []).append(plate)


def labels(monkeypatch: pytest.MonkeyPatch, cell: tuple[int, int], picture: Box, similarities: list[float],
           is_same_file: bool = False) -> Written:  # fmt: skip
    written = Written()
    monkeypatch.setattr(explanation, "_write_on_plate", written.take)
    draw_labels(grey(*cell), picture, similarities, is_same_file)
    return written


@pytest.mark.parametrize("name", REGIONS)
def test_the_region_that_differs_has_a_frame_of_the_other_colour(name: str) -> None:
    similarities = [1.0] * 5
    similarities[NUMBERS[name]] = 0.0
    seen = orange(draw_frames(grey(300, 400), similarities))

    for other in REGIONS:
        part = seen[inside(300, 400, NUMBERS[other])]
        assert part.max() > 150 and part.min() >= 0 if other == name else part.min() < -100 and part.max() <= 0


@pytest.mark.parametrize(("height", "width"), [(80, 80), (300, 400), (60, 480), (480, 60)])
def test_the_colours_of_a_picture_stay_visible(height: int, width: int) -> None:
    picture = np.random.default_rng(1).integers(0, 255, (height, width, 3), np.uint8)
    framed = draw_frames(picture, [0.0] * 5)

    unchanged = (framed == picture).all(axis=2)
    assert unchanged.mean() > 0.5
    for number in range(5):
        assert unchanged[inside(height, width, number, within=11)].all()


def test_all_results_share_one_scale() -> None:
    """What a frame looks like depends on nothing but the similarity of its region."""
    similarities = [0.9, 0.7, 0.5, 0.3, 0.1]
    centre = inside(300, 400, NUMBERS["centre"])
    alone = draw_frames(grey(300, 400), [0.0, 0.0, 0.0, 0.0, 0.4])
    among = draw_frames(grey(300, 400), [1.0, 0.3, 0.9, 0.4, 0.4])
    assert np.array_equal(alone[centre], among[centre])

    frames = [draw_frames(grey(300, 400), [similarity] * 5) for similarity in similarities]
    shades = [int(orange(frame)[150, 50:75].max() - abs(orange(frame)[150, 50:75].min())) for frame in frames]
    assert shades == sorted(set(shades)), "the less similar, the more orange"
    changed = [int((frame != 128).any(axis=2).sum()) for frame in frames]
    assert changed == sorted(set(changed)), "and the thicker, which is told in grey too"


def test_the_scale_shows_the_colours_of_the_frames_from_end_to_end() -> None:
    strip = np.zeros((9, 100, 3), np.uint8)
    draw_scale(strip)

    assert tuple(strip[4, 0]) == frame_colour(1.0)
    assert tuple(strip[4, -1]) == frame_colour(0.0)
    assert (np.diff(orange(strip)[4]) >= 0).all()
    thick = (strip.max(axis=2) > 0).sum(axis=0)
    assert (np.diff(thick) >= 0).all() and thick[-1] > 2 * thick[0]


def test_there_must_be_one_number_for_each_region() -> None:
    with pytest.raises(ValueError, match="5 regions, but 4"):
        draw_frames(grey(30, 30), [1.0, 0.5, 0.5, 0.5])


@pytest.mark.parametrize(("height", "width"), [(300, 400), (301, 200), (80, 500), (64, 64)])
def test_frames_run_where_the_descriptor_parts_the_picture(height: int, width: int) -> None:
    changed = (draw_frames(grey(height, width), None) != 128).any(axis=2)

    numbers = np.zeros((height, width), np.uint8)
    for number, region in enumerate(regions(height, width)):
        numbers[region.rows, region.columns][region.mask > 0] = number
    # The picture's own edge is an edge of regions, too.
    numbers = cv2.copyMakeBorder(numbers, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=9).astype(np.uint8)
    edge = (cv2.morphologyEx(numbers, cv2.MORPH_GRADIENT, np.ones((3, 3))) > 0)[1:-1, 1:-1]
    near_edge = cv2.dilate(edge.astype(np.uint8), np.ones((11, 11))) > 0
    near_line = cv2.dilate(changed.astype(np.uint8), np.ones((5, 5))) > 0
    assert not changed[~near_edge].any()
    assert near_line[edge].all()


SHAPES = [(240, 320), (80, 80), (320, 40), (40, 320), (13, 104), (82, 10), (60, 60), (8, 8), (1, 300), (300, 1)]


@pytest.mark.parametrize(("height", "width"), SHAPES)
@pytest.mark.parametrize("cell", [(80, 80), (76, 104), (320, 340)])
def test_every_region_has_its_number_however_narrow_the_picture(
    monkeypatch: pytest.MonkeyPatch, height: int, width: int, cell: tuple[int, int]
) -> None:
    height, width = min(height, cell[0]), min(width, cell[1])
    picture = Box((cell[1] - width) // 2, (cell[0] - height) // 2, width, height)
    written = labels(monkeypatch, cell, picture, [0.11, 0.22, 0.33, 0.44, 0.55])

    plates = [written[text][0] for text in ("11%", "22%", "33%", "44%", "55%")]
    for number, one in enumerate(plates):
        assert one.left >= 0 and one.left + one.width <= cell[1]
        assert one.top >= 0 and one.top + one.height <= cell[0]
        for other in plates[:number]:
            beside = one.left >= other.left + other.width or other.left >= one.left + one.width
            assert beside or one.top >= other.top + other.height or other.top >= one.top + one.height
    top_left, top_right, bottom_right, bottom_left, centre = plates
    assert top_left.left < top_right.left and bottom_left.left < bottom_right.left
    assert top_left.top < bottom_left.top and top_right.top < bottom_right.top
    assert abs(2 * centre.left + centre.width - cell[1]) <= 3
    assert abs(2 * centre.top + centre.height - cell[0]) <= 3


def test_numbers_are_on_the_scale_of_the_frames_not_shares_of_a_distance(monkeypatch: pytest.MonkeyPatch) -> None:
    written = labels(monkeypatch, (300, 400), Box(0, 0, 400, 300), [0.9] * 5)
    assert {text: len(plates) for text, plates in written.items()} == {"90%": 5}


def test_100_percent_is_said_of_the_same_colours_alone() -> None:
    assert [percent(similarity) for similarity in (1.0, 0.9999, 0.5, 0.001, 0.0)] == ["100%", "99%", "50%", "0%", "0%"]


@pytest.mark.parametrize(("is_same_file", "words"), [(False, "same colours"), (True, "same file")])
def test_where_nothing_differs_that_is_said_in_words(
    monkeypatch: pytest.MonkeyPatch, is_same_file: bool, words: str
) -> None:
    whole = labels(monkeypatch, (300, 400), Box(0, 0, 400, 300), [1.0] * 5, is_same_file)
    narrow = labels(monkeypatch, (300, 40), Box(15, 0, 10, 300), [1.0] * 5, is_same_file)

    assert list(whole) == [words]
    assert list(narrow) == words.split()
    assert all(plate.left >= 0 and plate.left + plate.width <= 40 for plates in narrow.values() for plate in plates)


def test_what_differs_by_the_least_bit_is_not_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    written = labels(monkeypatch, (300, 400), Box(0, 0, 400, 300), [1.0, 1.0, 1.0, 1.0, 1 - 1e-12])
    assert sorted(written) == ["100%", "99%"]


@given(st.integers(1, 60), st.integers(1, 60), st.lists(st.floats(0, 1), min_size=5, max_size=5))
def test_pictures_of_any_size_can_be_explained(height: int, width: int, similarities: list[float]) -> None:
    picture = grey(height, width)
    framed = draw_frames(picture, similarities)
    draw_labels(framed, Box(0, 0, width, height), similarities, False)

    assert framed.shape == picture.shape
    assert framed.dtype == np.uint8
    assert (picture == 128).all(), "the picture given is not drawn on"
