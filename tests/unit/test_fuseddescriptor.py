"""The fused descriptor is the three others one after the other, and its vectors are taken for no other's."""

import cv2
import numpy as np
import pytest

from src.colordescriptor import ColorDescriptor
from src.deepdescriptor import DeepDescriptor
from src.descriptors import TABLE, by_name, of_index, of_numbers
from src.distance import by_name as distance_by_name
from src.fuseddescriptor import COLUMNS, NUMBERS, ROWS, FusedDescriptor, LookDescriptor, is_thumbnail, thumbnail
from tests.networks import needs_networks
from tests.pictures import draw_picture


def test_the_look_of_a_picture_is_its_colours_and_its_thumbnail() -> None:
    picture, descriptor = draw_picture(2), LookDescriptor()
    features = descriptor.describe(picture)
    assert features.shape == (descriptor.dimension,) == (2016,)
    assert np.array_equal(features, np.concatenate([ColorDescriptor().describe(picture), thumbnail(picture)]))
    assert np.array_equal(descriptor.describe_many([picture, picture]), [features, features])
    assert descriptor.recognises(features)
    assert not descriptor.recognises(features + 1)
    assert descriptor.name == TABLE["best"].name.removeprefix(f"{TABLE['deep'].name}+")


def test_pictures_are_read_as_for_each_of_the_parts() -> None:
    """So what networks say of a picture is the same in an index of them alone."""
    assert (LookDescriptor.fewest_pixels, LookDescriptor.shortest_side) == (
        DeepDescriptor.fewest_pixels, DeepDescriptor.shortest_side,
    )  # fmt: skip


@pytest.fixture(scope="module")
def descriptor() -> FusedDescriptor:
    return FusedDescriptor()


@needs_networks
def test_a_vector_is_the_parts_one_after_the_other(descriptor: FusedDescriptor) -> None:
    picture = draw_picture(1)
    features = descriptor.describe(picture)
    parts = DeepDescriptor().describe(picture), ColorDescriptor().describe(picture), thumbnail(picture)
    assert features.dtype == np.float32
    assert np.array_equal(features, np.concatenate(parts))
    distance_by_name(descriptor.distance).check(features, descriptor.dimension)
    assert np.array_equal(descriptor.describe_many([picture])[0], features)
    assert len(descriptor.feature_maps(picture)) == 3


@needs_networks
def test_its_vectors_are_recognised_and_no_others(descriptor: FusedDescriptor) -> None:
    features = descriptor.describe(draw_picture(1))
    assert descriptor.recognises(features)
    assert isinstance(of_numbers(features), FusedDescriptor)
    deep, look = features[:3840], features[3840:]
    wrong = [
        deep, look, features[::-1], np.concatenate([look, deep]), np.concatenate([deep / 255, look]),
        np.concatenate([deep, look[:1440] * 2, look[1440:]]), np.concatenate([deep, look[:1440], look[1440:] + 0.5]),
    ]  # fmt: skip
    assert not any(descriptor.recognises(other) for other in wrong)
    assert not DeepDescriptor().recognises(features)
    assert not ColorDescriptor().recognises(features[:5855])


@needs_networks
def test_an_index_knows_it_by_its_name(descriptor: FusedDescriptor) -> None:
    made = by_name("best")
    assert made.name == descriptor.name == TABLE["best"].name
    assert made.dimension == TABLE["best"].dimension
    assert isinstance(of_index(descriptor.name), FusedDescriptor)
    assert FusedDescriptor(**descriptor.options).name == descriptor.name


@pytest.mark.parametrize("shape", [(1, 1), (1, 400), (12, 16), (13, 5), (480, 640), (701, 33)])
def test_a_picture_of_any_size_has_one_of_whole_numbers(shape: tuple[int, int]) -> None:
    small = thumbnail(draw_picture(1, *shape))
    assert small.shape == (NUMBERS,)
    assert small.dtype == np.float32
    assert is_thumbnail(small)


def test_a_pixel_is_the_mean_of_what_it_covers() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (ROWS * 10, COLUMNS * 5, 3)).astype(np.uint8)
    means = picture.reshape(ROWS, 10, COLUMNS, 5, 3).mean(axis=(1, 3))
    assert np.abs(thumbnail(picture).reshape(ROWS, COLUMNS, 3) - means).max() <= 0.51


def test_another_size_has_nearly_the_same_one() -> None:
    picture = draw_picture(3, 480, 640)
    for factor in (0.2, 0.5, 1.7):
        other = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        assert np.corrcoef(thumbnail(picture), thumbnail(other))[0, 1] > 0.99
    assert np.corrcoef(thumbnail(picture), thumbnail(draw_picture(4)))[0, 1] < 0.9


def test_other_numbers_are_no_thumbnail() -> None:
    small = thumbnail(draw_picture(1))
    for other in (small - 256, small + 0.5, small + 256, small[:-1]):
        assert not is_thumbnail(other)
