"""An index and the files beside it: whose they are, what they may be called, and who may read them."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.pictures import write_picture
from tests.programs import PYTHON, ROOT, fail, succeed

needs_posix = pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    for seed in range(4):
        write_picture(folder / f"{seed}.png", seed)
    return folder


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize(
    "name", ["i.csv.new", "i.csv.cache.new", "i.csv.adding.new", "i.csv.cache.added.new", ".i.csv.new"]
)
def test_a_run_leaves_an_index_and_a_picture_that_have_names_like_its_own(photos: Path, name: str) -> None:
    own = photos.parent / "own"
    own.mkdir()
    succeed("index.py", "-d", photos, "-i", own / name)
    shutil.copy(photos / "1.png", own / f"{name}.jpg")
    before = content(own)
    succeed("index.py", "-d", photos, "-i", own / "i.csv")
    write_picture(photos / "more.png", 9)
    succeed("index.py", "-i", own / "i.csv", "--add", photos / "more.png")
    succeed("index.py", "-d", photos, "-i", own / "i.csv", "--rebuild")
    after = content(own)
    assert {one: after[one] for one in before} == before


@pytest.mark.parametrize("suffix", [".cache", ".partial", ".adding", ".cache.added"])
def test_a_run_whose_own_files_would_replace_another_file_does_nothing(photos: Path, suffix: str) -> None:
    own = photos.parent / "own"
    own.mkdir()
    succeed("index.py", "-d", photos, "-i", own / f"i.csv{suffix}")
    before = content(own)
    assert f"i.csv{suffix}" in fail("index.py", "-d", photos, "-i", own / "i.csv")
    assert content(own) == before


@pytest.mark.parametrize("columns", [100, 512, 1439, 1441])
def test_a_table_of_other_numbers_is_not_taken_for_an_index(photos: Path, columns: int) -> None:
    table = photos.parent / "embeddings.csv"
    numbers = np.random.default_rng(0).random((3, columns))
    table.write_text("".join(f"{n}.jpg,{','.join(map(str, row))}\n" for n, row in enumerate(numbers)))
    before = table.read_bytes()
    for more in ([], ["--rebuild"]):
        assert "is not an index" in fail("index.py", "-d", photos, "-i", table, *more)
    assert content(photos.parent) == {"embeddings.csv": before}


def test_a_table_that_has_taken_the_place_of_an_index_is_not_replaced_for_the_cache_that_is_left(photos: Path) -> None:
    index = photos.parent / "i.csv"
    succeed("index.py", "-d", photos, "-i", index)
    sound = index.read_bytes()
    for other in (b"a.jpg" + b",0.5" * 512 + b"\n", b"\xff\xd8\xff\xe0 a picture", b"0.png,a comment on it\n"):
        index.write_bytes(other)
        for more in ([], ["--rebuild"]):
            assert "is not an index" in fail("index.py", "-d", photos, "-i", index, *more)
        assert index.read_bytes() == other
    # What is left of an index is replaced.
    index.write_bytes(b"\xff" * 5000 + sound[5000:])
    succeed("index.py", "-d", photos, "-i", index)
    assert index.read_bytes() == sound


@pytest.mark.parametrize("program", ["index.py", "search.py"])
def test_the_name_of_a_folder_is_not_that_of_an_index(photos: Path, program: str) -> None:
    succeed("index.py", "-d", photos, "-i", photos.parent / "i.csv")
    before = content(photos.parent)
    more: list[str | Path] = ["-d", photos] if program == "index.py" else ["-q", photos / "1.png", "--no-window"]
    assert "names a folder" in fail(program, "-i", f"{photos.parent}/i.csv/", *more)
    assert content(photos.parent) == before


@pytest.mark.parametrize("length", [230, 240, 243])
def test_every_index_that_can_be_written_can_be_added_to(photos: Path, length: int) -> None:
    index = photos.parent / ("i" * (length - 4) + ".csv")
    succeed("index.py", "-d", photos, "-i", index)
    write_picture(photos / "more.png", 9)
    succeed("index.py", "-i", index, "--add", photos / "more.png")
    assert len(index.read_bytes().splitlines()) == 5
    assert "more.png" in succeed("search.py", "-i", index, "-q", photos / "more.png", "--no-window", "-n", "1")[0]
    succeed("index.py", "-i", index, "--remove", "0.png")
    assert len(index.read_bytes().splitlines()) == 4


def test_an_index_whose_name_leaves_no_room_for_its_own_files_is_refused_in_a_line(photos: Path) -> None:
    for length in (244, 248, 255, 256):
        index = photos.parent / ("i" * (length - 4) + ".csv")
        assert "choose a shorter one" in fail("index.py", "-d", photos, "-i", index)
    assert content(photos.parent) == {}


@needs_posix
@pytest.mark.parametrize("mode", [0o664, 0o640, 0o600])
def test_an_index_keeps_its_mode_whatever_the_umask(photos: Path, mode: int) -> None:
    index = photos.parent / "i.csv"
    succeed("index.py", "-d", photos, "-i", index)
    for path in photos.parent.glob("i.csv*"):
        path.chmod(mode)

    def run_with_umask(*arguments: object) -> None:
        command = ["sh", "-c", 'umask 077; exec "$@"', "sh", *PYTHON, ROOT / "index.py", *arguments]
        subprocess.run(list(map(str, command)), check=True, capture_output=True, timeout=60)
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in photos.parent.glob("i.csv*")}
        assert set(modes.values()) == {mode}, modes

    write_picture(photos / "a.png", 8)
    run_with_umask("-i", index, "--add", photos / "a.png")
    assert cv2.imwrite(str(photos / "0.png"), np.full((9, 9, 3), 7, np.uint8))
    run_with_umask("-d", photos, "-i", index)
    os.utime(photos / "1.png", (1e9, 1e9))
    run_with_umask("-d", photos, "-i", index)
    os.remove(f"{index}.cache")
    run_with_umask("-d", photos, "-i", index)
    assert len(index.read_bytes().splitlines()) == 5
