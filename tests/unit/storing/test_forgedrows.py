"""Rows of bytes and rows of several parts in a cache that somebody made to hurt."""

import json
import random
import tracemalloc
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from src import indexfile
from src.distance import Rows
from src.errors import IndexFileError
from src.searching.neighbours import Neighbours
from src.storing import cachefile
from src.storing.rowtext import numbers_text
from src.storing.writer import NewRows, write_index
from tests.descriptors import ByteGrid, FusedGrid, FusedObjectsGrid
from tests.forging import VALUES, forge, parted, places
from tests.pictures import draw_picture
from tests.smallindex import STATES

NAMES = ["a.jpg", "b.jpg", "c.jpg", "d.jpg"]
MOST_MEMORY = 20_000_000  # bytes; four rows are 100 KB


@pytest.fixture(params=[ByteGrid(), FusedGrid(), FusedObjectsGrid()], ids=lambda one: one.name)
def grid(request: pytest.FixtureRequest) -> ByteGrid:
    made: ByteGrid = request.param
    return made


@pytest.fixture
def index(tmp_path: Path, grid: ByteGrid) -> Path:
    path = tmp_path / "index.csv"
    info = indexfile.IndexInfo(grid.name, grid.dimension, grid.distance, key="test")
    vectors = grid.describe_many([draw_picture(number) for number in range(4)])
    write_index(str(path), [NewRows(NAMES, STATES, vectors, [numbers_text(one) for one in vectors])], info)
    return path


def use(index: Path, grid: ByteGrid) -> None:
    """Ask for all that rows can be asked for; that they are damaged is an answer, too."""
    cache = indexfile.read_cache(str(index))
    if cache is None:
        return
    query = grid.describe(draw_picture(9))
    with suppress(IndexFileError), cache.reading():
        cache.rows(0, len(cache))
        cache.is_whole(with_features=True)
        for rows in cache.parts:
            Neighbours(rows).nearest(query, 3)
            Neighbours(rows).nearest_of_many([query, query], 3)
            some: list[tuple[Rows, slice]] = []
            if isinstance(grid, FusedGrid):
                deep, colour, thumbnail = rows.components
                some = [(deep, slice(2560)), (colour, slice(2560, 4000)), (thumbnail, slice(4000, None))]
            for part, run in some:
                Neighbours(part).nearest(query[run], 3, 0.5)


@pytest.mark.parametrize("is_large", [False, True])
def test_whatever_the_table_says_of_rows_no_traceback_and_little_memory(
    index: Path, grid: ByteGrid, monkeypatch: pytest.MonkeyPatch, is_large: bool
) -> None:
    if is_large:  # so that it is not checked before it is used
        monkeypatch.setattr(cachefile, "LARGEST_CHECKED_AT_ONCE", 0)
    body, table = parted(index)
    chance = random.Random(8)
    use(index, grid)
    tracemalloc.start()
    try:
        for way in places(table["features"]):
            for value in chance.sample(VALUES, 4):
                forged: dict[str, Any] = json.loads(json.dumps(table))
                place = forged["features"]
                for step in way[:-1]:
                    place = place[step]
                place[way[-1]] = value
                with suppress(AttributeError, TypeError, KeyError):  # the forger fails, not we
                    forge(index, body, forged)
                use(index, grid)
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()


def test_whatever_rows_hold_no_traceback(index: Path, grid: ByteGrid, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cachefile, "LARGEST_CHECKED_AT_ONCE", 0)
    body, table = parted(index)
    chance = random.Random(9)
    for _ in range(60):
        forged = bytearray(body)
        for _ in range(chance.choice([1, 8, 64])):
            chunk = chance.choice(table["features"]["chunks"])
            forged[chunk["start"] + chance.randrange(chunk["size"])] = chance.choice([0, 1, 0x7F, 0x80, 0xFF])
        forge(index, bytes(forged), table)
        use(index, grid)


@pytest.mark.parametrize("number", [b"\0\0\0\0", b"\xff\xff\xff\xff"])
def test_sums_that_are_not_those_of_the_rows_give_distances_all_the_same(
    index: Path, grid: ByteGrid, number: bytes
) -> None:
    body, table = parted(index)
    chunk = table["features"]["chunks"][0]
    # Of the deep rows: four of 2560 bytes, then four sums and four squares of two blocks.
    start, size = chunk["start"] + 4 * 2560, chunk["size"] - 4 * 2560
    forge(index, body[:start] + number * (size // 4) + body[start + size :], table)
    cache = indexfile.read_cache(str(index))
    assert cache is not None
    query = grid.describe(draw_picture(9))
    rows, distances = Neighbours(cache.parts[0]).nearest(query, 9)
    assert sorted(rows.tolist()) == [0, 1, 2, 3]
    assert ((distances >= 0) & (distances <= 2)).all()


def test_parts_cannot_be_of_numbers_that_are_claimed_and_not_there(tmp_path: Path) -> None:
    grid, path = FusedGrid(), tmp_path / "index.csv"
    info = indexfile.IndexInfo(grid.name, grid.dimension, grid.distance, key="test")
    vectors = grid.describe_many([draw_picture(number) for number in range(4)])
    write_index(str(path), [NewRows(NAMES, STATES, vectors, [numbers_text(one) for one in vectors])], info)
    body, table = parted(path)
    for part in (0, 1, 2):
        forged: dict[str, Any] = json.loads(json.dumps(table))
        forged["features"]["parts"][part]["dimension"] = 300_000_000
        forge(path, body, forged)
        tracemalloc.start()
        assert indexfile.read_cache(str(path)) is None
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
        tracemalloc.stop()


def test_rows_that_were_added_are_found_with_the_others(index: Path, grid: ByteGrid) -> None:
    cache = indexfile.read_cache(str(index))
    assert cache is not None
    assert np.array_equal(cache.rows(1, 3), grid.describe_many([draw_picture(1), draw_picture(2)]))
