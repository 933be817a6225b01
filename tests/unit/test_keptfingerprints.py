"""The fingerprints that an index keeps are read as they are, and nothing is written."""

from pathlib import Path

import numpy as np
import pytest

from src.fingerprinter import take_fingerprints
from src.indexer import Options, index_folder
from src.keptfingerprints import keeps_fingerprints, kept_fingerprints, kept_stamp
from tests.describing import describe_here
from tests.pictures import write_picture, write_pictures


@pytest.fixture
def index(tmp_path: Path) -> str:
    write_pictures(tmp_path / "photos", ["a.png", "trip/b.jpg"])
    index_folder([str(tmp_path / "photos")], str(tmp_path / "index.csv"), describe=describe_here)
    return str(tmp_path / "index.csv")


def take(index: str) -> None:
    take_fingerprints([], index, describe=describe_here)


def states_of(index: str) -> dict[str, tuple[int, bytes]]:
    return {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in Path(index).parent.glob("index.csv*")}


def test_they_are_those_that_were_taken_and_no_file_changes(index: str) -> None:
    taken = take_fingerprints([], index, describe=describe_here)
    before = states_of(index)
    kept = kept_fingerprints(index)
    assert kept is not None and keeps_fingerprints(index)
    assert (kept.pictures, kept.without, list(kept.fingerprints.ids)) == (2, 0, ["a.png", "trip/b.jpg"])
    np.testing.assert_array_equal(kept.fingerprints.prints, taken.prints)
    assert [kept.fingerprints.picture(row) for row in (0, 1)] == [taken.picture(row) for row in (0, 1)]
    assert states_of(index) == before


def test_an_index_without_any_keeps_none(index: str) -> None:
    assert kept_fingerprints(index) is None
    assert not keeps_fingerprints(index)
    Path(f"{index}.cache").unlink()
    assert kept_fingerprints(index) is None
    assert not keeps_fingerprints(index)


def test_pictures_that_came_later_are_counted(index: str) -> None:
    take(index)
    before = kept_stamp(index)
    write_picture(Path(index).parent / "photos" / "c.png", seed=7)
    index_folder([str(Path(index).parent / "photos")], index, describe=describe_here)
    kept = kept_fingerprints(index)
    assert kept is not None
    assert (kept.pictures, kept.without) == (3, 1)
    assert kept_stamp(index) != before


def test_a_damaged_cache_keeps_none(index: str) -> None:
    take(index)
    cache = Path(f"{index}.cache")
    data = bytearray(cache.read_bytes())
    data[len(data) // 2] ^= 255
    cache.write_bytes(data)
    assert kept_fingerprints(index) is None


def test_pictures_may_lie_in_another_folder_now(index: str, tmp_path: Path) -> None:
    take(index)
    (tmp_path / "photos").rename(tmp_path / "moved")
    kept = kept_fingerprints(index, str(tmp_path / "moved"))
    assert kept is not None
    assert kept.fingerprints.path_of(0) == str(tmp_path / "moved" / "a.png")


def test_shards_keep_those_of_their_own_pictures(index: str, tmp_path: Path) -> None:
    shards = str(tmp_path / "shards")
    photos = [str(tmp_path / "photos")]
    index_folder(photos, f"{shards}/", options=Options(shard_size=1), describe=describe_here)
    assert kept_fingerprints(shards) is None and not keeps_fingerprints(shards)
    before = kept_stamp(shards)
    take(shards)
    take(index)
    assert keeps_fingerprints(shards) and kept_stamp(shards) != before
    by_file, by_shards = kept_fingerprints(index), kept_fingerprints(shards)
    assert by_file is not None and by_shards is not None
    np.testing.assert_array_equal(by_shards.fingerprints.prints, by_file.fingerprints.prints)
    write_picture(tmp_path / "photos" / "c.png", seed=7)
    index_folder(photos, shards, describe=describe_here)
    kept = kept_fingerprints(shards)
    assert kept is not None and (kept.pictures, kept.without) == (3, 1) and keeps_fingerprints(shards)
