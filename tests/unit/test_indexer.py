"""Runs over an index, called as the doors call them."""

import os
from pathlib import Path

import pytest

from src.colordescriptor import ColorDescriptor
from src.errors import IndexFileError
from src.indexer import change_index
from src.searcher import Searcher
from tests.indexruns import add, assert_same_as_clean, index
from tests.pictures import write_picture, write_pictures


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    write_pictures(tmp_path / "photos", [f"{number}.png" for number in range(8)])
    return tmp_path / "photos"


def test_the_same_picture_added_twice_at_once_is_two_images(photos: Path) -> None:
    index(photos)
    write_picture(photos / "0x.png", 5)
    (photos / "0y.png").write_bytes((photos / "0x.png").read_bytes())
    paths = [str(photos / name) for name in ("0y.png", "0x.png", "0y.png")]
    change_index(None, str(photos.parent / "index.csv"), ColorDescriptor(), add=paths)
    assert len(Searcher(str(photos.parent / "index.csv"))) == 10
    index(photos)
    assert_same_as_clean(photos)


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


def test_a_picture_in_a_folder_that_is_a_link_is_added_by_the_name_of_a_whole_run(photos: Path) -> None:
    index(photos)
    csv, alias = str(photos.parent / "index.csv"), photos.parent / "alias"
    write_pictures(photos.parent / "elsewhere", ["deep/new.png", "other.png"])
    (photos / "link").symlink_to(photos.parent / "elsewhere")
    alias.symlink_to(photos)
    for folder, name in ((photos, "link/deep/new.png"), (alias, "link/other.png")):
        change_index(None, csv, ColorDescriptor(), add=[str(folder / name)])
        assert name in Searcher(csv)
    assert (index(photos).new, index(photos).removed) == (0, 0)
    write_pictures(photos.parent / "outside", ["x.png"])
    with pytest.raises(IndexFileError, match="is not an image in"):
        change_index(None, csv, ColorDescriptor(), add=[str(photos.parent / "outside" / "x.png")])
