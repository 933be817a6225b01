from fractions import Fraction
from math import isqrt

import numpy as np
import pytest

from src.comparing.wholenumbers import one_minus_cosine

DIGITS = 10**40


def exactly(own: int, other: int, product: int) -> float:
    return float(1 - Fraction(product * DIGITS, isqrt(own * other * DIGITS**2)))


@pytest.mark.parametrize("step", [0, 1, 3, 200])
def test_small_distances_have_their_digits(step: int) -> None:
    random = np.random.default_rng(step)
    a = random.integers(0, 256, 1280)
    b = a.copy()
    b[:step] = 255 - b[:step]
    own, other, product = int(a @ a), int(b @ b), int(a @ b)
    found = one_minus_cosine(*np.array([[own], [other], [product]], np.float64))
    assert found[0] == pytest.approx(exactly(own, other, product), rel=1e-12, abs=0)


def test_by_hand() -> None:
    # Equal, at a right angle, opposite, one of length 0, both.
    own, other = np.array([9.0, 9, 9, 9, 0]), np.array([9.0, 4, 9, 0, 0])
    product = np.array([9.0, 0, -9, 0, 0])
    assert one_minus_cosine(own, other, product).tolist() == [0, 1, 2, 1, 0]
