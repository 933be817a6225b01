import numpy as np
import pytest

from src.duplicates import fitting
from src.duplicates.candidates import Pairs
from src.duplicates.fitting import fit
from src.duplicates.frequencies import WINDOWS, Box
from src.fingerprint import GREY
from tests.scenes import as_levels, cropped, draw_scene, grey_of, prints_of

ONE = np.zeros(1, np.int64)


def fitted(first: np.ndarray, second: np.ndarray, window: int) -> tuple[float, np.ndarray]:
    fits = fit(first[None], second[None], Pairs(ONE, ONE, np.full(1, window)))
    return float(fits.correlations[0]), fits.boxes[0]


@pytest.mark.parametrize(
    "off", [(0, 0, 0, 0), (0.02, 0, 0.02, 0), (0, -0.02, 0, -0.02), (0.02, 0, -0.02, 0), (0, 0.01, 0.02, -0.02)]
)
def test_a_known_shift_and_stretch_of_a_window_is_told(off: Box) -> None:
    for seed in range(4):
        scene = draw_scene(seed, 480, 640)
        number = WINDOWS.index((0.06, 0.12, 0.88, 0.94))
        box = np.array(WINDOWS[number]) + off
        correlation, found = fitted(grey_of(scene), grey_of(cropped(scene, *box)), number)
        assert correlation > 0.98
        # Of a shift and stretch of 2 %, a fifth is left.
        assert np.abs(found - box).max() < 0.006


def test_other_scenes_fit_badly() -> None:
    greys = prints_of(*(draw_scene(seed) for seed in range(8)))["grey"]
    rows, columns = np.nonzero(~np.eye(8, dtype=bool))
    assert fit(greys, greys, Pairs(rows, columns, np.zeros_like(rows))).correlations.max() < 0.92


def test_a_negative_does_not_fit() -> None:
    grey = grey_of(draw_scene(1))
    assert fitted(grey, 255 - grey, 0)[0] == 0


def test_what_would_have_to_be_moved_far_does_not_fit() -> None:
    places = (np.arange(GREY) + 0.5) / GREY
    near, far = (np.tile(as_levels(128 + 100 * np.cos(np.pi * (places + step))), (GREY, 1)) for step in (0.1, 0.25))
    wave = np.tile(as_levels(128 + 100 * np.cos(np.pi * places)), (GREY, 1))
    assert fitted(wave, near, 0)[0] > 0.99
    assert fitted(wave, far, 0)[0] == 0


def test_stripes_and_pictures_of_one_grey_do_no_harm() -> None:
    stripes = np.tile((np.arange(GREY) // 6 % 2 * 200).astype(np.uint8), (GREY, 1))
    correlation, box = fitted(stripes, stripes, 0)
    assert correlation > 0.99
    assert np.abs(box - WINDOWS[0]).max() < 0.01
    flat = np.full((GREY, GREY), 90, np.uint8)
    assert fitted(flat, stripes, 0)[0] < 0.1
    assert np.isfinite(fitted(stripes, flat, 0)[0])


def test_many_pairs_of_mixed_windows_are_fitted_as_each_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "BLOCK", 3)
    greys = prints_of(*(draw_scene(seed) for seed in range(5)))["grey"]
    random = np.random.default_rng(2)
    pairs = Pairs(random.integers(0, 5, 40), random.integers(0, 5, 40), random.integers(0, 4, 40))
    fits = fit(greys, greys, pairs)
    for place, (one, other, window) in enumerate(zip(*pairs, strict=True)):
        correlation, box = fitted(greys[one], greys[other], int(window))
        assert fits.correlations[place] == pytest.approx(correlation, abs=1e-3)
        if correlation > 0.9:
            assert fits.boxes[place] == pytest.approx(box, abs=1e-3)


def test_no_pairs_give_no_fits() -> None:
    none = np.empty(0, np.int64)
    assert fit(
        np.empty((0, GREY, GREY), np.uint8), np.empty((0, GREY, GREY), np.uint8), Pairs(none, none, none)
    ).boxes.shape == (0, 4)
