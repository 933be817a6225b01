import os
from pathlib import Path

import pytest

from src.searcher import Searcher
from tests.indexruns import assert_same_as_clean, index
from tests.pictures import write_picture


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
