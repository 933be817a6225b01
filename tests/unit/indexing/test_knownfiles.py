import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from src.indexfile import (
    NOTHING_KNOWN,
    FileState,
    GatheredRows,
    IndexInfo,
    Journal,
    KeptRows,
    NewRows,
    Piece,
    RecordedRows,
)
from src.indexing.datasets import Dataset, Datasets
from src.indexing.filetarget import FileTarget
from src.indexing.knownfiles import KnownFiles
from src.searcher import Searcher
from src.storing.rowtext import numbers_text
from src.storing.writer import write_index
from tests.indexruns import assert_same_as_clean, index
from tests.pictures import write_picture
from tests.smallindex import INFO, NAMES, STATES, features, rows


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


PHOTOS = Dataset("", "/photos", None, is_where_it_was=True)
NEW = FileState(9, 9, 9, b"n" * 16)
REPORTED: list[str] = []


@contextmanager
def known(
    place: Path, info: IndexInfo = INFO, *, dataset: Dataset = PHOTOS, rebuild: bool = False
) -> Iterator[KnownFiles]:
    """What a run knows of an index of four rows, and of one picture that an interrupted run has described."""
    path = str(place / "index.csv")
    write_index(path, [rows()], INFO)
    journal = Journal(path + ".partial", "test 1", 6)
    journal.append("/photos/n.jpg", NEW, features(5)[0], numbers_text(features(5)[0]))
    target = FileTarget(path)
    yield KnownFiles(target, info, lambda *_: Datasets([dataset]), journal, REPORTED.append, rebuild=rebuild)
    target.close(finished=True)
    journal.close(finished=True)


def once_more(files: KnownFiles, place: Path) -> KnownFiles:
    """What another run would know."""
    target = FileTarget(str(place / "index.csv"))
    found = KnownFiles(target, INFO, lambda *_: files.datasets, files._journal, REPORTED.append, rebuild=False)
    target.close(finished=False)
    return found


def written(files: KnownFiles, piece: Piece) -> NewRows:
    """The rows that are written of a piece."""
    with files.sources() as sources:
        (rows,) = sources.rows([piece])
    assert isinstance(rows, NewRows)
    return rows


def test_files_are_known_from_the_cache_and_the_journal(tmp_path: Path) -> None:
    with known(tmp_path) as files:
        assert files.has_text
        assert files.indexed == dict(zip(NAMES, STATES, strict=True))
        assert files.state("a.jpg") == STATES[0]
        assert files.state("n.jpg") == NEW
        assert files.state("none.jpg") is None
        assert files.digests() == {NEW.digest, *(state.digest for state in STATES)}


def test_of_a_folder_that_has_moved_contents_are_known_and_no_files(tmp_path: Path) -> None:
    with known(tmp_path, dataset=Dataset("", "/other", None)) as files:
        assert files.state("a.jpg") is None
        assert STATES[0].digest in files.digests()


def test_of_another_key_nothing_is_known_but_which_images_there_were(tmp_path: Path) -> None:
    with known(tmp_path, INFO._replace(key="test 2")) as files:
        assert files.cache is None and not files.has_text
        assert files.indexed == {}
        assert list(files.listed) == NAMES
        assert files.digests() == {NEW.digest}
        assert not files.holds({})


def test_a_rebuild_knows_nothing_and_can_still_take_rows_over(tmp_path: Path) -> None:
    with known(tmp_path, rebuild=True) as files:
        assert files.indexed == {}
        assert files.state("a.jpg") is None
        assert files.digests() == {NEW.digest}
        (piece,) = files.pieces({NAMES[1]: files.listed[NAMES[1]]})
        np.testing.assert_array_equal(written(files, piece).features, features()[1:2])


def test_images_in_a_folder_are_those_below_it(tmp_path: Path) -> None:
    with known(tmp_path) as files:
        assert files.ids_at("a.jpg") == ["a.jpg"]
        assert files.ids_at("z") == ["z/two\nlines.jpg"]
        assert files.ids_at("a") == files.ids_at("z/two") == []
        assert files.ids_at(".") == sorted(NAMES)
    with known(tmp_path, dataset=Dataset("", "/other", None, is_new=True)) as files:
        assert files.ids_at("a.jpg") == [] == list(files.listed)


def test_without_a_cache_the_index_still_lists_its_images(tmp_path: Path) -> None:
    with known(tmp_path) as files:
        (tmp_path / "index.csv.cache").unlink()
        without = once_more(files, tmp_path)
        assert without.cache is None
        assert without.listed == dict.fromkeys(NAMES, NOTHING_KNOWN)
        assert without.indexed == {}
        (tmp_path / "index.csv").unlink()
        assert not once_more(files, tmp_path).listed


def test_rows_that_follow_each_other_are_copied_together(tmp_path: Path) -> None:
    with known(tmp_path) as files:
        states = dict(zip(NAMES, STATES, strict=True))
        assert files.holds(states)
        wanted = {"0.jpg": STATES[3], NAMES[0]: STATES[0], NAMES[1]: STATES[1], "n.jpg": NEW, NAMES[3]: STATES[3]}
        assert not files.holds(wanted)
        renamed, first, described, last = files.pieces(wanted)
        assert isinstance(renamed, GatheredRows) and isinstance(described, RecordedRows)
        assert list(written(files, renamed).texts) == [numbers_text(features()[3])]
        rows_of = written(files, described)
        np.testing.assert_array_equal(rows_of.features, features(5)[:1])
        assert (rows_of.ids, rows_of.states) == (["n.jpg"], [NEW])
        source = str(tmp_path / "index.csv")
        assert (first, last) == (KeptRows(source, 0, 2), KeptRows(source, 3, 4))
        (restated,) = files.pieces({NAMES[0]: STATES[0], NAMES[1]: STATES[1]._replace(mtime_ns=7)})
        assert restated == KeptRows(source, 0, 2, [STATES[0], STATES[1]._replace(mtime_ns=7)])


def test_new_rows_are_written_some_hundred_at_once(tmp_path: Path) -> None:
    with known(tmp_path) as files:
        with files.sources() as sources:
            pieces = files.pieces({f"{number:04}.jpg": NEW for number in range(1300)})
            sizes = [len(rows.states) for rows in sources.rows(pieces)]
        assert sum(sizes) == 1300
        assert max(sizes) <= 512


def test_a_changed_csv_is_not_copied_and_its_cache_still_knows(tmp_path: Path) -> None:
    with known(tmp_path) as files:
        path = tmp_path / "index.csv"
        path.write_bytes(path.read_bytes() + b"more")
        changed = once_more(files, tmp_path)
        assert not changed.has_text
        assert changed.state("a.jpg") == STATES[0]
        assert changed.added_rows() is None
        (piece,) = changed.pieces(dict(zip(NAMES, STATES, strict=True)))
        np.testing.assert_array_equal(written(changed, piece).features, features())
