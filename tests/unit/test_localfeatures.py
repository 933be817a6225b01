"""How local features are packed into the numbers of a feature vector, and come out again."""

import numpy as np
import pytest

from src.localfeatures import (
    CODE_BITS,
    CODE_BYTES,
    LARGEST,
    NUMBERS,
    LocalFeatures,
    from_vector,
    no_features,
    to_vector,
)

WIDTH, HEIGHT = 640, 427


def drawn(count: int) -> LocalFeatures:
    """Return so many features at random places; some are at the very borders."""
    generator = np.random.default_rng(count)
    points = (generator.random((count, 2)) * (WIDTH, HEIGHT)).astype(np.float32)
    points[:2] = [[0, 0], [WIDTH, HEIGHT]][:count]
    codes = np.zeros((count, CODE_BYTES), np.uint8)
    codes[:, : CODE_BITS // 8] = generator.integers(0, 256, (count, CODE_BITS // 8))
    octaves = generator.integers(0, 8, count).astype(np.uint8)
    return LocalFeatures(WIDTH, HEIGHT, points, octaves, (generator.random(count) * 360).astype(np.float32), codes)


def test_features_come_out_as_they_were_packed_but_for_a_pixel_or_two_and_some_degrees() -> None:
    features = drawn(40)
    out = from_vector(to_vector(features, 40))
    assert (out.width, out.height) == (WIDTH, HEIGHT)
    assert np.abs(out.points - features.points).max() <= WIDTH / 256 / 2 + 1e-3
    assert np.abs((out.angles - features.angles + 180) % 360 - 180).max() <= 360 / 32 / 2 + 1e-3
    np.testing.assert_array_equal(out.octaves, features.octaves)
    np.testing.assert_array_equal(out.codes, features.codes)


def test_what_came_out_is_packed_into_the_same_numbers_again() -> None:
    vector = to_vector(drawn(40), 50)
    np.testing.assert_array_equal(to_vector(from_vector(vector), 50), vector)


def test_zeros_fill_a_vector_up_and_come_out_as_no_feature() -> None:
    vector = to_vector(drawn(3), 10)
    assert vector.shape == (1 + 10 * NUMBERS,) and vector.dtype == np.float32
    assert not vector[1 + 3 * NUMBERS :].any()
    assert len(from_vector(vector)) == 3


def test_of_more_features_than_there_is_room_for_the_first_are_kept() -> None:
    features = drawn(30)
    np.testing.assert_array_equal(to_vector(features, 10), to_vector(features.best(10), 10))


@pytest.mark.parametrize("most", [0, 5])
def test_a_picture_without_features_keeps_its_size(most: int) -> None:
    out = from_vector(to_vector(no_features(7, 4000), most))
    assert (out.width, out.height, len(out)) == (7, 4000, 0)
    assert out.points.shape == (0, 2) and out.codes.shape == (0, CODE_BYTES)


def test_any_whole_numbers_are_features_of_some_picture() -> None:
    hostile = np.random.default_rng(0).integers(0, LARGEST + 1, 1 + 20 * NUMBERS).astype(np.float32)
    hostile[0] = 0
    out = from_vector(hostile)
    assert (out.width, out.height, len(out)) == (0, 0, 20)
    assert np.isfinite(out.points).all() and out.octaves.max() < 8 and out.angles.max() < 360
