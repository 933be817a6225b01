"""What is known of pictures beside their vectors follows its rows, however the index is written."""

import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from src.storing.cache import Cache
from src.storing.cachefile import COLUMN
from src.storing.freshness import matching_cache
from src.storing.writer import CopiedRows, NewRows, write_index, write_states
from tests.smallindex import INFO, NAMES, STATES, append, assert_holds, assert_holds_additions, opened, rows

FINGERPRINTS = np.arange(1, 33, dtype=np.uint8).reshape(4, 8)


@pytest.fixture
def path(tmp_path: Path) -> str:
    path = str(tmp_path / "index.csv")
    write_index(path, [rows()], INFO)
    write_states(path, known(path), STATES, INFO, {"fingerprint": FINGERPRINTS})
    return path


def known(path: str) -> Cache:
    cache = matching_cache(path)
    assert cache is not None
    return cache


def fingerprints(path: str) -> NDArray[np.uint8]:
    assert list(known(path).columns) == ["fingerprint"]
    return known(path).columns["fingerprint"]


def test_a_column_is_kept_beside_the_rows_and_changes_nothing_else(path: str) -> None:
    np.testing.assert_array_equal(fingerprints(path), FINGERPRINTS)
    assert_holds(opened(path))
    assert known(path).states() == STATES
    assert known(path).is_whole(with_features=True)


def test_a_column_stays_when_others_and_the_states_are_written(path: str) -> None:
    other = np.full((4, 3), 7, np.uint8)
    write_states(path, known(path), STATES, INFO, {"other": other})
    assert set(known(path).columns) == {"fingerprint", "other"}
    write_states(path, known(path), STATES, INFO)
    np.testing.assert_array_equal(known(path).columns["other"], other)
    np.testing.assert_array_equal(known(path).columns["fingerprint"], FINGERPRINTS)


def test_a_column_that_is_of_no_use_any_more_is_dropped(path: str) -> None:
    other = np.full((4, 3), 7, np.uint8)
    write_states(path, known(path), STATES, INFO, {"other": other}, dropped=["fingerprint", "none"])
    assert list(known(path).columns) == ["other"]


def test_copied_rows_take_their_columns_along_and_new_ones_bring_theirs_or_zeros(path: str) -> None:
    with_column = rows(5)._replace(columns={"fingerprint": FINGERPRINTS + 100})
    with open(path, "rb") as csv:
        pieces: list[CopiedRows | NewRows] = [
            CopiedRows(known(path), csv, 2, 4, STATES[2:]),
            rows(4)._replace(ids=[f"new {name}" for name in NAMES]),
            CopiedRows(known(path), csv, 0, 2, STATES[:2]),
            with_column._replace(ids=[f"newer {name}" for name in NAMES]),
        ]
        write_index(path, pieces, INFO)
    wanted = np.concatenate([FINGERPRINTS[2:], np.zeros((4, 8)), FINGERPRINTS[:2], FINGERPRINTS + 100])
    np.testing.assert_array_equal(fingerprints(path), wanted)


def test_appended_rows_have_zeros_until_theirs_are_made(path: str) -> None:
    append(path, 7, "new, 1.jpg")
    append(path, 8, "0.jpg")
    np.testing.assert_array_equal(fingerprints(path), np.concatenate([FINGERPRINTS, np.zeros((2, 8))]))
    assert_holds_additions(opened(path))
    made = np.concatenate([FINGERPRINTS, np.full((2, 8), 9, np.uint8)])
    write_states(path, known(path), known(path).states(), INFO, {"fingerprint": made})
    np.testing.assert_array_equal(fingerprints(path), made)
    assert not os.path.exists(path + ".cache.added")


def test_an_index_without_its_cache_has_no_columns(path: str, tmp_path: Path) -> None:
    shutil.copy(path, tmp_path / "bare.csv")
    opened(str(tmp_path / "bare.csv"))
    assert known(str(tmp_path / "bare.csv")).columns == {}


def test_a_column_of_other_lengths_or_things_is_no_cache(path: str) -> None:
    wrongs: list[NDArray[Any]] = [FINGERPRINTS[:3], FINGERPRINTS.astype(np.int16), FINGERPRINTS[0]]
    for wrong in wrongs:
        write_states(path, known(path), STATES, INFO, {"fingerprint": wrong})
        assert matching_cache(path) is None
        assert COLUMN.encode() in Path(path + ".cache").read_bytes()
        assert_holds(opened(path))
