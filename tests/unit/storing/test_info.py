import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from src.errors import IndexFileError
from src.indexfile import IndexInfo
from src.storing.info import TWO_TICKS_NS, Stamp
from src.storing.writer import write_index
from tests.smallindex import INFO, opened, rows


def test_the_folder_is_found_where_it_was_moved_together_with_the_index(tmp_path: Path) -> None:
    (tmp_path / "old" / "photos").mkdir(parents=True)
    path = str(tmp_path / "old" / "index.csv")
    write_index(path, [rows()], INFO._replace(folder=str(tmp_path / "old" / "photos"), relative_folder="photos"))
    (tmp_path / "old").rename(tmp_path / "new")
    assert opened(str(tmp_path / "new" / "index.csv")).folder == str(tmp_path / "new" / "photos")


@pytest.mark.parametrize(
    "info",
    [
        IndexInfo("test", 6),
        IndexInfo("test", 6, "cosine", "test 1", True, "/photos/\udcff", "../photos"),
    ],
)
def test_what_an_index_says_comes_back_from_json(info: IndexInfo) -> None:
    assert IndexInfo.from_values(json.loads(json.dumps(info._asdict() | {"later": 1}))) == info


def test_what_caches_did_not_always_say_is_what_it_was_then() -> None:
    values = {"descriptor": "test", "dimension": 6, "key": None, "folder": None, "relative_folder": None}
    assert IndexInfo.from_values(values) == IndexInfo("test", 6, "chi-squared", full_resolution=False)


@pytest.mark.parametrize(("name", "value"), [("descriptor", None), ("dimension", "6"), ("key", 1), ("folder", [])])
def test_a_value_of_another_kind_or_none_is_refused(name: str, value: Any) -> None:
    values = INFO._asdict()
    with pytest.raises(TypeError):
        IndexInfo.from_values(values | {name: value})
    for needed in ("descriptor", "dimension"):
        without = {one: kept for one, kept in values.items() if one != needed}
        with pytest.raises(KeyError):
            IndexInfo.from_values(without)


def test_a_stamp_tells_one_file_from_another(tmp_path: Path) -> None:
    file = tmp_path / "index.csv"
    file.write_bytes(b"a.jpg,1\n")
    stamp = Stamp.settled(str(file))
    assert stamp == Stamp.of(str(file))
    assert stamp.size == 8
    assert time.time_ns() >= stamp.ctime_ns + TWO_TICKS_NS
    file.write_bytes(b"a.jpg,2\n")
    os.utime(file, ns=(stamp.mtime_ns, stamp.mtime_ns))
    assert Stamp.of(str(file)) != stamp


def test_what_is_no_file_has_no_stamp(tmp_path: Path) -> None:
    with pytest.raises(IndexFileError, match="is not a regular file"):
        Stamp.of(str(tmp_path))
    with pytest.raises(FileNotFoundError):
        Stamp.of(str(tmp_path / "none"))


def test_a_folder_is_the_same_by_its_name_or_by_the_way_to_it() -> None:
    info = IndexInfo("test", 6, folder="/disk/photos", relative_folder="photos")
    assert info.is_of_same_folder(info._replace(folder="/other/photos"))
    assert info.is_of_same_folder(info._replace(relative_folder="../photos"))
    assert not info.is_of_same_folder(info._replace(folder="/other", relative_folder="other"))
    nameless = info._replace(relative_folder=None)
    assert not nameless.is_of_same_folder(nameless._replace(folder="/other"))


def test_what_older_caches_do_not_say_is_not_known() -> None:
    """Version 2 left out the folder and its way where a CSV of another program was parsed."""
    assert IndexInfo.from_values({"descriptor": "test", "dimension": 6, "key": None}) == IndexInfo("test", 6)
