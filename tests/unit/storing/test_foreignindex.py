import os
from pathlib import Path

import pytest

from src.errors import IndexFileError
from src.storing.freshness import matching_cache
from src.storing.info import UNKNOWN_TIME, FileState
from src.storing.journal import Journal
from tests.smallindex import NAMES, STATES, assert_holds, features, opened


def test_a_csv_of_another_program_is_parsed_once(path: str) -> None:
    os.remove(path + ".cache")
    opened(path)
    cache = matching_cache(path)
    assert cache is not None
    assert cache.info.key is None
    assert_holds(opened(path))
    assert sorted(os.listdir(os.path.dirname(path))) == ["index.csv", "index.csv.cache"]


def test_of_an_edited_csv_the_cache_still_knows_the_rows_that_are_as_they_were(path: str) -> None:
    lines = Path(path).read_bytes().splitlines(keepends=True)
    Path(path).write_bytes(b"".join([b"first.jpg,1,0,0,0,0,0\n", *lines[1:]]))
    assert opened(path).folder == "/photos"
    cache = matching_cache(path)
    assert cache is not None
    assert cache.info.key == "test 1"
    assert cache.states() == [FileState(UNKNOWN_TIME, UNKNOWN_TIME, UNKNOWN_TIME, bytes(16)), *STATES[1:]]
    Path(path).write_bytes(b"other.jpg,1,0,0,0,0,0\n")
    assert opened(path).folder is None


def test_a_last_row_without_its_line_end_is_whole_but_no_row_can_follow_it(path: str) -> None:
    Path(path).write_bytes(Path(path).read_bytes()[:-1])
    assert_holds(opened(path))
    cache = matching_cache(path)
    assert cache is not None
    assert (cache.info.folder, cache.info.key) == ("/photos", None)


def test_of_an_index_of_ours_it_is_known_that_its_last_row_was_cut_though_what_is_left_is_numbers(path: str) -> None:
    cut = Path(path).read_bytes()[:-3]
    Path(path).write_bytes(cut)
    with pytest.raises(IndexFileError, match="its last row was cut"):
        opened(path)
    assert Path(path).read_bytes() == cut


def test_rows_that_stand_otherwise_than_we_write_them_are_not_copied_as_they_stand(path: str) -> None:
    whole = Path(path).read_bytes()
    Path(path).write_bytes(whole.replace(b'"b, c.png"', b"b, c.png"))
    assert_holds(opened(path))
    cache = matching_cache(path)
    assert cache is not None
    assert (cache.info.folder, cache.info.key) == ("/photos", None)


def test_an_index_of_another_program_may_change_and_lack_its_last_line_end(path: str) -> None:
    os.remove(path + ".cache")
    for rows in (
        b"a.jpg,1,0,0,0,0,0\nb, c.jpg,1,0,0,0,0,0",
        b"a.jpg,1,0,0,0,0,0",
        b"a.jpg,1,0,0,0,0,0\nx, y,1,0,0,0,0,1",
    ):
        Path(path).write_bytes(rows)
        index = opened(path)
        assert list(index.ids) == [row.rsplit(b",", 6)[0].decode() for row in rows.split(b"\n")]


def test_searching_leaves_the_cache_to_a_run_that_is_to_be_taken_up(path: str) -> None:
    journal = Journal(path + ".partial", "test 1", 6)
    journal.append("/photos/a.jpg", STATES[0], features()[0], b"")
    journal.close(finished=False)
    os.remove(path + ".cache")
    assert_holds(opened(path))
    assert not os.path.exists(path + ".cache")


def test_what_a_killed_search_left_behind_does_not_keep_others_from_writing_the_cache(path: str) -> None:
    os.remove(path + ".cache")
    Path(path + ".partial").write_bytes(b"image similarity journal 2, test\n")
    assert_holds(opened(path))
    assert matching_cache(path) is not None


def test_between_replacing_the_csv_and_replacing_the_cache_the_folder_is_known(path: str) -> None:
    journal = Journal(path + ".partial", "test 1", 6)
    journal.append("/photos/a.jpg", STATES[0], features()[0], b"")
    journal.close(finished=False)
    Path(path).write_bytes(Path(path).read_bytes() * 2)
    index = opened(path)
    assert len(index.ids) == 2 * len(NAMES)
    assert index.folder == "/photos"


def test_the_cache_is_as_private_as_its_csv(path: str) -> None:
    os.chmod(path, 0o600)
    os.remove(path + ".cache")
    opened(path)
    assert os.stat(path + ".cache").st_mode & 0o777 == 0o600
