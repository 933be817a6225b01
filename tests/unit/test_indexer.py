"""Runs over an index, called as the doors call them."""

import os
from pathlib import Path

import pytest

from src.colordescriptor import ColorDescriptor
from src.errors import IndexFileError
from src.indexer import Report, change_index, index_folder
from src.searcher import Searcher
from tests.pictures import write_picture, write_pictures


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    write_pictures(tmp_path / "photos", [f"{number}.png" for number in range(8)])
    return tmp_path / "photos"


def index(photos: Path, name: str = "index.csv") -> Report:
    return index_folder(str(photos), str(photos.parent / name), ColorDescriptor())


def add(photos: Path, *names: str) -> Report:
    for name in names:
        write_picture(photos / name, 100 + sum(name.encode()))
    paths = [str(photos / name) for name in names]
    return change_index(None, str(photos.parent / "index.csv"), ColorDescriptor(), add=paths)


def assert_same_as_clean(photos: Path) -> None:
    index(photos, "clean.csv")
    assert (photos.parent / "index.csv").read_bytes() == (photos.parent / "clean.csv").read_bytes()
    assert sorted(path.name for path in photos.parent.glob("index.csv*")) == ["index.csv", "index.csv.cache"]


def test_only_so_many_rows_wait_at_the_end(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("src.indexing.run.MOST_ADDED", 3)
    index(photos)
    csv = photos.parent / "index.csv"
    inode = csv.stat().st_ino
    add(photos, "3a.png")
    report = add(photos, "2a.png", "1a.png")
    assert (report.indexed, report.new) == (11, 2)
    assert csv.stat().st_ino == inode
    assert csv.with_name("index.csv.cache.added").exists()
    add(photos, "0a.png")
    assert_same_as_clean(photos)


def test_the_same_picture_added_twice_at_once_is_two_images(photos: Path) -> None:
    index(photos)
    write_picture(photos / "0x.png", 5)
    (photos / "0y.png").write_bytes((photos / "0x.png").read_bytes())
    paths = [str(photos / name) for name in ("0y.png", "0x.png", "0y.png")]
    change_index(None, str(photos.parent / "index.csv"), ColorDescriptor(), add=paths)
    assert len(Searcher(str(photos.parent / "index.csv"))) == 10
    index(photos)
    assert_same_as_clean(photos)


def test_what_dead_runs_have_left_is_removed(photos: Path) -> None:
    index(photos)
    for suffix in (".new", ".cache.new", ".cache.added.new", ".adding.new", ".adding", ".cache.added"):
        (photos.parent / f"index.csv{suffix}").write_bytes(b"image similarity: half of something")
    write_picture(photos / "new.png", 8)
    index(photos)
    assert_same_as_clean(photos)
    for suffix in (".new", ".cache.new", ".cache.added.new", ".adding.new", ".adding"):
        (photos.parent / f"index.csv{suffix}").write_bytes(b"image similarity: half of something")
    index(photos)
    assert_same_as_clean(photos)


def test_a_row_that_stands_twice_in_an_edited_index_puts_no_image_on_the_wrong_numbers(photos: Path) -> None:
    index(photos)
    csv = photos.parent / "index.csv"
    lines = csv.read_bytes().splitlines(keepends=True)
    csv.write_bytes(b"".join([lines[4], *lines]))
    assert len(Searcher(str(csv))) == 9
    write_picture(photos / "3a.png", 9)
    index(photos)
    assert_same_as_clean(photos)


@pytest.mark.parametrize(("where", "what"), [(0, b"\xef\xbb\xbf"), (3, b"\n"), (99, b"\r\n\n")])
def test_what_stands_between_the_rows_of_an_edited_index_is_not_copied(photos: Path, where: int, what: bytes) -> None:
    index(photos)
    csv = photos.parent / "index.csv"
    lines = csv.read_bytes().splitlines(keepends=True)
    csv.write_bytes(b"".join([*lines[:where], what, *lines[where:]]))
    assert len(Searcher(str(csv))) == 8
    (photos / "3.png").rename(photos / "9.png")
    index(photos)
    assert_same_as_clean(photos)


@pytest.mark.parametrize("suffix", [".cache", ".cache.added", ".adding"])
@pytest.mark.parametrize("what", ["link", "folder", "notes", "pipe"])
def test_files_of_others_under_the_names_of_ours_are_left_alone(photos: Path, suffix: str, what: str) -> None:
    index(photos)
    csv, precious = photos.parent / "index.csv", photos.parent / "precious"
    precious.write_bytes(b"my notes")
    place = csv.with_name(csv.name + suffix)
    place.unlink(missing_ok=True)
    if what == "link":
        place.symlink_to(precious)
    elif what == "folder":
        place.mkdir()
    elif what == "notes":
        precious.rename(place)
        precious = place
    else:
        os.mkfifo(place)
    before = csv.read_bytes()
    csv.write_bytes(before.replace(b"0.png", b"0.jpg", 1))
    assert "0.jpg" in Searcher(str(csv))
    csv.write_bytes(before)
    with pytest.raises(IndexFileError):
        index(photos)
    with pytest.raises(IndexFileError):
        add(photos, "new.png")
    assert precious.read_bytes() == b"my notes"
    assert csv.read_bytes() == before


def test_rows_appended_where_empty_lines_stood_are_seen(photos: Path) -> None:
    index(photos)
    csv = photos.parent / "index.csv"
    text = csv.read_bytes()
    new = text.splitlines(keepends=True)[0].replace(b"0.png", b"z.png")
    (photos.parent / "index.csv.cache").unlink()
    csv.write_bytes(text + b"\n" * len(new))
    assert "z.png" not in Searcher(str(csv))
    csv.write_bytes(text + new)
    assert "z.png" in Searcher(str(csv))


def test_after_a_kill_between_csv_and_cache_the_folder_is_known(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    index(photos)
    (photos / "3.png").unlink()
    monkeypatch.setattr("src.storing.info.Stamp.settled", die)
    with pytest.raises(Killed):
        index(photos)
    monkeypatch.undo()
    with pytest.raises(IndexFileError, match="by a run that was killed.*index the folder with --dataset"):
        add(photos, "new.png")
    assert Searcher(str(photos.parent / "index.csv")).folder == str(photos)
    report = index(photos)
    assert (report.new, report.indexed) == (1, 8)
    assert_same_as_clean(photos)


def test_a_pipe_in_the_place_of_the_journal_stops_no_search(photos: Path) -> None:
    index(photos)
    csv = photos.parent / "index.csv"
    (photos.parent / "index.csv.cache").unlink()
    os.mkfifo(photos.parent / "index.csv.partial")
    assert len(Searcher(str(csv))) == 8


def test_an_index_may_be_called_as_unfinished_files_are(photos: Path) -> None:
    index(photos, "index.new")
    before = (photos.parent / "index.new").read_bytes()
    for picture in photos.iterdir():
        picture.unlink()
    with pytest.raises(IndexFileError, match="there is no image"):
        index(photos, "index.new")
    assert (photos.parent / "index.new").read_bytes() == before


def test_a_search_of_an_edited_index_does_not_make_the_next_run_forget(photos: Path) -> None:
    index(photos)
    csv = photos.parent / "index.csv"
    lines = csv.read_bytes().splitlines(keepends=True)
    csv.write_bytes(b"".join(lines[:3] + lines[4:]))
    assert len(Searcher(str(csv))) == 7
    os.utime(csv)
    report = index(photos)
    assert (report.new, report.changed, report.indexed) == (1, 0, 8)
    assert_same_as_clean(photos)
