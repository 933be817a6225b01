import os
import time
from pathlib import Path

import numpy as np
import pytest

from src.colordescriptor import ColorDescriptor
from src.errors import IndexFileError
from src.indexfile import open_index
from src.searcher import Searcher
from src.storing.freshness import matching_cache
from src.storing.info import FileState
from src.storing.rowtext import numbers_text
from src.storing.writer import NewRows, write_index
from tests.smallindex import INFO, STATES, assert_holds, opened, rows


@pytest.fixture
def path(tmp_path: Path) -> str:
    path = str(tmp_path / "index.csv")
    write_index(path, [rows()], INFO)
    return path


def test_an_index_is_read_from_its_cache_and_from_its_csv_alike(path: str) -> None:
    assert matching_cache(path) is not None
    assert_holds(opened(path))
    os.remove(path + ".cache")
    assert_holds(opened(path))


def test_the_cache_knows_files_and_folder(path: str) -> None:
    cache = matching_cache(path)
    assert cache is not None
    assert cache.states() == STATES
    assert opened(path).folder == "/photos"


def test_an_index_of_another_descriptor_is_refused_by_both_numbers(path: str) -> None:
    with pytest.raises(IndexFileError, match=r"index.csv: 6 numbers by the descriptor test, .* 1440 by hsv-8x12x3"):
        Searcher(path, ColorDescriptor())
    os.remove(path + ".cache")
    with pytest.raises(IndexFileError, match=r"index.csv, line 1: 6 numbers, 1440 are needed"):
        Searcher(path)


def test_a_missing_index_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(IndexFileError, match="none.csv does not exist: write it with index.py"):
        opened(str(tmp_path / "none.csv"))


def test_a_cache_opens_much_faster_than_its_csv_is_parsed(tmp_path: Path) -> None:
    many = np.random.default_rng(0).random((2000, 200), np.float32)
    path = str(tmp_path / "large.csv")
    ids, states = [str(number) for number in range(2000)], [FileState(1, 1, 1, bytes(16))] * 2000
    large = NewRows(ids, states, many, [numbers_text(one) for one in many])
    write_index(path, [large], INFO._replace(dimension=200))
    times = []
    for _ in range(2):
        start = time.perf_counter()
        open_index(path, lambda _: INFO._replace(dimension=200))
        times.append(time.perf_counter() - start)
        Path(path + ".cache").unlink()
    assert times[0] < times[1] / 3
