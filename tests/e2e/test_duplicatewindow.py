"""Groups of duplicates in real windows, on a screen that exists in memory only."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from src.viewing.display import toolkit
from tests.e2e.xvfb import Screen, eventually, need, virtual_screen
from tests.programs import PYTHON, ROOT

RED, BLUE = (0, 0, 240), (240, 0, 0)

SHOW = """
import sys
from src.duplicatepicture import compare_pixels, show_difference, show_groups
from tests.groups import group_of, picture_of
keep, copy = (picture_of(path) for path in sys.argv[2:])
if sys.argv[1] == "pair":
    sys.exit(show_difference(compare_pixels(keep.path, copy.path)))
sys.exit(show_groups([group_of(keep, [copy] * 5), *[group_of(keep, [copy])] * 20], 100.0))
"""


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    if toolkit() == "NONE":
        need("OpenCV with windows (opencv-python)")
    with virtual_screen(tmp_path_factory.mktemp("screen")) as screen:
        yield screen


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A red picture, and one that is blue in a part of it."""
    folder = tmp_path_factory.mktemp("pictures")
    red = np.full((300, 500, 3), RED, np.uint8)
    partly = red.copy()
    partly[:, :200] = BLUE
    paths = [folder / "red.png", folder / "partly blue.png"]
    for path, picture in zip(paths, (red, partly), strict=True):
        path.write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    return paths


@contextmanager
def showing(what: str, pictures: list[Path], screen: Screen) -> Iterator[subprocess.Popen[bytes]]:
    command = [*PYTHON, "-c", SHOW, what, *map(str, pictures)]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, "DISPLAY": screen.display}) as process:
        try:
            yield process
        finally:
            process.kill()


def place_of(picture: NDArray[np.uint8], colour: tuple[int, int, int]) -> tuple[int, int] | None:
    """Return a place in the first area of a colour, across and down; None if it is not there."""
    found = np.argwhere((picture == colour).all(axis=2))
    return (int(found[0, 1]) + 10, int(found[0, 0]) + 10) if len(found) else None


def test_pages_are_turned_by_keys_and_copies_are_opened_and_compared_by_clicks(
    pictures: list[Path], screen: Screen
) -> None:
    with showing("groups", pictures, screen) as process:
        window = screen.wait_for("Duplicates: 21 groups: 25 spares take ")
        eventually(lambda: place_of(screen.inside(window), RED), "the picture to keep is shown")
        copy = place_of(screen.inside(window), BLUE)
        assert copy is not None
        screen.click(window, *copy)
        opened = screen.wait_for("partly blue.png")
        assert screen.size(opened) == (500, 300)
        screen.close(opened)
        eventually(lambda: len(screen.windows()) == 1, "its button closes it, and nothing else")
        screen.click(window, *copy, double=True)
        difference = screen.wait_for("red.png and partly blue.png")
        eventually(lambda: place_of(screen.inside(difference), BLUE), "the copy is shown beside what differs")

        first = screen.inside(window)
        screen.press(window, "n")
        eventually(lambda: len(screen.windows()) == 1, "what was opened from a page closes with it")
        eventually(lambda: not np.array_equal(screen.inside(window), first), "the next page")
        screen.press(window, "p")
        eventually(lambda: place_of(screen.inside(window), RED), "the first page again")
        screen.resize(window, 500, 300)
        eventually(lambda: place_of(screen.inside(window), RED), "pictures are shown in a small window")
        screen.press(window, "q")
        assert process.wait(20) == 0


def test_the_difference_of_a_pair_is_shown_until_a_key_ends_it(pictures: list[Path], screen: Screen) -> None:
    with showing("pair", pictures, screen) as process:
        window = screen.wait_for("red.png and partly blue.png")
        eventually(lambda: place_of(screen.inside(window), RED), "the pair is shown")
        screen.press(window, "n")
        screen.resize(window, 700, 300)
        eventually(lambda: screen.inside(window).shape == (300, 700, 3), "the window has another size")
        screen.press(window, "Escape")
        assert process.wait(20) == 0
