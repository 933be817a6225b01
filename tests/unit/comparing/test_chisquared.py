import numpy as np
import pytest
from numpy.typing import NDArray

from src.comparing.chisquared import chi_squared, chi_squared_parts, nothing_shared


def vectors(count: int, seed: int = 0) -> NDArray[np.float32]:
    """Feature vectors as the descriptor makes them: five parts of length one, about a quarter of the bins filled."""
    random = np.random.default_rng(seed)
    parts = random.random((count, 5, 288)) ** 4 * (random.random((count, 5, 288)) < 0.23)
    parts /= np.linalg.norm(parts, axis=2, keepdims=True)
    return parts.reshape(count, 1440).astype(np.float32)


def test_distance_by_hand() -> None:
    # 0.5 * ((1-0)^2/1 + (0-1)^2/1) = 1; 0.5 * (0.2^2/1.0 + 0.1^2/0.5) = 0.5 * (0.04 + 0.02) = 0.03
    assert chi_squared(np.array([1.0, 0, 0]), np.array([0, 1.0, 0])) == pytest.approx(1, abs=1e-9)
    assert chi_squared(np.array([0.4, 0.3, 0]), np.array([0.6, 0.2, 0])) == pytest.approx(0.03, abs=1e-9)


def test_distance_of_a_vector_to_itself_is_exactly_zero() -> None:
    for vector in vectors(20):
        assert chi_squared(vector, vector) == 0


def test_the_regions_parts_sum_to_the_distance() -> None:
    for a, b in zip(vectors(50, 1), vectors(50, 2), strict=True):
        parts = chi_squared_parts(a, b, 5)
        assert parts.shape == (5,)
        assert parts.sum() == pytest.approx(float(chi_squared(a, b)), rel=1e-12)


def test_nothing_shared_is_the_distance_to_a_vector_of_the_same_sum_and_other_bins() -> None:
    a, b = np.array([0.5, 0.7, 0, 0]), np.array([0, 0, 0.3, 0.9])
    assert nothing_shared(a) == pytest.approx(float(chi_squared(a, b)), abs=1e-9)
    assert nothing_shared(np.zeros(4)) == 0


def test_distance_is_that_of_adding_term_by_term() -> None:
    rows, query = vectors(40), vectors(1, seed=9)[0]
    by_hand = [
        0.5 * sum((float(a) - float(b)) ** 2 / (float(a) + float(b) + 1e-10) for a, b in zip(row, query, strict=True))
        for row in rows
    ]
    np.testing.assert_allclose(chi_squared(rows, query), by_hand, rtol=1e-12)
