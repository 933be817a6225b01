import numpy as np

from src.duplicates.codes import BITS, FREQUENCIES, amplitudes, certainties, codes, window_codes
from src.duplicates.frequencies import WINDOWS, sampling
from src.fingerprint import GREY
from tests.scenes import COPIES, cropped, draw_scene, grey_of, prints_of


def test_frequencies_of_the_bits_are_distinct_and_not_the_mean() -> None:
    places = set(zip(*(numbers.tolist() for numbers in FREQUENCIES), strict=True))
    assert len(places) == BITS
    assert (0, 0) not in places


def test_the_code_of_the_whole_window_is_that_of_the_picture() -> None:
    greys = np.random.default_rng(1).integers(0, 256, (300, GREY, GREY)).astype(np.uint8)  # more than one block
    assert np.array_equal(window_codes(greys)[:, 0], codes(amplitudes(greys)))


def test_the_code_of_a_window_is_that_of_the_window_resampled() -> None:
    greys = prints_of(*map(draw_scene, range(6)))["grey"]
    found = window_codes(greys)
    assert found.shape == (6, len(WINDOWS))
    for number, (left, top, right, bottom) in enumerate(WINDOWS):
        shown = sampling(top, bottom, GREY) @ greys.astype(np.float32) @ sampling(left, right, GREY).T
        # It is sampled twice here, so a few bits of small amplitudes differ.
        differing = np.bitwise_count(found[:, number] ^ codes(amplitudes(np.rint(shown).astype(np.uint8))))
        assert differing.max() <= 4, number


def test_codes_of_copies_differ_in_few_bits_and_those_of_other_pictures_in_about_half() -> None:
    scenes = [draw_scene(seed) for seed in range(8)]
    found = codes(amplitudes(prints_of(*scenes)["grey"]))
    for scene, code in zip(scenes, found, strict=True):
        for name in ("half as large", "JPEG of quality 20", "lighter", "less contrast", "grey", "watermarked"):
            other = codes(amplitudes(grey_of(COPIES[name](scene))[None]))[0]
            assert np.bitwise_count(code ^ other) <= 6, name
    apart = np.bitwise_count(found[:, None] ^ found[None])[~np.eye(8, dtype=bool)]
    assert apart.min() > 15
    assert 28 < apart.mean() < 36


def test_the_code_of_a_cropped_picture_is_near_that_of_the_window_it_shows() -> None:
    left, top, right, bottom = WINDOWS[50]
    for seed in range(5):
        scene = draw_scene(seed)
        crop = codes(amplitudes(grey_of(cropped(scene, left, top, right, bottom))[None]))[0]
        differing = np.bitwise_count(window_codes(grey_of(scene)[None])[0] ^ crop)
        assert differing[50] == differing.min() <= 6


def test_a_bit_is_set_where_its_amplitude_is_above_zero() -> None:
    numbers = -np.ones((1, BITS), np.float32)
    assert codes(numbers)[0] == 0
    for bit in (0, 1, 31, 63):
        one = numbers.copy()
        one[0, bit] = 2
        assert codes(one)[0] == 1 << bit


def test_bits_of_small_amplitudes_are_less_certain_and_high_frequencies_are_made_up_for() -> None:
    rows, columns = FREQUENCIES
    assert np.allclose(certainties(np.full((1, BITS), -3, np.float32))[0], 3 * np.hypot(rows, columns))
