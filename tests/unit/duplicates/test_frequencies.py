import cv2
import numpy as np
import pytest

from src.duplicates.frequencies import HIGHEST, WHOLE, WINDOWS, contrasts, sampling, structure, transform
from src.fingerprint import GREY
from tests.scenes import draw_scene, grey_of


def test_the_transform_keeps_lengths_and_its_first_row_is_the_mean() -> None:
    matrix = transform(GREY, GREY)
    assert np.allclose(matrix @ matrix.T, np.eye(GREY), atol=1e-5)
    assert np.allclose(matrix[0], 1 / np.sqrt(GREY))
    assert np.array_equal(transform(GREY, 5), matrix[:5])


def test_sampling_a_whole_row_at_as_many_places_returns_it() -> None:
    assert np.allclose(sampling(0, 1, GREY), np.eye(GREY), atol=1e-5)


@pytest.mark.parametrize("span", [(0, 0.5), (0.25, 1), (0.06, 0.88)])
def test_sampling_a_span_of_a_ramp_returns_its_places(span: tuple[float, float]) -> None:
    start, stop = span
    places = start + (stop - start) * (np.arange(32) + 0.5) / 32
    expected = np.clip(places * GREY - 0.5, 0, GREY - 1)
    assert np.allclose(sampling(start, stop, 32) @ np.arange(GREY), expected, atol=1e-3)


def test_windows_are_distinct_and_the_whole_picture_is_the_first() -> None:
    assert WINDOWS[0] == WHOLE
    assert len(set(WINDOWS)) == len(WINDOWS) == 81
    assert all(right - left >= 0.7 and bottom - top >= 0.7 for left, top, right, bottom in WINDOWS)


def test_structure_does_not_change_with_brightness_and_contrast() -> None:
    greys = np.array([grey_of(draw_scene(seed)) for seed in range(4)], np.float32)
    assert np.allclose(structure(greys), structure(0.4 * greys + 70), atol=1e-4)
    # A negative is as unlike as can be.
    assert np.allclose(structure(greys), -structure(255 - greys), atol=1e-4)


def test_structure_is_a_unit_vector_and_zeros_for_one_grey() -> None:
    greys = np.array([grey_of(draw_scene(1)), np.zeros((GREY, GREY))], np.uint8)
    assert np.allclose(np.linalg.norm(structure(greys), axis=1), [1, 0], atol=1e-5)


def test_structure_is_the_cosine_transform_weighed_by_frequency() -> None:
    grey = grey_of(draw_scene(3))
    rows, columns = np.indices((GREY, GREY))
    frequencies = np.hypot(rows, columns)
    weighed = cv2.dct(grey.astype(np.float32)) * frequencies
    for highest in (5, HIGHEST):
        expected = weighed[(frequencies > 0) & (frequencies <= highest)]
        assert np.allclose(structure(grey[None], highest)[0], expected / np.linalg.norm(expected), atol=1e-4)


def test_structure_of_other_scenes_is_far_apart() -> None:
    vectors = structure(np.array([grey_of(draw_scene(seed)) for seed in range(8)]))
    alike = vectors @ vectors.T
    assert np.allclose(np.diag(alike), 1, atol=1e-5)
    assert np.abs(alike - np.diag(np.diag(alike))).max() < 0.3


def test_structure_leaves_out_frequencies_above_the_highest() -> None:
    ripples = np.cos(np.pi * 20 * (np.arange(GREY) + 0.5) / GREY) * np.ones((GREY, 1))
    grey = grey_of(draw_scene(2)).astype(np.float32)
    both = np.array([grey, grey + 40 * ripples], np.float32)
    below, above = structure(both, 19), structure(both, 20)
    assert below[0] @ below[1] == pytest.approx(1, abs=1e-5)
    assert above[0] @ above[1] < 0.95


def test_contrast_is_the_standard_deviation_of_levels() -> None:
    greys = np.array([grey_of(draw_scene(seed)) for seed in range(3)] + [np.full((GREY, GREY), 9)], np.uint8)
    assert np.allclose(contrasts(greys), greys.std(axis=(1, 2)), atol=1e-2)
