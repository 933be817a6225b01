import os
from collections.abc import Generator, Sequence
from pathlib import Path

import pytest

from src.colordescriptor import ColorDescriptor
from src.description import Outcome, Setup
from src.errors import COULD_NOT_LOOK, IndexFileError
from src.imagefiles import FoundFile
from src.indexer import index_folder
from src.indexfile import IndexPaths
from src.searcher import Searcher
from tests.indexruns import add, assert_same_as_clean, index
from tests.pictures import write_picture


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


def test_what_dead_runs_have_left_is_removed(photos: Path) -> None:
    index(photos)
    paths = IndexPaths(str(photos.parent / "index.csv"))
    for path in (*paths.unfinished, paths.adding, paths.added):
        Path(path).write_bytes(b"image similarity: half of something")
    write_picture(photos / "new.png", 8)
    index(photos)
    assert_same_as_clean(photos)
    for path in (*paths.unfinished, paths.adding):
        Path(path).write_bytes(b"image similarity: half of something")
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


def describe_nothing(files: Sequence[FoundFile], setup: Setup) -> Generator[Outcome, None, None]:
    for number, _ in enumerate(files):
        yield Outcome(number, kind=sorted(COULD_NOT_LOOK)[number % len(COULD_NOT_LOOK)], reason="it was not to be")


def test_pictures_that_could_not_be_looked_at_for_any_reason_keep_their_rows(photos: Path) -> None:
    index(photos)
    csv = photos.parent / "index.csv"
    before = csv.read_bytes()
    for picture in photos.iterdir():
        os.utime(picture, (1, 1))
    report = index_folder(str(photos), str(csv), ColorDescriptor(), describe=describe_nothing)
    assert (report.indexed, report.kept, report.removed) == (8, 8, 0)
    assert {skip.reason for skip in report.skips} == {"it was not to be; it stays in the index"}
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


def test_an_index_may_be_called_as_unfinished_files_are(photos: Path) -> None:
    index(photos, "index.new")
    before = (photos.parent / "index.new").read_bytes()
    for picture in photos.iterdir():
        picture.unlink()
    with pytest.raises(IndexFileError, match="there is no image"):
        index(photos, "index.new")
    assert (photos.parent / "index.new").read_bytes() == before
