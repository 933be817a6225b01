import numpy as np
import pytest

from src.comparing.correlation import LEAST_CONTRAST, PLACES, correlation_distance


def thumbnails(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, PLACES)).astype(np.float32)


def test_it_is_1_minus_the_correlation() -> None:
    a, b = thumbnails(20), thumbnails(20, seed=1)
    b[:10] = np.clip(a[:10] + b[:10] / 50, 0, 255).round()
    wanted = [1 - np.corrcoef(*pair)[0, 1] for pair in zip(a, b, strict=True)]
    np.testing.assert_allclose(correlation_distance(a, b), wanted, rtol=1e-9)


def test_light_and_contrast_do_not_count_and_a_negative_is_as_far_away_as_can_be() -> None:
    a = thumbnails(5) // 3
    assert correlation_distance(a, a).tolist() == [0] * 5
    assert correlation_distance(a, 2 * a + 9) == pytest.approx([0] * 5, abs=1e-15)
    assert correlation_distance(a, 255 - a) == pytest.approx([2] * 5)


def test_a_plain_picture_is_like_an_equal_one_alone() -> None:
    plain = np.full(PLACES, 200, np.float32)
    nearly = plain + np.arange(PLACES) % 2
    assert correlation_distance(plain, plain) == correlation_distance(nearly, nearly) == 0
    assert correlation_distance(plain, nearly) == correlation_distance(nearly, plain) == 1
    assert correlation_distance(nearly, 255 * (np.arange(PLACES) % 2)) == 1
    contrast = plain + 2 * LEAST_CONTRAST * (np.arange(PLACES) % 2)
    assert correlation_distance(contrast, 255 * (np.arange(PLACES) % 2)) == pytest.approx(0, abs=1e-15)
