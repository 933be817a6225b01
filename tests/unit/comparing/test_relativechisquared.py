import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.comparing.chisquared import chi_squared
from src.comparing.relativechisquared import relative_chi_squared, relative_parts, relative_parts_apart

numbers = st.one_of(st.just(0.0), st.floats(2**-149, 2.0, width=32), st.floats(2.0**46, 2.0**60, width=32))
vectors = st.lists(numbers, min_size=6, max_size=6).map(lambda some: np.array(some, np.float32))


def test_the_definition_by_hand() -> None:
    a, b = np.array([1.0, 2, 0, 1]), np.array([1.0, 0, 0, 3])
    assert relative_chi_squared(a, b) == pytest.approx(0.5 * (2**2 / 2 + 2**2 / 4) / (0.5 * (4 + 4)))
    assert relative_chi_squared(np.stack([a, b]), b).tolist() == [relative_chi_squared(a, b), 0]


def test_nothing_in_common_is_1_whatever_the_sums() -> None:
    a, b = np.array([0.25, 0, 0]), np.array([0, 3.0, 4])
    for other in (b, np.zeros(3)):
        assert float(relative_chi_squared(a, other)) == pytest.approx(1, abs=1e-8)


def test_the_sums_do_not_matter_but_their_ratio() -> None:
    a, b = np.array([0.25, 1, 2, 0]), np.array([0, 3.0, 4, 1])
    assert relative_chi_squared(1000 * a, 1000 * b) == pytest.approx(float(relative_chi_squared(a, b)), abs=1e-8)


def test_two_vectors_of_zeros_are_the_same() -> None:
    zeros = np.zeros(4, np.float32)
    assert relative_chi_squared(zeros, zeros) == 0
    assert relative_parts(zeros, zeros, 2).tolist() == relative_parts_apart(zeros, zeros, 2).tolist() == [0, 0]


@given(vectors, vectors)
def test_it_is_a_share_of_the_furthest_of_each_part_and_of_all(a: np.ndarray, b: np.ndarray) -> None:
    distance, parts = float(relative_chi_squared(a, b)), relative_parts(a, b, 3)
    assert 0 <= distance <= 1
    assert distance == pytest.approx(relative_chi_squared(b, a))
    assert (distance == 0) == (chi_squared(a, b) == 0)
    assert parts.sum() == pytest.approx(distance)
    assert (parts <= relative_parts_apart(a, b, 3) * (1 + 1e-12)).all()
