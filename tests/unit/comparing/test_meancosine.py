import numpy as np
import pytest

from src.comparing.cosine import cosine
from src.comparing.meancosine import mean_cosine, mean_cosine_parts


def whole(count: int, blocks: int = 3, seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    return np.rint(255 * random.random((count, 1280 * blocks)) ** 8).astype(np.float32)


def test_it_is_the_mean_of_the_networks_cosines_whatever_their_lengths() -> None:
    a, b = whole(10), whole(10, seed=1)
    b[:, :1280] = np.rint(b[:, :1280] / 3)
    wanted = np.mean([cosine(a[:, one], b[:, one]) for one in np.split(np.arange(3840), 3)], axis=0)
    np.testing.assert_allclose(mean_cosine(a, b), wanted, rtol=1e-12)


def test_it_is_0_for_equal_vectors_alone_and_1_for_nothing_in_common() -> None:
    a = whole(10)
    assert mean_cosine(a, a).tolist() == [0] * 10
    b = a.copy()
    b[:, 5] += 1
    assert (mean_cosine(a, b) > 0).all()
    even = np.arange(3840) % 2 == 0
    assert mean_cosine(a * even, a * ~even).tolist() == [1] * 10


def test_a_network_that_says_nothing_is_like_another_that_says_nothing() -> None:
    a = whole(2)
    a[:, :1280] = 0
    b = whole(2, seed=1)
    assert mean_cosine_parts(a[0], b[0], 3)[0] == pytest.approx(1 / 3)
    assert mean_cosine_parts(a[0], a[1], 3)[0] == 0


def test_parts_are_those_of_the_networks() -> None:
    a, b = whole(2)
    parts = mean_cosine_parts(a, b, 3)
    assert parts.tolist() == pytest.approx([float(mean_cosine(a[:1280], b[:1280])) / 3, *parts[1:]])
    assert parts.sum() == pytest.approx(float(mean_cosine(a, b)), rel=1e-12)
