"""Which frame stands for an animation, in every format that has frames."""

import io
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image, features

from src.formats.animation import choose_frame
from src.imagereader import decode_image
from tests.encodedpictures import difference, scene

FOREST = scene()
FORMATS = ["GIF", "PNG", "WEBP", *(["AVIF"] if features.check("avif") else [])]
OPTIONS: dict[str, dict[str, Any]] = {"WEBP": {"lossless": True}, "AVIF": {"quality": 95}}


def film(frames: list[np.ndarray], name: str) -> bytes:
    file = io.BytesIO()
    pictures = [Image.fromarray(np.ascontiguousarray(frame[..., ::-1])) for frame in frames]
    pictures[0].save(file, name, save_all=True, append_images=pictures[1:], duration=40, **OPTIONS.get(name, {}))
    return file.getvalue()


def flat(*bgr: int) -> np.ndarray:
    return np.full(FOREST.shape, bgr, np.uint8)


def fade_in(picture: np.ndarray, steps: int) -> list[np.ndarray]:
    return [np.rint(picture * (step / steps)).astype(np.uint8) for step in range(steps + 1)]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("steps", [1, 10, 50])
def test_a_film_that_fades_in_is_what_it_shows_then(name: str, steps: int) -> None:
    frames = [*fade_in(FOREST, steps), FOREST, FOREST, 255 - FOREST]
    assert difference(decode_image(film(frames, name)), FOREST) <= (12 if steps == 50 else 8)


@pytest.mark.parametrize("name", FORMATS)
def test_a_film_that_fades_in_to_one_colour_is_that_colour(name: str) -> None:
    green = flat(40, 140, 30)
    assert difference(decode_image(film(fade_in(green, 10), name)), green) <= 3


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (0, 0, 255)])
def test_a_first_frame_of_one_colour_is_passed_over(name: str, colour: tuple[int, int, int]) -> None:
    assert difference(decode_image(film([flat(*colour), FOREST, 255 - FOREST], name)), FOREST) <= 8


@pytest.mark.parametrize("name", FORMATS)
def test_a_first_frame_that_says_something_counts(name: str) -> None:
    dark = (FOREST // 4).astype(np.uint8)
    assert difference(decode_image(film([dark, FOREST, flat(0, 0, 255)], name)), dark) <= 8


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("greys", [(10, 100, 200), (200, 100, 10), (0, 255, 0)])
def test_of_frames_that_say_nothing_the_first_counts(name: str, greys: tuple[int, ...]) -> None:
    image = decode_image(film([flat(grey, grey, grey) for grey in greys], name))
    assert np.abs(image.astype(int) - greys[0]).max() <= 3


def test_a_first_frame_that_says_something_is_the_only_one_decoded() -> None:
    def others() -> Iterator[np.ndarray]:
        pytest.fail("not needed")
        yield FOREST

    assert choose_frame(FOREST, others()) is FOREST


def test_a_title_that_is_typed_counts_as_soon_as_it_is_there() -> None:
    frames = [flat(255, 255, 255) for _ in range(20)]
    for number, frame in enumerate(frames[1:], 1):
        frame[10:20, : 3 * number] = 0
    assert choose_frame(frames[0], iter(frames[1:])) is frames[1]


def test_looking_ahead_ends() -> None:
    taken = []

    def black(height: int, width: int) -> Iterator[np.ndarray]:
        while True:
            taken.append(1)
            yield np.zeros((height, width, 3), np.uint8)

    choose_frame(flat(0, 0, 0), black(48, 64))
    assert len(taken) == 60
    taken.clear()
    large = np.zeros((3000, 4000, 3), np.uint8)
    assert choose_frame(large, black(3000, 4000)) is large
    assert len(taken) == 2


@pytest.mark.parametrize("name", ["GIF", "WEBP"])
def test_damage_behind_the_first_frame_does_not_matter(name: str) -> None:
    data = film([flat(0, 0, 0), FOREST, 255 - FOREST], name)
    for cut in range(20, len(data) // 2, 97):
        broken = bytearray(data)
        broken[-cut:] = bytes(byte ^ 0x55 for byte in broken[-cut:])
        image = decode_image(bytes(broken))
        assert image.shape == FOREST.shape


def test_a_long_film_takes_no_long_time() -> None:
    data = film([np.full((600, 800, 3), grey, np.uint8) for grey in (0, 3)], "GIF")
    body = data[data.index(b"\x21\xf9", data.index(b"\x21\xf9") + 2) : -1]
    started = time.perf_counter()
    assert decode_image(data[:-1] + body * 5000 + b";").max() == 0
    assert time.perf_counter() - started < 5
