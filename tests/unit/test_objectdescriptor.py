"""Which local features describe a picture."""

import hashlib

import cv2
import numpy as np
import pytest

from src.colordescriptor import ColorDescriptor
from src.localfeatures import NUMBERS, from_vector
from src.objectdescriptor import LONGEST_SIDE, ObjectDescriptor, local_features
from tests.scenes import Image, as_jpeg, draw_scene

DESCRIPTOR = ObjectDescriptor()


@pytest.fixture(scope="module")
def scene() -> Image:
    return draw_scene(1, 480, 640)


def found_again(first: Image, second: Image) -> float:
    """Return the share of the features of a picture that a query, another version of it, has at the same places."""
    own, others = local_features(first, 150), local_features(second, 500)
    scale = np.array([own.width / others.width, own.height / others.height])
    away = np.hypot(*(own.points[:, None] - others.points * scale).transpose(2, 0, 1))
    bits = np.unpackbits(own.codes[:, None] ^ others.codes, axis=2).sum(axis=2)
    return float(((away < 6) & (bits < 36)).any(axis=1).mean())


def test_a_query_begins_with_the_features_by_which_an_index_knows_the_picture(scene: Image) -> None:
    vector, query = DESCRIPTOR.describe(scene), DESCRIPTOR.for_queries.describe(scene)
    assert vector.shape == (DESCRIPTOR.dimension,) and len(query) > len(vector)
    np.testing.assert_array_equal(query[: len(vector)], vector)
    np.testing.assert_array_equal(DESCRIPTOR.describe_many([scene, scene])[1], vector)


@pytest.mark.parametrize("shape", [(1, 1), (1, 640), (640, 2), (40, 40), (3, 5000), (41, 41), (200, 300), (3000, 20)])
@pytest.mark.parametrize("value", [0, 255, None], ids=["black", "white", "noise"])
def test_pictures_of_any_size_are_described_and_flat_ones_have_no_feature(
    shape: tuple[int, int], value: int | None
) -> None:
    if value is None:
        picture = np.random.default_rng(0).integers(0, 256, (*shape, 3)).astype(np.uint8)
    else:
        picture = np.full((*shape, 3), value, np.uint8)
    vector = DESCRIPTOR.describe(picture)
    features = from_vector(vector)
    assert DESCRIPTOR.recognises(vector)
    assert min(features.width, features.height) >= 1 and max(features.width, features.height) <= LONGEST_SIDE
    assert len(features) == 0 or value is None


def test_features_are_spread_over_a_picture_and_its_sizes(scene: Image) -> None:
    features = local_features(scene, 150)
    assert len(features) == 150
    quarters = (features.points > (features.width / 2, features.height / 2)).astype(int) @ (1, 2)
    assert np.bincount(quarters, minlength=4).min() >= 15
    assert np.bincount(features.octaves // 2, minlength=4).min() >= 10


def test_a_sharp_outline_on_white_paper_is_not_described_by_a_crowd_of_features_at_one_place() -> None:
    paper = np.full((480, 640, 3), 255, np.uint8)
    cv2.fillPoly(paper, [np.array([[300, 200], [360, 215], [340, 260], [310, 290], [280, 240]])], (30, 30, 30))
    assert 4 <= len(local_features(paper, 500)) < 60


@pytest.mark.parametrize(
    ("scale", "blur", "quality", "share"), [(1, 2, 60, 0.35), (0.5, 0.7, 50, 0.35), (1, 0, 25, 0.45)]
)
def test_many_features_are_found_again_in_a_blurred_or_smaller_or_coarse_picture(
    scene: Image, scale: float, blur: float, quality: int, share: float
) -> None:
    other = np.asarray(cv2.resize(scene, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    if blur:
        other = np.asarray(cv2.GaussianBlur(other, (0, 0), blur), np.uint8)
    assert found_again(scene, as_jpeg(other, quality)) > share
    assert found_again(scene, draw_scene(2, 480, 640)) < 0.1


def test_only_whole_numbers_that_begin_with_the_size_of_a_picture_are_recognised(scene: Image) -> None:
    vector = DESCRIPTOR.describe(scene)
    assert DESCRIPTOR.recognises(vector)
    assert not DESCRIPTOR.recognises(vector[:-NUMBERS])
    for number, value in ((0, 5), (1, 0.5), (2, -1), (3, 1 << 24), (4, np.nan)):
        other = vector.copy()
        other[number] = value
        assert not DESCRIPTOR.recognises(other), (number, value)
    assert not DESCRIPTOR.recognises(ColorDescriptor((8, 12, 3)).describe(scene)[: DESCRIPTOR.dimension])


def test_the_features_of_a_picture_stay_the_same_as_long_as_the_descriptor_keeps_its_name() -> None:
    """An index keeps features for years: whoever chooses, measures or packs them differently changes the name, too."""
    blocks = np.random.default_rng(7).integers(0, 256, (12, 16), np.uint8)
    drawn = cv2.cvtColor(np.kron(blocks, np.ones((40, 40), np.uint8)), cv2.COLOR_GRAY2BGR)
    faint = np.where(np.arange(640)[:, None] < 80, drawn, drawn // 16 + 100)
    numbers = DESCRIPTOR.describe_many([drawn, faint]).astype("<u4")
    assert (DESCRIPTOR.name, numbers[0, 0]) == ("orb-120-bits", 640 << 12 | 480)
    digest = hashlib.sha256(numbers.tobytes()).hexdigest()[:16]
    assert digest == "575eda498bfc5688", "other features than before: change ObjectDescriptor.name and this digest"
