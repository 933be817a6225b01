"""The real search.py opens real windows on a screen that exists in memory only."""

import json
import os
import shlex
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from src.viewing.display import toolkit
from src.viewing.palette import ACCENT
from tests.e2e.xvfb import Screen, eventually, need, virtual_screen
from tests.pictures import draw_picture
from tests.programs import PYTHON, ROOT, InTerminal, succeed

HEADLESS = toolkit() == "NONE"

# Colours that neither the page nor the other pictures have, and the size of each picture.
YELLOW, RED, GREEN, BLUE = (0, 240, 240), (0, 0, 240), (0, 240, 0), (240, 0, 0)
SHOWN = {"1 red.png": (RED, 300, 400), "2 green Übung 服.png": (GREEN, 400, 260), "3 blue.png": (BLUE, 1500, 3000)}
NAMES = list(SHOWN)


def framed(colour: tuple[int, int, int], height: int, width: int, share: float) -> NDArray[np.uint8]:
    """Draw a colour with a patterned strip on top; the strip is a share of the height."""
    picture = np.full((height, width, 3), colour, np.uint8)
    rows = round(height * share)
    picture[:rows] = cv2.resize(draw_picture(1), (width, rows))
    return picture


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with images, their index and a query; they are found in the order of their names."""
    folder = tmp_path_factory.mktemp("window")
    (folder / "data").mkdir()
    for number, (name, (colour, height, width)) in enumerate(SHOWN.items()):
        write(folder / "data" / name, framed(colour, height, width, 0.3 - 0.1 * number))
    write(folder / "query.png", framed(YELLOW, 240, 240, 0.3))
    succeed("index.py", "--dataset", folder / "data", "--index", folder / "index.csv")
    return folder


def write(path: Path, picture: NDArray[np.uint8]) -> None:
    path.write_bytes(cv2.imencode(".png", picture)[1].tobytes())


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    if HEADLESS:
        need("OpenCV with windows (opencv-python)")
    with virtual_screen(tmp_path_factory.mktemp("screen")) as screen:
        yield screen


def command(folder: Path, *options: str) -> list[str]:
    words = ["search.py", "--index", str(folder / "index.csv"), "--query", str(folder / "query.png"), *options]
    return [*PYTHON, str(ROOT / words[0]), *words[1:]]


@contextmanager
def searching(folder: Path, display: str, *options: str) -> Iterator[InTerminal]:
    """Run search.py with windows on a display, from a terminal; it is over at the end, one way or the other."""
    with InTerminal(command(folder, *options), {**os.environ, "DISPLAY": display}) as process:
        try:
            yield process
        except BaseException:
            process.kill()
            # pytest shows it with the failure.
            print(process.ended())
            raise
        finally:
            process.kill()


def ended(process: InTerminal) -> tuple[int, list[str], str]:
    """Wait for the end; return the exit code, the lines of stdout, and stderr."""
    return process.ended(20)


def place_of(picture: NDArray[np.uint8], colour: tuple[int, int, int]) -> tuple[int, int, int, int] | None:
    """Left, top, width and height of a colour in a picture; None if it is not there."""
    rows, columns = np.nonzero(np.abs(picture.astype(int) - colour).max(axis=2) <= 3)
    if not rows.size:
        return None
    return int(columns.min()), int(rows.min()), int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1


def test_query_and_results_are_seen_and_keys_open_results_in_full_size(folder: Path, screen: Screen) -> None:
    with searching(folder, screen.display) as process:
        window = screen.wait_for("Similar to")
        eventually(lambda: place_of(screen.picture(), BLUE), "the last result is shown")

        seen = [place_of(screen.picture(), colour) for colour in (YELLOW, RED, GREEN, BLUE)]
        lefts = [place[0] for place in seen if place]
        assert len(lefts) == 4
        assert lefts == sorted(lefts), "the query first, then the results in their order"
        for place, (colour, height, width) in zip(seen[1:], SHOWN.values(), strict=True):
            share = {RED: 0.7, GREEN: 0.8, BLUE: 0.9}[colour]
            assert place
            assert place[2] / place[3] == pytest.approx(width / (height * share), rel=0.03), "not stretched"

        screen.press(window, "1")
        opened = screen.wait_for(f"1: {NAMES[0]}")
        assert screen.size(opened) == (400, 300)
        shown = framed(RED, 300, 400, 0.3)
        eventually(lambda: np.array_equal(screen.inside(opened), shown), "the result, pixel by pixel")
        screen.press(opened, "2")
        second = screen.wait_for(f"2: {NAMES[1]}")
        assert screen.size(second) == (260, 400)
        screen.press(second, "1")
        eventually(lambda: len(screen.windows()) == 2, "the key closes the window that it opened")

        screen.press(window, "q")
        code, lines, said = ended(process)
    assert (code, said) == (0, "")
    assert [line.split("\t")[0] for line in lines] == ["1", "2", "3"]
    assert not screen.windows()


def test_what_is_larger_than_the_screen_is_fitted(folder: Path, screen: Screen) -> None:
    with searching(folder, screen.display) as process:
        window = screen.wait_for("Similar to")
        screen.press(window, "3")
        width, height = screen.size(screen.wait_for("3:"))
        assert 1000 < width <= 1366
        assert width == pytest.approx(2 * height, abs=2)
        screen.press(window, "q")
        assert ended(process)[0] == 0


def end_by_button(screen: Screen, window: str) -> None:
    screen.close(window)


def end_by_key(key: str) -> Callable[[Screen, str], None]:
    return lambda screen, window: screen.press(window, key)


@pytest.mark.parametrize("end", [end_by_button, end_by_key("Escape"), end_by_key("Q")], ids=["button", "Esc", "Q"])
def test_the_window_of_results_ends_it_all(folder: Path, screen: Screen, end: Callable[[Screen, str], None]) -> None:
    with searching(folder, screen.display) as process:
        window = screen.wait_for("Similar to")
        screen.press(window, "1")
        screen.wait_for("1:")
        end(screen, window)
        assert ended(process)[0] == 0


def test_an_opened_result_has_its_own_button_and_opens_again(folder: Path, screen: Screen) -> None:
    with searching(folder, screen.display) as process:
        window = screen.wait_for("Similar to")
        for _ in range(3):
            screen.press(window, "1")
            screen.close(screen.wait_for("1:"))
            eventually(lambda: len(screen.windows()) == 1, "only the window of results is left")
        for key in "11212":
            screen.press(window, key)
        screen.wait_for("1:")
        assert len(screen.windows()) == 2
        assert process.poll() is None
        screen.press(window, "q")
        assert ended(process)[0] == 0


def test_keys_without_a_result_do_nothing(folder: Path, screen: Screen) -> None:
    with searching(folder, screen.display, "--limit", "2") as process:
        window = screen.wait_for("Similar to")
        for key in ("3", "9", "0", "Left", "F1", "space"):
            screen.press(window, key)
        time.sleep(0.3)
        assert len(screen.windows()) == 1
        screen.press(window, "q")
        assert ended(process)[0] == 0


def test_keys_go_through_several_queries_and_one_ends_them_all(folder: Path, screen: Screen) -> None:
    queries = [folder / "query.png", *(folder / "data" / name for name in NAMES)]
    with searching(folder, screen.display, "--query", *map(str, queries[1:])) as process:
        window = screen.wait_for("Similar to query.png, 1 of 4")
        screen.press(window, "p")  # There is none before.
        for number, query in enumerate(queries[1:], 2):
            screen.press(window, "1")
            screen.wait_for("1:")
            screen.press(window, "n")
            assert screen.wait_for(f"Similar to {query.name}, {number} of 4") == window
            eventually(lambda: len(screen.windows()) == 1, "what was opened belongs to the query before")
        screen.press(window, "n")  # Nor is there one behind.
        for number, query in [(3, queries[2]), (2, queries[1])]:
            screen.press(window, "p")
            screen.wait_for(f"Similar to {query.name}, {number} of 4")
        screen.press(window, "q")
        assert ended(process)[0] == 0


def test_the_window_is_in_the_middle_and_an_opened_one_too(folder: Path, screen: Screen) -> None:
    with searching(folder, screen.display) as process:
        window = screen.wait_for("Similar to")
        screen.press(window, "1")
        for one in (window, screen.wait_for("1:")):
            eventually(partial(is_centred, screen, one, (0, 0, 1366, 768)), "it is in the middle")
        screen.press(window, "q")
        ended(process)


def is_centred(screen: Screen, window: str, within: tuple[int, int, int, int]) -> bool:
    place = screen.place(window)
    return all(abs(2 * (place[n] - within[n]) + place[n + 2] - within[n + 2]) <= 2 for n in (0, 1))


def test_of_two_monitors_the_window_is_on_that_of_the_pointer(folder: Path, tmp_path: Path, screen: Screen) -> None:
    monitors = [(0, 0, 800, 768), (800, 100, 1024, 600)]
    with virtual_screen(tmp_path, 1824, 768) as desk:
        for monitor in monitors:
            desk.add_monitor(*monitor)
        for (left, top, *_), monitor in zip(monitors, monitors, strict=True):
            desk.point(left + 10, top + 10)
            with searching(folder, desk.display) as process:
                window = desk.wait_for("Similar to")
                eventually(partial(is_centred, desk, window, monitor), "it is in the middle")
                assert desk.size(window)[0] <= monitor[2]
                desk.press(window, "q")
                ended(process)


@pytest.mark.parametrize("size", [(600, 640), (1200, 380), (400, 500), (1000, 200), (250, 250)])
def test_a_resized_window_is_laid_out_anew(folder: Path, screen: Screen, size: tuple[int, int]) -> None:
    with searching(folder, screen.display) as process:
        window = screen.wait_for("Similar to")
        eventually(lambda: place_of(screen.inside(window), BLUE), "the last result is shown")
        for width, height in (size, (900, 600)):
            screen.resize(window, width, height)
            eventually(
                partial(is_laid_out, screen, window, (width, height)), "nothing is stretched, and there are no bars"
            )
        screen.press(window, "q")
        assert ended(process)[0] == 0


def is_laid_out(screen: Screen, window: str, size: tuple[int, int]) -> bool:
    """Tell whether a window has a size, shows each result in its shape, and is dark at its edges."""
    shown = screen.inside(window)
    if shown.shape[:2] != size[::-1] or not is_in_shape(shown):
        return False
    return all(edge.max() < 100 for edge in (shown[0], shown[-1], shown[:, 0], shown[:, -1]))


def is_in_shape(shown: NDArray[np.uint8]) -> bool:
    """Tell whether each result is seen, and not stretched."""
    for (colour, height, width), share in zip(SHOWN.values(), (0.7, 0.8, 0.9), strict=True):
        place = place_of(shown, colour)
        # The edges of small pictures are mixed with what is beside them.
        if place is None or abs(place[2] - place[3] * width / (height * share)) > 3 + 0.03 * place[2]:
            return False
    return True


def test_a_click_opens_a_result_and_a_double_click_searches_from_it(folder: Path, screen: Screen) -> None:
    with searching(folder, screen.display) as process:
        window = screen.wait_for("Similar to query.png")
        for width, height in (screen.size(window), (500, 281)):
            screen.resize(window, width, height)
            eventually(partial(is_laid_out, screen, window, (width, height)), "it is shown")
            green = place_of(screen.inside(window), GREEN)
            assert green
            middle = green[0] + green[2] // 2, green[1] + green[3] // 2
            screen.click(window, *middle)
            screen.close(screen.wait_for(f"2: {NAMES[1]}"))
            eventually(lambda: len(screen.windows()) == 1, "only the window of results is left")
            screen.click(window, *middle, double=True)
            assert screen.wait_for(f"Similar to {NAMES[1]}") == window
            time.sleep(0.6)
            assert len(screen.windows()) == 1, "what was double clicked is not opened too"
            screen.press(window, "1")
            screen.wait_for(f"1: {NAMES[1]}")
            screen.press(window, "BackSpace")
            screen.wait_for("Similar to query.png")
            eventually(lambda: len(screen.windows()) == 1, "what was opened is closed")
        screen.click(window, 1, 1)
        screen.click(window, 1, 1, double=True)
        time.sleep(0.6)
        assert list(screen.windows()) == ["Similar to query.png"], "there is nothing"
        screen.press(window, "q")
        assert ended(process)[0] == 0


def test_a_rectangle_dragged_over_the_query_searches_by_that_part(folder: Path, screen: Screen) -> None:
    """Two pictures side by side are not found as one; each half is."""
    halves = np.hstack([framed(GREEN, 240, 240, 0.2), framed(YELLOW, 240, 240, 0.3)])
    write(folder / "halves.png", halves)
    with searching(folder, screen.display, "--query", str(folder / "halves.png")) as process:
        window = screen.wait_for("Similar to query.png")
        screen.press(window, "n")
        assert screen.wait_for("Similar to halves.png") == window
        eventually(lambda: place_of(screen.inside(window), YELLOW), "the query is shown")
        yellow = place_of(screen.inside(window), YELLOW)
        assert yellow
        left, top, width, height = yellow
        corner, other = (left - width + 1, top), (left - 2, top + height - 1)

        screen.drag(window, corner, (left - width // 2, top + 30), other, release=False)
        eventually(lambda: place_of(screen.inside(window), ACCENT), "the rectangle is shown")
        screen.press(window, "Escape")
        screen.release()
        time.sleep(0.3)
        assert "Similar to halves.png, 2 of 2" in screen.windows(), "Escape abandons the rectangle, not the program"

        screen.drag(window, corner, (left - width // 2, top + 30), other)
        assert screen.wait_for("Similar to a part of halves.png") == window
        eventually(lambda: place_of(screen.inside(window), YELLOW) is None, "the other half is dimmed")
        screen.press(window, "BackSpace")
        screen.wait_for("Similar to halves.png, 2 of 2")
        screen.drag(window, corner, (corner[0] + 3, corner[1] + 3))
        screen.click(window, *corner)
        time.sleep(0.6)
        assert list(screen.windows()) == ["Similar to halves.png, 2 of 2"], "a click is no rectangle"
        screen.press(window, "q")
        assert ended(process)[0] == 0


def test_a_click_on_the_query_goes_back_from_a_part_and_a_slow_drag_is_no_click(folder: Path, screen: Screen) -> None:
    with searching(folder, screen.display, "--crop", "0,0.5,1,0.5") as process:
        window = screen.wait_for("Similar to a part of query.png")
        eventually(lambda: place_of(screen.inside(window), YELLOW), "the part is shown")
        yellow = place_of(screen.inside(window), YELLOW)
        assert yellow
        left, top, width, height = yellow
        screen.drag(window, (left + 5, top + 5), (left + width - 5, top + height - 5), release=False)
        time.sleep(0.6)
        screen.release()
        eventually(
            lambda: (place_of(screen.inside(window), YELLOW) or yellow)[3] < height - 5, "a part of the part is shown"
        )
        # Above the part of this part, in the query.
        screen.click(window, left + width // 2, top - 20)
        eventually(lambda: place_of(screen.inside(window), YELLOW) == yellow, "back to the part of --crop")
        screen.click(window, left + width // 2, top - 20)
        assert screen.wait_for("Similar to query.png") == window
        screen.click(window, left + width // 2, top - 20)
        time.sleep(0.6)
        assert list(screen.windows()) == ["Similar to query.png"], "the whole query has nothing behind it"
        screen.press(window, "BackSpace")
        screen.wait_for("Similar to a part of query.png")
        screen.press(window, "q")
        assert ended(process)[0] == 0


def test_the_right_button_abandons_a_rectangle(folder: Path, screen: Screen) -> None:
    with searching(folder, screen.display) as process:
        window = screen.wait_for("Similar to query.png")
        eventually(lambda: place_of(screen.inside(window), YELLOW), "the query is shown")
        yellow = place_of(screen.inside(window), YELLOW)
        assert yellow
        left, top, width, height = yellow
        screen.drag(window, (left + 5, top + 5), (left + width // 2, top + height // 2), release=False)
        screen.click(window, left + width // 2, top + height // 2, button=3)
        screen.release()
        time.sleep(0.6)
        assert list(screen.windows()) == ["Similar to query.png"]
        screen.press(window, "q")
        assert ended(process)[0] == 0


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with more images than there are digits; the nearest are large, tiny and thin."""
    folder = tmp_path_factory.mktemp("many")
    (folder / "data").mkdir()
    for number in range(12):
        height, width = {0: (8, 10), 1: (2, 40)}.get(number, (60, 80))
        write(folder / "data" / f"{number:02}.png", framed(YELLOW, 240, 240, 0.3 - 0.02 * number)[:height, :width])
    write(folder / "query.png", framed(YELLOW, 240, 240, 0.3))
    succeed("index.py", "--dataset", folder / "data", "--index", folder / "index.csv")
    return folder


def test_results_beyond_nine_are_opened_by_two_digits(many: Path, screen: Screen) -> None:
    with searching(many, screen.display, "--limit", "12") as process:
        window = screen.wait_for("Similar to")
        for keys, number in (("1 2", 12), ("KP_1 KP_0", 10), ("1", 1), ("KP_9", 9)):
            for key in keys.split():
                screen.press(window, key)
            screen.wait_for(f"{number}: ")
        assert len(screen.windows()) == 5, "and no other"
        for key in "12":
            screen.press(window, key)
        eventually(lambda: len(screen.windows()) == 4, "the number closes the window that it opened")
        screen.press(window, "q")
        assert ended(process)[0] == 0


def test_a_tiny_picture_is_enlarged_when_it_is_opened(many: Path, screen: Screen) -> None:
    with searching(many, screen.display, "--limit", "12") as process:
        window = screen.wait_for("Similar to")
        ranks = {line.split("/")[-1]: line.split("\t")[0] for line in succeed(
            "search.py", "-i", many / "index.csv", "-q", many / "query.png", "-n", "12"
        )}  # fmt: skip
        for name, size, seen in (("00.png", (400, 320), (400, 320)), ("01.png", (400, 160), (400, 20))):
            for key in ranks[name]:
                screen.press(window, key)
            opened = screen.wait_for(f"{ranks[name]}: {name}")
            assert screen.size(opened) == size
            pixels = cv2.imread(str(many / "data" / name))
            assert pixels is not None
            large = cv2.resize(pixels, seen, interpolation=cv2.INTER_NEAREST).astype(np.uint8)
            top = (size[1] - seen[1]) // 2
            eventually(partial(shows_rows, screen, opened, top, large), "each of its pixels is a square")
        screen.press(window, "q")
        assert ended(process)[0] == 0


def shows_rows(screen: Screen, window: str, top: int, rows: NDArray[np.uint8]) -> bool:
    return np.array_equal(screen.inside(window)[top : top + len(rows)], rows)


def test_on_a_desktop_of_wayland_its_x_server_serves(
    folder: Path, screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "wayland")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    with searching(folder, screen.display) as process:
        screen.press(screen.wait_for("Similar to"), "q")
        assert ended(process)[::2] == (0, "")


def test_ctrl_c_ends_while_the_mouse_is_moved(folder: Path, screen: Screen) -> None:
    """What the window calls for a movement is where Python would raise the interrupt, and OpenCV drops it."""
    for _ in range(4):
        with searching(folder, screen.display) as process:
            window = screen.wait_for("Similar to")
            left, top, width, height = screen.place(window)
            with screen.pointer_moving((left + 10, top + 10), (left + width - 10, top + height - 10)):
                time.sleep(0.2)
                process.send_signal(signal.SIGINT)
                assert ended(process)[0] == 130
    screen.point(1365, 767)


def test_ctrl_c_ends_at_once(folder: Path, screen: Screen) -> None:
    with searching(folder, screen.display) as process:
        screen.wait_for("Similar to")
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        code, lines, said = ended(process)
    assert time.monotonic() - began < 3
    assert (code, len(lines)) == (130, 3)
    assert said == "search.py: interrupted\n"


@pytest.mark.parametrize("rest", ["| head -1", "| cat", "> {folder}/found.txt", "--json | cat", "> /dev/null"])
def test_no_window_opens_where_a_program_or_a_file_takes_the_results(folder: Path, screen: Screen, rest: str) -> None:
    line = f"{shlex.join(command(folder))} {rest.format(folder=folder)}"
    # A terminal is there all the same, as for everything that is typed into one.
    with InTerminal(["sh", "-c", line], {**os.environ, "DISPLAY": screen.display}) as process:
        code, _, said = process.ended(20)
    assert (code, said) == (0, "")


def test_no_window_opens_beside_json(folder: Path, screen: Screen) -> None:
    with searching(folder, screen.display, "--json") as process:
        code, lines, said = ended(process)
    assert (code, said) == (0, "")
    assert len(json.loads("".join(lines))["answers"][0]["results"]) == 3


def test_an_open_window_lets_the_processor_rest(folder: Path, screen: Screen) -> None:
    with searching(folder, screen.display) as process:
        window = screen.wait_for("Similar to")
        time.sleep(0.5)
        before = processor_seconds(process.pid)
        time.sleep(1.5)
        assert processor_seconds(process.pid) - before < 0.3
        screen.press(window, "q")
        ended(process)


def processor_seconds(process: int) -> float:
    """Return the processor time that a process has taken."""
    # Behind the name, which ends with a bracket, user and system time are the 12th and 13th value (proc(5)).
    values = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(values[11]) + int(values[12])) / os.sysconf("SC_CLK_TCK")


def test_the_window_fits_a_small_screen(folder: Path, tmp_path: Path, screen: Screen) -> None:
    with virtual_screen(tmp_path, 800, 600) as small, searching(folder, small.display) as process:
        window = small.wait_for("Similar to")
        width, height = small.size(window)
        assert 600 < width <= 800
        assert height < 600
        small.press(window, "q")
        assert ended(process)[0] == 0


def search_without_window(folder: Path, **environment: str) -> str:
    """Search from a terminal where no window can be opened: it must print the results, and say one line."""
    clean = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    with InTerminal(command(folder), {**clean, **environment}) as process:
        code, lines, said = process.ended()
    assert code == 0, said
    assert len(lines) == 3
    assert len(said.splitlines()) == 1, said
    assert "--output" in said
    return said


linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a display")
BUILD = "built without windows (opencv-python-headless)"


@linux
@pytest.mark.parametrize(
    ("environment", "why"),
    [
        ({}, "no display: DISPLAY is not set"),
        ({"DISPLAY": ""}, "no display: DISPLAY is not set"),
        ({"WAYLAND_DISPLAY": "wayland-0", "XDG_SESSION_TYPE": "wayland"}, "no display: DISPLAY is not set"),
        ({"DISPLAY": ":4093"}, "the display :4093 cannot be reached, or does not let us in"),
        ({"DISPLAY": "no display"}, "the display no display cannot be reached, or does not let us in"),
    ],
)
def test_without_a_display_the_results_are_still_printed(folder: Path, environment: dict[str, str], why: str) -> None:
    assert (BUILD if HEADLESS else why) in search_without_window(folder, **environment)


@linux
def test_a_display_that_never_answers_is_given_up(folder: Path) -> None:
    with socket.socket() as deaf:
        for number in range(60, 200):
            try:
                deaf.bind(("127.0.0.1", 6000 + number))
                break
            except OSError:
                continue
        deaf.listen()
        began = time.monotonic()
        said = search_without_window(folder, DISPLAY=f"127.0.0.1:{number}")
    assert time.monotonic() - began < 15
    assert (BUILD if HEADLESS else f"127.0.0.1:{number} does not answer") in said


def test_a_display_that_refuses_us_is_not_used(folder: Path, tmp_path: Path, screen: Screen) -> None:
    # Xauthority's form (Xau(3)): family, address, number, name and data, each behind its length in two bytes.
    parts = [b"host", b"0", b"MIT-MAGIC-COOKIE-1", b"k" * 16]
    cookie = b"\x01\x00" + b"".join(len(part).to_bytes(2, "big") + part for part in parts)
    (tmp_path / "cookie").write_bytes(cookie)
    with virtual_screen(tmp_path, 800, 600, "-auth", str(tmp_path / "cookie")) as closed:
        said = search_without_window(folder, DISPLAY=closed.display, XAUTHORITY=os.devnull)
    assert "cannot be reached, or does not let us in" in said


@pytest.mark.parametrize("number", [".1", ".7"])
def test_a_screen_that_the_display_does_not_have_is_not_used(folder: Path, screen: Screen, number: str) -> None:
    said = search_without_window(folder, DISPLAY=screen.display + number)
    assert f"{screen.display}{number} cannot be reached" in said


def test_a_window_system_that_opencv_does_not_bring_is_not_used(folder: Path, screen: Screen) -> None:
    said = search_without_window(folder, DISPLAY=screen.display, QT_QPA_PLATFORM="offscreen")
    assert "QT_QPA_PLATFORM is 'offscreen', but OpenCV's windows need 'xcb'" in said
