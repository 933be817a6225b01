"""Whether two sets of local features are said to show the very same thing, and where."""

import time

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from src.localfeatures import LARGEST, LocalFeatures, from_vector, to_vector
from src.objectdescriptor import local_features
from src.verification import Outline, verify
from tests.scenes import Image, as_jpeg, draw_scene

HEIGHT, WIDTH = 480, 640
ENDS = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]], np.float32)


def features_of(image: Image, count: int = 150) -> LocalFeatures:
    """Return features as they come out of an index."""
    return from_vector(to_vector(local_features(image, count), count))


def found_in(photo: Image, picture: Image) -> Outline | None:
    """Look for a picture of an index in a photo."""
    return verify(features_of(photo, 500), features_of(picture))


def seen_at(places: NDArray[np.float32], picture: Image, ground: int) -> Image:
    """Return a photo of a picture, its corners at given places, on another scene; it is as blurred as a photo is."""
    matrix = cv2.getPerspectiveTransform(ENDS, places)
    photo = draw_scene(ground, HEIGHT, WIDTH)
    cv2.warpPerspective(picture, matrix, (WIDTH, HEIGHT), photo, cv2.INTER_AREA, cv2.BORDER_TRANSPARENT)
    return as_jpeg(np.asarray(cv2.GaussianBlur(photo, (0, 0), 0.8), np.uint8), 80)


@pytest.fixture(scope="module")
def picture() -> Image:
    return draw_scene(1, HEIGHT, WIDTH)


@pytest.mark.parametrize(
    "places",
    [
        [[90, 60], [560, 100], [520, 420], [60, 380]],
        [[200, 40], [600, 120], [420, 460], [60, 300]],
        [[500, 400], [180, 380], [200, 120], [480, 140]],
        [[-150, -80], [700, -60], [720, 500], [-120, 560]],
    ],
    ids=["at an angle", "turned", "upside down and smaller", "partly out of the photo"],
)
def test_a_thing_is_found_in_a_photo_of_it_with_its_corners(picture: Image, places: list[list[int]]) -> None:
    where = np.array(places, np.float32)
    found = found_in(seen_at(where, picture, 2), picture)
    assert found is not None
    assert np.abs(found.corners * (WIDTH, HEIGHT) - where).max() < 16
    assert found.inliers >= 9 and 0 < found.similarity < 1
    matrix = cv2.getPerspectiveTransform(ENDS, where)
    expected = cv2.perspectiveTransform(found.picture_points[None] * (WIDTH, HEIGHT), matrix)[0]
    assert np.median(np.hypot(*(expected - found.query_points * (WIDTH, HEIGHT)).T)) < 4


def test_the_same_answer_comes_every_time(picture: Image) -> None:
    photo, own = features_of(seen_at(ENDS * 0.6 + 50, picture, 2), 500), features_of(picture)
    first, second = verify(photo, own), verify(photo, own)
    assert first is not None and second is not None
    for number in range(len(first)):
        np.testing.assert_array_equal(first[number], second[number])


def test_a_thing_is_not_found_in_photos_of_others_nor_in_a_mirror(picture: Image) -> None:
    own = features_of(picture)
    for seed in range(10, 30):
        assert verify(features_of(draw_scene(seed, HEIGHT, WIDTH), 500), own) is None, seed
    assert found_in(np.ascontiguousarray(picture[:, ::-1]), picture) is None


def test_another_thing_on_the_same_ground_is_not_the_same_thing(picture: Image) -> None:
    photo, ground = seen_at(ENDS * 0.9 + 30, picture, 2), picture.copy()
    assert found_in(photo, picture) is not None
    for seed, side in ((3, 0.6), (4, 0.7)):
        height, width = round(side * HEIGHT), round(side * WIDTH)
        top, left = (HEIGHT - height) // 2, (WIDTH - width) // 2
        ground[top : top + height, left : left + width] = draw_scene(seed, height, width)
        assert found_in(photo, ground) is None
        assert found_in(seen_at(ENDS * 0.9 + 30, ground, 2), ground) is not None


def page(seed: int) -> Image:
    """Write a page of words, which are other ones for each seed."""
    random = np.random.default_rng(seed)
    paper = np.full((HEIGHT, WIDTH, 3), 250, np.uint8)
    for line in range(12):
        words = "".join(random.choice(list("abcdefghiklmnoprstuvw     "), 40))
        cv2.putText(paper, words, (15, 40 + 36 * line), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (20, 20, 20), 2, cv2.LINE_AA)
    return paper


def test_a_page_of_text_is_told_from_other_pages_in_the_same_letters() -> None:
    own = features_of(page(0))
    photo = seen_at(np.array([[60, 40], [600, 70], [580, 450], [40, 430]], np.float32), page(0), 3)
    assert verify(features_of(photo, 500), own) is not None
    for seed in range(1, 8):
        assert verify(features_of(page(seed), 500), own) is None, seed


def tiles(side: int, angle: float = 0) -> Image:
    """Draw a tiled floor, of equal tiles that are themselves as rich as a scene."""
    tile = draw_scene(5, side, side)
    floor = np.tile(tile, (-(-2 * HEIGHT // side), -(-2 * WIDTH // side), 1))
    matrix = cv2.getRotationMatrix2D((WIDTH, HEIGHT), angle, 1)
    turned = cv2.warpAffine(floor, matrix, floor.shape[1::-1])
    return np.ascontiguousarray(turned[HEIGHT // 2 : HEIGHT // 2 + HEIGHT, WIDTH // 2 : WIDTH // 2 + WIDTH], np.uint8)


def test_pictures_that_repeat_or_show_nothing_take_no_longer_than_others(picture: Image) -> None:
    board = np.kron(np.indices((12, 16)).sum(axis=0) % 2 * 255, np.ones((40, 40))).astype(np.uint8)
    slope = np.broadcast_to(np.linspace(0, 255, WIDTH).astype(np.uint8), (HEIGHT, WIDTH))
    noise = np.random.default_rng(0).integers(0, 256, (HEIGHT, WIDTH), np.uint8)
    images = [cv2.cvtColor(np.ascontiguousarray(one), cv2.COLOR_GRAY2BGR) for one in (board, slope, noise)]
    images += [tiles(40), tiles(80, 20), picture, np.full((HEIGHT, WIDTH, 3), 255, np.uint8)]
    for query in [features_of(image, 500) for image in images]:  # type: ignore[arg-type]
        for own in map(features_of, images):  # type: ignore[arg-type]
            start = time.process_time()
            verify(query, own)
            assert time.process_time() - start < 0.2


@pytest.mark.parametrize("image", [tiles(40), page(0), np.full((HEIGHT, WIDTH, 3), 90, np.uint8)])
def test_a_picture_lies_in_itself_as_a_whole_whatever_it_shows(image: Image) -> None:
    image = image.copy()
    cv2.rectangle(image, (300, 200), (360, 250), (0, 0, 255), -1)
    found = found_in(image, image)
    assert found is not None
    np.testing.assert_array_equal(found.corners, [[0, 0], [1, 0], [1, 1], [0, 1]])
    np.testing.assert_array_equal(found.query_points, found.picture_points)


def vectors(count: int) -> list[NDArray[np.float32]]:
    """Return vectors that no picture has, of as many features, though of legal numbers."""
    random = np.random.default_rng(count)
    any_numbers = random.integers(0, LARGEST + 1, (4, 1 + 6 * count))
    equal = np.tile(any_numbers[0, :7], 1 + count)[: 1 + 6 * count]
    codes_equal = any_numbers.copy()
    codes_equal[:, 1:].reshape(4, count, 6)[..., 1:] = any_numbers[0, 2:7]
    one_code_each = any_numbers.copy()
    one_code_each[:, 1:].reshape(4, count, 6)[..., 1:] = np.random.default_rng(1).integers(0, LARGEST, (count, 5))
    one_place, one_line = one_code_each.copy(), one_code_each.copy()
    one_place[:, 1::6] = 77 << 16 | 77 << 8
    one_line[:, 1::6] = random.integers(0, 256, count) << 16 | 77 << 8
    rows = np.concatenate(
        [any_numbers, equal[None], codes_equal, one_code_each, one_place, one_line, [[0] * len(equal)]]
    )
    rows[:, 0] = random.choice([1 << 12, 1 << 12 | 1, 4095 << 12 | 1, LARGEST, 640 << 12 | 480, 4096 + 480], len(rows))
    return list(rows.astype(np.float32))


def test_any_legal_numbers_are_answered_quickly_and_without_a_warning() -> None:
    for query in map(from_vector, vectors(500)):
        for own in map(from_vector, vectors(150)):
            start = time.process_time()
            found = verify(query, own)
            assert time.process_time() - start < 0.5
            assert found is None or (np.isfinite(found.corners).all() and 0 < found.similarity < 1)
