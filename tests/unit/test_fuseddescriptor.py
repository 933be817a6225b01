"""The fused descriptor is the four others one after the other, and its vectors are taken for no other's."""

import pickle

import cv2
import numpy as np
import pytest

from src.colordescriptor import ColorDescriptor
from src.deepdescriptor import DeepDescriptor
from src.description import Recipe
from src.descriptors import TABLE, by_name, of_index, of_numbers
from src.distance import by_name as distance_by_name
from src.fuseddescriptor import (
    COLUMNS,
    NUMBERS,
    ROWS,
    FusedDescriptor,
    FusedDescriptorWithoutObjects,
    LookDescriptor,
    ObjectsOfFused,
    RestDescriptor,
    is_thumbnail,
    thumbnail,
)
from src.objectdescriptor import ObjectDescriptor
from tests.networks import needs_networks
from tests.pictures import draw_picture
from tests.scenes import draw_scene


def test_the_look_of_a_picture_is_its_colours_and_its_thumbnail() -> None:
    picture, descriptor = draw_picture(2), LookDescriptor()
    features = descriptor.describe(picture)
    assert features.shape == (descriptor.dimension,) == (2016,)
    assert np.array_equal(features, np.concatenate([ColorDescriptor().describe(picture), thumbnail(picture)]))
    assert np.array_equal(descriptor.describe_many([picture, picture]), [features, features])
    assert descriptor.recognises(features)
    assert not descriptor.recognises(features + 1)
    assert descriptor.name == TABLE["best-without-objects"].name.removeprefix(f"{TABLE['deep'].name}+")


def test_what_networks_do_not_say_of_a_picture_is_its_look_and_its_local_features() -> None:
    picture, descriptor = draw_picture(2), RestDescriptor()
    features = descriptor.describe(picture)
    assert descriptor.name == TABLE["best"].name.removeprefix(f"{TABLE['deep'].name}+")
    assert features.shape == (descriptor.dimension,)
    parts = LookDescriptor().describe(picture), ObjectDescriptor().describe(picture)
    assert np.array_equal(features, np.concatenate(parts))
    assert np.array_equal(descriptor.describe_many([picture])[0], features)
    assert descriptor.recognises(features)
    assert not descriptor.recognises(np.append(features[:-1], 0.5))


def test_pictures_are_read_as_for_each_of_the_parts() -> None:
    """So what networks say of a picture is the same in an index of them alone."""
    for part in (LookDescriptor, RestDescriptor, ObjectsOfFused):
        assert (part.fewest_pixels, part.shortest_side) == (DeepDescriptor.fewest_pixels, DeepDescriptor.shortest_side)
    assert ObjectDescriptor.fewest_pixels <= DeepDescriptor.fewest_pixels


@pytest.fixture(scope="module")
def descriptor() -> FusedDescriptor:
    return FusedDescriptor()


@needs_networks
def test_a_vector_is_the_parts_one_after_the_other(descriptor: FusedDescriptor) -> None:
    picture = draw_picture(1)
    features = descriptor.describe(picture)
    parts = (
        DeepDescriptor().describe(picture), ColorDescriptor().describe(picture), thumbnail(picture),
        ObjectDescriptor().describe(picture),
    )  # fmt: skip
    assert features.dtype == np.float32
    assert np.array_equal(features, np.concatenate(parts))
    distance_by_name(descriptor.distance).check(features, descriptor.dimension)
    assert np.array_equal(descriptor.describe_many([picture])[0], features)
    assert len(descriptor.feature_maps(picture)) == 3


@needs_networks
def test_a_query_has_more_local_features_and_begins_as_a_row_does(descriptor: FusedDescriptor) -> None:
    picture, queries = draw_scene(1), descriptor.for_queries
    features = queries.describe(picture)
    assert features.shape == (queries.dimension,) == (distance_by_name(descriptor.distance).query_dimension,)
    assert np.array_equal(features[: descriptor.dimension], descriptor.describe(picture))
    assert queries.name == descriptor.name
    again = pickle.loads(pickle.dumps(Recipe(queries))).descriptor
    assert np.array_equal(again.describe(picture), features)


@needs_networks
def test_its_vectors_are_recognised_and_no_others(descriptor: FusedDescriptor) -> None:
    features = descriptor.describe(draw_picture(1))
    assert descriptor.recognises(features)
    assert isinstance(of_numbers(features), FusedDescriptor)
    deep, look, objects = features[:3840], features[3840:5856], features[5856:]
    without = FusedDescriptorWithoutObjects()
    assert without.recognises(features[:5856])
    assert isinstance(of_numbers(features[:5856]), FusedDescriptorWithoutObjects)
    assert not without.recognises(features)
    wrong = [
        deep, look, objects, features[:5856], features[::-1], np.concatenate([look, deep, objects]),
        *(np.concatenate(parts) for parts in [
            (deep / 255, look, objects), (deep, look[:1440] * 2, look[1440:], objects),
            (deep, look[:1440], look[1440:] + 0.5, objects), (deep, look, objects + 0.5), (deep, look, 0 * objects),
        ]),
    ]  # fmt: skip
    assert not any(descriptor.recognises(other) for other in wrong)
    assert not DeepDescriptor().recognises(features)
    assert not ColorDescriptor().recognises(features[:5855])
    assert not ObjectDescriptor().recognises(features[:901])


@needs_networks
def test_an_index_knows_it_by_its_name(descriptor: FusedDescriptor) -> None:
    made = by_name("best")
    assert made.name == descriptor.name == TABLE["best"].name
    assert made.dimension == TABLE["best"].dimension
    assert isinstance(of_index(descriptor.name), FusedDescriptor)
    assert FusedDescriptor(**descriptor.options).name == descriptor.name
    without = of_index(descriptor.name.rpartition("+")[0])
    assert isinstance(without, FusedDescriptorWithoutObjects)
    assert without.name == TABLE["best-without-objects"].name


@needs_networks
def test_what_begins_a_vector_is_taken_over_and_the_rest_is_told(descriptor: FusedDescriptor) -> None:
    picture = draw_picture(3)
    features = descriptor.describe(picture)
    for name in ("deep", "best-without-objects"):
        begun, rest = descriptor.begun_by(TABLE[name].name)
        assert begun is not None and rest is not None  # noqa: PT018
        assert begun.name == TABLE[name].name
        assert np.array_equal(np.concatenate([begun.describe(picture), rest.describe(picture)]), features)
    assert descriptor.begun_by(TABLE["color"].name) == (None, None)


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
