import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from src.errors import IndexFileError
from src.indexfile import DatasetFolder, IndexInfo
from src.storing.info import TWO_TICKS_NS, Stamp
from tests.smallindex import INFO


@pytest.mark.parametrize(
    "info",
    [
        IndexInfo("test", 6),
        IndexInfo("test", 6, "cosine", "test 1", True, "/photos/\udcff", "../photos"),
        IndexInfo(
            "test", 6, folders=(DatasetFolder("", "/photos", None), DatasetFolder("b/\udcff", "/b/\udcff", "../b"))
        ),
    ],
)
def test_what_an_index_says_comes_back_from_json(info: IndexInfo) -> None:
    assert IndexInfo.from_values(json.loads(json.dumps(info._asdict() | {"later": 1}))) == info


def test_what_caches_did_not_always_say_is_what_it_was_then() -> None:
    values = {"descriptor": "test", "dimension": 6, "key": None, "folder": None, "relative_folder": None}
    assert IndexInfo.from_values(values) == IndexInfo("test", 6, "chi-squared", full_resolution=False)


@pytest.mark.parametrize(
    ("name", "value"),
    [("descriptor", None), ("dimension", "6"), ("key", 1), ("folder", []), ("folders", [["a", 1, None]])],
)
def test_a_value_of_another_kind_or_none_is_refused(name: str, value: Any) -> None:
    values = INFO._asdict()
    with pytest.raises(TypeError):
        IndexInfo.from_values(values | {name: value})
    for needed in ("descriptor", "dimension"):
        without = {one: kept for one, kept in values.items() if one != needed}
        with pytest.raises(KeyError):
            IndexInfo.from_values(without)


def test_folders_are_remembered_so_that_an_older_program_mistakes_none() -> None:
    plain, named = DatasetFolder("", "/photos", "photos"), DatasetFolder("b", "/b", None)
    one = INFO.of_datasets([plain])
    assert (one.folder, one.relative_folder, one.folders) == ("/photos", "photos", ())
    assert one.datasets == (plain,)
    # Of plain ids and others, an older program would take all for plain ones.
    for folders in ([named], [plain, named]):
        several = one.of_datasets(folders)
        assert (several.folder, several.relative_folder) == (None, None)
        assert several.datasets == tuple(folders)


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


def test_what_older_caches_do_not_say_is_not_known() -> None:
    """Version 2 left out the folder and its way where a CSV of another program was parsed."""
    assert IndexInfo.from_values({"descriptor": "test", "dimension": 6, "key": None}) == IndexInfo("test", 6)
