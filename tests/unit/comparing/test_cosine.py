import numpy as np
import pytest

from src.comparing.cosine import cosine, cosine_parts, directions, opposite


def test_distance_by_hand() -> None:
    x, y = np.array([3.0, 0.0]), np.array([0.0, 0.2])
    assert cosine(x, y) == pytest.approx(1)
    assert cosine(x, -x) == pytest.approx(2)
    assert cosine(x, np.array([1.0, 1.0])) == pytest.approx(1 - np.sqrt(0.5))
    assert cosine(x, np.zeros(2)) == 0.5


def test_only_the_direction_counts_and_an_equal_vector_is_at_distance_zero() -> None:
    vectors = np.random.default_rng(0).normal(size=(50, 64)).astype(np.float32)
    assert (cosine(vectors, vectors) == 0).all()
    np.testing.assert_allclose(cosine(vectors, 1024 * vectors), 0, atol=1e-15)


def test_small_distances_have_all_their_digits() -> None:
    # The angle t has the distance 1 - cos(t), of which single precision would leave nothing.
    t = 1e-6
    assert cosine(np.array([1.0, 0.0]), np.array([np.cos(t), np.sin(t)])) == pytest.approx(t**2 / 2, rel=1e-9)


def test_parts_sum_to_the_distance() -> None:
    a, b = np.random.default_rng(1).normal(size=(2, 30)).astype(np.float32)
    parts = cosine_parts(a, b, 5)
    assert parts.shape == (5,)
    assert parts.sum() == pytest.approx(float(cosine(a, b)), rel=1e-12)


def test_no_vector_is_further_away_than_the_opposite_one() -> None:
    a = np.array([1.0, 2.0], np.float32)
    assert opposite(a) == pytest.approx(float(cosine(a, -a)))


def test_directions_have_length_one_and_zeros_stay_zeros() -> None:
    found = directions(np.array([[3e20, 4e20], [1e-40, 0], [0, 0]]))
    np.testing.assert_allclose(found, np.array([[0.6, 0.8], [1.0, 0.0], [0.0, 0.0]]))
