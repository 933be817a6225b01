import os
from pathlib import Path

import pytest

from src.imagefiles import FoundFile, Skip
from src.indexing import recorder
from src.indexing.skips import MOST_REMEMBERED, ToldSkips, count_others, ending, is_picture
from tests.indexruns import add, assert_same_as_clean, index
from tests.pictures import write_picture


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("a.JPG", "not an image", True),
        ("a.jpg", "empty", True),
        ("a.xmp", "not an image", False),
        ("a.jpg.xmp", "not an image", False),
        ("sub.jpg/README", "not an image", False),
        ("a.txt", "empty", False),
        # Their content is that of a picture, whatever they are called.
        ("a.bak", "truncated", True),
        ("a", "damaged", True),
        ("a.cr2", "unsupported format", True),
        # Nobody has seen their content.
        ("a.xmp", "no permission", True),
    ],
)
def test_content_or_name_makes_a_picture(name: str, kind: str, expected: bool) -> None:
    assert is_picture(Skip(name, kind, "")) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.XMP", ".xmp"), ("a.b/c", ""), ("a.", ""), (".profile", ""), ("a.2024-05-01 of my own", ""), ("a.\n", "")],
)
def test_an_ending_names_a_kind_of_file(name: str, expected: str) -> None:
    assert ending(name) == expected


def test_others_are_counted_by_ending_the_most_first() -> None:
    skips = [Skip(name, "not an image", "") for name in ("a.json", "a.xmp", "b.xmp", "c", "c.jpg")]
    assert list(count_others(skips).items()) == [(".xmp", 2), (".json", 1), ("", 1)]


def test_a_skip_is_known_by_name_kind_size_and_time() -> None:
    skip, file = Skip("a\udcff.jpg", "truncated", "cut"), FoundFile("a\udcff.jpg", "/a", 5, 6, 7)
    first = ToldSkips(b"")
    assert not first.marked(skip, file).told_before
    again = ToldSkips(first.to_keep(is_whole=True))
    assert again.marked(skip, file).told_before
    assert again.marked(skip, file._replace(ctime_ns=8)).told_before
    assert not again.marked(skip._replace(kind="damaged"), file).told_before
    assert not again.marked(skip._replace(id="b"), file).told_before
    assert not again.marked(skip, file._replace(size=6)).told_before
    assert not again.marked(skip, file._replace(mtime_ns=7)).told_before
    assert not again.marked(skip, None).told_before


def test_only_a_run_over_the_whole_folder_forgets() -> None:
    skip, other = Skip("a.jpg", "truncated", ""), Skip("b.jpg", "truncated", "")
    first = ToldSkips(b"")
    first.marked(skip, None)
    told = first.to_keep(is_whole=True)
    for is_whole in (True, False):
        second = ToldSkips(told)
        second.marked(other, None)
        third = ToldSkips(second.to_keep(is_whole=is_whole))
        assert third.marked(other, None).told_before
        assert third.marked(skip, None).told_before is not is_whole


def test_so_many_are_remembered() -> None:
    told = ToldSkips(b"")
    for number in range(MOST_REMEMBERED + 9):
        told.marked(Skip(str(number), "damaged", ""), None)
    assert len(told.to_keep(is_whole=True)) == 16 * MOST_REMEMBERED


def test_an_index_remembers_what_was_told_and_is_not_written_for_it_again(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On a busy machine, files would come to be old enough for their times to be recorded in the midst of this.
    monkeypatch.setattr(recorder, "FILE_TIME_STEP_NS", 600 * 10**9)
    index(photos)
    (photos / "broken.png").write_bytes((photos / "0.png").read_bytes()[:50])
    csv, cache = photos.parent / "index.csv", photos.parent / "index.csv.cache"
    before = csv.stat().st_ino
    (skip,) = index(photos).skips
    assert not skip.told_before
    written = cache.stat().st_ino, cache.stat().st_mtime_ns
    report = index(photos)
    assert [one.told_before for one in report.skips] == [True]
    assert (report.skipped, report.as_values()["as_before"]) == (1, 1)
    assert (cache.stat().st_ino, cache.stat().st_mtime_ns) == written
    assert csv.stat().st_ino == before
    # However the index is changed meanwhile.
    add(photos, "new.png")
    assert [one.told_before for one in index(photos).skips] == [True]
    os.remove(photos / "new.png")
    assert [one.told_before for one in index(photos).skips] == [True]
    os.remove(photos / "broken.png")
    assert index(photos).skips == []
    assert_same_as_clean(photos)


def test_without_its_cache_an_index_tells_all_again(photos: Path) -> None:
    (photos / "broken.png").write_bytes(b"")
    index(photos)
    (photos.parent / "index.csv.cache").unlink()
    assert [one.told_before for one in index(photos).skips] == [False]


def test_a_picture_that_was_mended_and_broken_anew_is_told_again(photos: Path) -> None:
    broken = photos / "x.png"
    broken.write_bytes(b"")
    index(photos)
    write_picture(broken, 9)
    assert index(photos).skips == []
    broken.write_bytes(b"")
    assert [one.told_before for one in index(photos).skips] == [False]
