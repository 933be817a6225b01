"""The real duplicates.py opens real windows on a screen that exists in memory only."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from src.viewing.display import toolkit
from src.viewing.palette import ACCENT
from tests.e2e.xvfb import Screen, eventually, need, virtual_screen
from tests.pictures import draw_picture
from tests.programs import PYTHON, ROOT, InTerminal

GROUPS = 9


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    if toolkit() == "NONE":
        need("OpenCV with windows (opencv-python)")
    with virtual_screen(tmp_path_factory.mktemp("screen")) as screen:
        yield screen


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pairs of a picture and its copy as JPEG: more than a page of them."""
    folder = tmp_path_factory.mktemp("pictures")
    for seed in range(GROUPS):
        picture = draw_picture(seed, 300, 500)
        for name in (f"{seed}.png", f"{seed}.jpg"):
            (folder / name).write_bytes(cv2.imencode(name[1:], picture)[1].tobytes())
    return folder


@contextmanager
def running(screen: Screen, *words: str | Path) -> Iterator[InTerminal]:
    """Run duplicates.py with windows on a screen, from a terminal; it is over at the end, one way or the other."""
    command = [*PYTHON, str(ROOT / "duplicates.py"), *map(str, words)]
    with InTerminal(command, {**os.environ, "DISPLAY": screen.display}) as process:
        try:
            yield process
        finally:
            process.kill()


def frames_in(picture: NDArray[np.uint8]) -> int:
    """Return how many pixels have the colour of the frames of what is to be kept."""
    return int(np.count_nonzero((picture == ACCENT).all(axis=2)))


def first_copy(picture: NDArray[np.uint8]) -> tuple[int, int]:
    """Return a place in the copy of the first group, across and down: right of the frame of the picture to keep."""
    rows, columns = np.nonzero((picture == ACCENT).all(axis=2))
    # Above it are only words.
    is_line = np.bincount(rows, minlength=len(picture)) > picture.shape[1] // 3
    top = int(np.argmax(is_line))
    left = int(columns[rows == top].min())
    width = int(np.argmax(np.diff(np.unique(columns[rows == top])) > 1)) + 1
    return left + round(1.6 * width), top + 20


def another(screen: Screen, window: str) -> tuple[str, str]:
    """Wait for a window beside one; return its title and number."""
    eventually(lambda: len(screen.windows()) == 2, "another window")
    return next((title, number) for title, number in screen.windows().items() if number != window)


def test_pages_are_turned_by_keys_and_copies_are_opened_and_compared_by_clicks(folder: Path, screen: Screen) -> None:
    with running(screen, "--dataset", folder) as process:
        window = screen.wait_for(f"Duplicates: {GROUPS} groups: {GROUPS} spares take ")
        eventually(lambda: frames_in(screen.inside(window)), "pictures to keep are framed")
        first = screen.inside(window)
        copy = first_copy(first)
        screen.click(window, *copy)
        title, opened = another(screen, window)
        seed, _, ending = title.partition(".")
        other = f"{seed}.{'png' if ending == 'jpg' else 'jpg'}"
        assert screen.size(opened) == (500, 300)
        screen.close(opened)
        eventually(lambda: len(screen.windows()) == 1, "its button closes it, and nothing else")
        screen.click(window, *copy, double=True)
        assert another(screen, window)[0] == f"{other} and {title}"

        screen.press(window, "n")
        eventually(lambda: len(screen.windows()) == 1, "what was opened from a page closes with it")
        eventually(lambda: frames_in(screen.inside(window)) not in (0, frames_in(first)), "another page")
        screen.press(window, "p")
        eventually(lambda: frames_in(screen.inside(window)) == frames_in(first), "the first page again")
        screen.resize(window, 500, 300)
        eventually(lambda: screen.inside(window).shape == (300, 500, 3), "the window has another size")
        screen.press(window, "q")
        code, lines, _ = process.ended(20)
    assert code == 0
    assert sum(line.startswith("keep") for line in lines) == GROUPS


def test_the_difference_of_a_pair_is_shown_until_a_key_ends_it(folder: Path, screen: Screen) -> None:
    with running(screen, "--compare", folder / "0.png", folder / "0.jpg", "--explain") as process:
        window = screen.wait_for("0.png and 0.jpg")
        eventually(lambda: screen.inside(window).any(), "the pair is shown")
        screen.press(window, "n")
        screen.resize(window, 700, 300)
        eventually(lambda: screen.inside(window).shape == (300, 700, 3), "the window has another size")
        screen.press(window, "Escape")
        code, lines, _ = process.ended(20)
    assert code == 0
    assert any("pixels differ" in line for line in lines)
