"""Every name that a file system allows goes into the index and comes back the same, and none upsets a terminal."""

import os
import socket
import sys
from pathlib import Path

import pytest

from src.searcher import Searcher
from tests.indexes import read_table
from tests.pictures import draw_picture, write_picture
from tests.programs import fail, run, succeed

NAMES = [
    b"comma, in it.jpg", b'"quoted".jpg', b"'single'.jpg", b"new\nline.jpg", b"carriage\rreturn.jpg", b"tab\t.jpg",
    b"-leading dash.jpg", b"--rebuild", b"=1+1.jpg", b"+plus.jpg", b"@at.jpg", b" leading space.jpg",
    b"trailing space ", b"%s%n%d.jpg", b"$(touch x).jpg", b"`id`.jpg", b"\x1b[31mred\x1b[0m.jpg", b"\x07bell",
    "\U0001f457 dress.jpg".encode(), "e\u0301 NFD.jpg".encode(), "\xe9 NFC.jpg".encode(),
    b"not utf-8 \xff\xfe.jpg", b"\xed\xa0\x80 surrogate.jpg", b"n" * 251 + b".jpg", b"X.JPG", b"no extension",
    b"really a png.jpg", b"back\\slash.jpg", b"\xef\xbb\xbfbom.jpg", b"dots...", b"#hash;semi.jpg",
    b"C:\\drive.jpg", b"nul\\0.jpg", "\u202egpj.exe".encode(), b"*?[glob].jpg", b"~",
]  # fmt: skip


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("names") / "odd \udcff, \n folder"
    folder.mkdir()
    for seed, name in enumerate(NAMES):
        write_picture(os.fsdecode(os.path.join(os.fsencode(folder), name)), seed)
    nested = folder / "deep"
    for _ in range(30):
        nested = nested / ("d" * 100)
    nested.mkdir(parents=True)
    write_picture(nested / "deep.jpg", len(NAMES))
    index = folder.parent / "index.csv"
    ended = run("index.py", "-d", folder, "-i", index, "--strict")
    assert ended.returncode == 0, ended.stderr
    return folder


def test_every_name_is_in_the_index_byte_for_byte(odd: Path) -> None:
    ids = read_table(str(odd.parent / "index.csv"), 1440).ids
    assert len(ids) == len(NAMES) + 1
    assert {os.fsencode(image_id) for image_id in ids if not image_id.startswith("deep")} == set(NAMES)
    assert all((odd / image_id).is_file() for image_id in ids)


def test_every_image_is_found_under_its_own_name(odd: Path) -> None:
    from src.colordescriptor import ColorDescriptor
    from src.imagereader import read_image

    searcher = Searcher(str(odd.parent / "index.csv"))
    for name in NAMES:
        features = ColorDescriptor().describe(read_image(str(odd / os.fsdecode(name))))
        first = searcher.search(features, 1)[0]
        assert (first.distance, os.fsencode(first.image_id)) == (0, name)


@pytest.mark.parametrize("locale", ["C.UTF-8", "C"])
def test_nothing_printed_holds_a_control_character(odd: Path, locale: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    monkeypatch.setenv("PYTHONCOERCECLOCALE", "0")
    monkeypatch.setenv("PYTHONUTF8", "0")
    query = odd / os.fsdecode(NAMES[0])
    output = odd.parent / "result.png"
    ended = run("search.py", "-i", odd.parent / "index.csv", "-q", query, "-n", "100", "-o", output, "--explain")
    assert ended.returncode == 0, ended.stderr
    lines = ended.stdout.decode().splitlines()
    assert len(lines) == len(NAMES) + 1
    assert all(column.isprintable() for line in lines for column in line.split("\t"))
    assert any(r"\x1b[31mred\x1b[0m.jpg" in line for line in lines)
    assert output.stat().st_size > 10_000


def test_skipped_names_are_escaped_too(tmp_path: Path) -> None:
    write_picture(tmp_path / "good.png", 1)
    (tmp_path / "\x1b]0;owned\x07\n.jpg").write_text("no picture")
    (tmp_path / "\udcff.jpg").write_bytes(b"")
    ended = run("index.py", "-d", tmp_path, "-i", tmp_path / "index.csv")
    said = ended.stderr.decode()
    assert ended.returncode == 0
    assert r"skipping \x1b]0;owned\x07\n.jpg: " in said
    assert r"skipping \xff.jpg: " in said
    assert "\x1b" not in said
    assert len(said.splitlines()) == 4


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither")
def test_what_is_no_regular_file_is_never_opened(tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    (folder / "real").mkdir(parents=True)
    write_picture(folder / "real" / "a.png", 1)
    os.mkfifo(folder / "pipe.jpg")
    (folder / "folder.jpg").mkdir()
    (folder / "dangling.jpg").symlink_to("nowhere")
    (folder / "loop.jpg").symlink_to("loop.jpg")
    (folder / "up").symlink_to("..")
    (folder / "again").symlink_to("real")
    (folder / "link.png").symlink_to("real/a.png")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(folder / "socket.jpg"))
        ended = run("index.py", "-d", folder, "-i", tmp_path / "photos" / "index.csv")
    said = ended.stderr.decode()
    assert ended.returncode == 0
    for name in ("pipe.jpg", "dangling.jpg", "loop.jpg", "again", "socket.jpg"):
        assert said.count(f"skipping {name}: ") == 1, said
    # The folder above is followed once: nothing in it is another picture than those we have.
    ids = read_table(str(folder / "index.csv"), 1440).ids
    assert ids == ["link.png", "real/a.png"]


def test_queries_of_every_name(odd: Path) -> None:
    index = odd.parent / "index.csv"
    for name in (b"--rebuild", b"not utf-8 \xff\xfe.jpg", b"new\nline.jpg", b"~"):
        query = odd / os.fsdecode(name)
        (line,) = succeed("search.py", "-i", index, f"--query={query}", "-n", "1", "--no-window")
        assert line.startswith("1\t0.0000\t")
    assert r"no\n\xff" in fail("search.py", "-i", index, "-q", odd / "no\n\udcff")


def test_a_query_that_is_a_pipe_does_not_hang(odd: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    assert "a named pipe" in fail("search.py", "-i", odd.parent / "index.csv", "-q", tmp_path / "pipe.jpg")


def test_an_index_that_is_a_pipe_does_not_hang(odd: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "index.csv")
    assert "index.csv" in fail("search.py", "-i", tmp_path / "index.csv", "-q", odd / "~")
    assert "index.csv" in fail("index.py", "-d", odd, "-i", tmp_path / "index.csv")


def test_drawn_pictures_differ(odd: Path) -> None:
    assert len({draw_picture(seed).tobytes() for seed in range(len(NAMES))}) == len(NAMES)
