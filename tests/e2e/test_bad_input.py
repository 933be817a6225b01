"""Whatever a user gets wrong: one line that says what, which file and what to do; the right exit code; no traceback."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pictures import write_pictures
from tests.programs import PYTHON, ROOT, fail, run, succeed


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("good")
    write_pictures(folder / "photos", ["a.png", "b.png", "c.png", "d.png"])
    succeed("index.py", "-d", folder / "photos", "-i", folder / "index.csv")
    (folder / "text.jpg").write_text("hello")
    (folder / "empty.jpg").write_bytes(b"")
    return folder


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ("missing.jpg", "there is no such file"),
        ("photos", "a folder, not a file"),
        ("text.jpg", "text.jpg"),
        ("empty.jpg", "empty"),
        ("esc\x1b[31m\nape.jpg", r"esc\x1b[31m\nape.jpg: there is no such file"),
    ],
)
def test_bad_queries(good: Path, query: str, complaint: str) -> None:
    said = fail("search.py", "-i", good / "index.csv", "-q", good / query)
    assert complaint in said
    assert "\x1b" not in said


def test_stdin_that_is_no_picture(good: Path) -> None:
    for content in (b"", b"hello"):
        assert "-: " in fail("search.py", "-i", good / "index.csv", "-q", "-", stdin=content)


def cut_in_a_row(text: bytes) -> bytes:
    return text[: len(text) * 5 // 8]


def without_a_number(text: bytes) -> bytes:
    lines = text.splitlines(keepends=True)
    return b"".join([*lines[:2], lines[2].rsplit(b",", 1)[0] + b"\n", *lines[3:]])


def first_number_is(number: bytes) -> Callable[[bytes], bytes]:
    def change(text: bytes) -> bytes:
        name, _, rest = text.split(b",", 2)
        return b",".join([name, number, rest])

    return change


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (lambda text: b"", "is empty"),
        (cut_in_a_row, "line 3: the last row has no line end"),
        (without_a_number, "line 3: 1439 numbers, 1440 are needed"),
        (first_number_is(b"nan"), "line 1, number 1: 'nan' is not a number from 0 up"),
        (first_number_is(b"-1"), "line 1, number 1: '-1' is not a number from 0 up"),
        (first_number_is(b"red"), "line 1, number 1: 'red' is not a number from 0 up"),
        (lambda text: b"a.png" + b",0.5" * 512 + b"\n", "line 1: 512 numbers, 1440 are needed"),
        (lambda text: os.urandom(5000), "line "),
    ],
)
def test_bad_indexes(good: Path, tmp_path: Path, damage: Callable[[bytes], bytes], complaint: str) -> None:
    index = tmp_path / "index.csv"
    index.write_bytes(damage((good / "index.csv").read_bytes()))
    said = fail("search.py", "-i", index, "-q", good / "photos" / "a.png")
    assert complaint in said
    assert str(index) in said
    assert os.listdir(tmp_path) == ["index.csv"]


def test_an_index_that_is_missing_or_a_folder(good: Path, tmp_path: Path) -> None:
    assert "write it with index.py" in fail("search.py", "-i", tmp_path / "no.csv", "-q", good / "photos" / "a.png")
    assert "there is no manifest.json in it" in fail("search.py", "-i", tmp_path, "-q", good / "photos" / "a.png")


def test_a_cut_index_is_mended_by_indexing_again(good: Path, tmp_path: Path) -> None:
    index = tmp_path / "index.csv"
    index.write_bytes(cut_in_a_row((good / "index.csv").read_bytes()))
    succeed("index.py", "-d", good / "photos", "-i", index)
    assert index.read_bytes() == (good / "index.csv").read_bytes()


def test_bad_dataset_folders(good: Path, tmp_path: Path) -> None:
    index = tmp_path / "out" / "index.csv"
    index.parent.mkdir()
    (tmp_path / "empty").mkdir()
    assert "No such file" in fail("index.py", "-d", tmp_path / "missing", "-i", index)
    assert "Not a directory" in fail("index.py", "-d", good / "text.jpg", "-i", index)
    assert "there is no image to index in" in fail("index.py", "-d", tmp_path / "empty", "-i", index)
    assert os.listdir(index.parent) == []


def test_a_folder_without_an_image_names_what_it_skipped(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text("hello")
    ended = run("index.py", "-d", tmp_path / "texts", "-i", tmp_path / "index.csv")
    said = ended.stderr.decode().splitlines()
    assert ended.returncode == 1
    assert said[0] == "not pictures: 1 .txt (-v names them)"
    assert "there is no image to index in" in said[1]


def test_indexes_that_cannot_be_written(good: Path, tmp_path: Path) -> None:
    assert "there is no folder" in fail("index.py", "-d", good / "photos", "-i", tmp_path / "no folder" / "index.csv")
    assert "is not an index" in fail("index.py", "-d", good / "photos", "-i", tmp_path)


def test_a_file_that_is_no_index_is_not_overwritten(good: Path, tmp_path: Path) -> None:
    (tmp_path / "diary.csv").write_text("Monday,rain\nTuesday,sun\n")
    assert "is not an index" in fail("index.py", "-d", good / "photos", "-i", tmp_path / "diary.csv")
    assert (tmp_path / "diary.csv").read_text() == "Monday,rain\nTuesday,sun\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["search.py"],
        ["search.py", "-i", "x.csv", "-q", "x.jpg", "--limit", "0"],
        ["search.py", "-i", "x.csv", "-q", "x.jpg", "--limit", "many"],
        ["search.py", "-i", "x.csv", "-q", "x.jpg", "--max-distance", "-1"],
        ["search.py", "-i", "x.csv", "-q", "x.jpg", "--max-distance", "nan"],
        ["search.py", "-i", "x.csv", "-q", "x.jpg", "--wrong"],
        ["index.py"],
        ["index.py", "-i", "x.csv"],
        ["index.py", "-d", "data", "-i", "x.csv", "--jobs", "0"],
        ["index.py", "-i", "x.csv", "-d", "data", "--rebuild", "--add", "a.jpg"],
        *(
            ["search.py", "-i", "x.csv", "-q", "x.jpg", "--max-megapixels", odd]
            for odd in ("nan", "inf", "1e300", "0", "-1")
        ),
    ],
)
def test_wrong_usage_exits_with_2(arguments: list[str]) -> None:
    ended = run(arguments[0], *arguments[1:])
    assert ended.returncode == 2
    assert ended.stderr.startswith(b"usage: ")
    assert b"Traceback" not in ended.stderr


def test_help_exits_with_0_and_needs_no_opencv(tmp_path: Path) -> None:
    (tmp_path / "cv2.py").write_text("raise ImportError('libGL.so.1: cannot open shared object file')")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    for door in ("index.py", "search.py"):
        ended = run(door, "--help")
        assert ended.returncode == 0
        assert ended.stdout.startswith(b"usage: ")
        from tests.programs import PYTHON

        broken = subprocess.run([*PYTHON, ROOT / door, "--help"], env=environment, capture_output=True, check=False)
        assert broken.returncode == 0


def test_a_pixel_limit_in_the_environment_that_is_none_does_not_matter(
    good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENCV_IO_MAX_IMAGE_PIXELS", "many")
    succeed("search.py", "-i", good / "index.csv", "-q", good / "photos" / "a.png", "--no-window")


def test_endless_standard_input_is_refused(good: Path) -> None:
    endless = "(printf '\\377\\330\\377\\340'; cat /dev/zero)"  # begins like a JPEG
    for source, said in ((endless, b"more than 1,073,741,824 bytes"), ("cat /dev/zero", b"nothing but zeros")):
        command = f"{source} | {' '.join(PYTHON)} search.py -i '{good}/index.csv' -q - --no-window"
        ended = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, check=False, timeout=60)
        assert ended.returncode == 1
        assert ended.stderr.startswith(b"search.py: -: " + said)


def test_closed_streams_are_no_reason_for_a_traceback(good: Path) -> None:
    for streams in (">&-", "2>&-", "<&-", "<&- >&- 2>&-"):
        command = f"{' '.join(PYTHON)} search.py -i '{good}/index.csv' -q '{good}/photos/a.png' - --no-window {streams}"
        ended = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, check=False, timeout=60)
        assert ended.returncode == 1, (streams, ended.stderr)
        assert b"Traceback" not in ended.stderr
        assert b"search.py:" not in ended.stdout


def test_something_else_beside_the_index_is_left_alone(good: Path, tmp_path: Path) -> None:
    (tmp_path / "index.csv.cache").mkdir()
    assert "index.csv.cache is not a regular file" in fail(
        "index.py", "-d", good / "photos", "-i", tmp_path / "index.csv"
    )
    (tmp_path / "notes.csv.partial").write_text("my notes")
    said = fail("index.py", "-d", good / "photos", "-i", tmp_path / "notes.csv")
    assert "a file of another program has this name" in said
    assert (tmp_path / "notes.csv.partial").read_text() == "my notes"
    os.mkfifo(tmp_path / "pipe.csv.partial")
    assert "pipe.csv.partial" in fail("index.py", "-d", good / "photos", "-i", tmp_path / "pipe.csv")
    os.mkfifo(tmp_path / "cache.csv.cache")
    (tmp_path / "cache.csv").write_bytes((good / "index.csv").read_bytes())
    succeed("search.py", "-i", tmp_path / "cache.csv", "-q", good / "photos" / "a.png", "--no-window")


def test_an_output_without_a_picture_ending_is_refused(good: Path, tmp_path: Path) -> None:
    query = good / "photos" / "a.png"
    ended = run("search.py", "-i", good / "index.csv", "-q", query, "-o", tmp_path / "result.txt")
    assert ended.returncode == 1
    assert b"result.txt" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert os.listdir(tmp_path) == []
