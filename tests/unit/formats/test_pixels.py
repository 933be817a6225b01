"""From decoded samples to upright 8-bit BGR on white, against plain formulas."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.formats.pixels import cmyk_to_bgr, find_top, to_bgr, upright
from tests.encodedpictures import scene, stored_for

RNG = np.random.default_rng(7)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("size", [(5, 9), (9, 5), (1, 4), (4, 1)])
def test_every_orientation_is_undone(orientation: int, size: tuple[int, int]) -> None:
    image = scene(*size)
    assert np.array_equal(upright(stored_for(image, orientation), orientation), image)


def test_16_bits_are_rounded() -> None:
    samples = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    assert np.array_equal(to_bgr(samples)[..., 0], np.rint(samples / 257.0))


@given(st.integers(256, 65535))
def test_the_top_of_a_range_becomes_white(top: int) -> None:
    samples = np.array([[0, top]], np.uint16)
    assert to_bgr(samples, declared=top)[0].tolist() == [[0] * 3, [255] * 3]


@pytest.mark.parametrize(
    "highest, declared, top",
    [(200, 0, 255), (256, 0, 1023), (1023, 0, 1023), (4095, 0, 4095), (4096, 0, 65535), (0, 0, 255)]
    + [(4000, 16383, 16383), (20000, 16383, 65535), (100, 1, 255), (60000, 65535, 65535)],
)
def test_the_range_of_samples(highest: int, declared: int, top: int) -> None:
    assert find_top(np.array([[0, highest]], np.uint16), declared) == top


def test_inks_on_paper() -> None:
    inks = np.array([[[0, 0, 0, 0], [255, 0, 0, 0], [0, 255, 0, 0], [0, 0, 255, 0], [0, 0, 0, 255]]], np.uint8)
    assert cmyk_to_bgr(inks)[0].tolist() == [[255] * 3, [255, 255, 0], [255, 0, 255], [0, 255, 255], [0] * 3]
