"""An index of four rows of six numbers, as the tests of how indexes are stored like to have it."""

import numpy as np
from numpy.typing import NDArray

from src.indexfile import Cache, IndexInfo, open_index
from src.storing.freshness import matching_cache
from src.storing.info import FileState
from src.storing.rowtext import numbers_text
from src.storing.writer import CopiedRows, NewRows, append_rows

NAMES = ["a.jpg", "b, c.png", "x\udcff.jpg", "z/two\nlines.jpg"]
INFO = IndexInfo("test", 6, key="test 1", folder="/photos")
STATES = [FileState(100 + number, 10**18, 10**18 - number, bytes([number]) * 16) for number in range(len(NAMES))]


def features(seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).random((len(NAMES), 6), np.float32)


def rows(seed: int = 0) -> NewRows:
    return NewRows(NAMES, STATES, features(seed), [numbers_text(one) for one in features(seed)])


def opened(path: str) -> Cache:
    return open_index(path, lambda _: IndexInfo("test", 6))


def assert_holds(index: Cache, seed: int = 0) -> None:
    assert list(index.ids) == NAMES
    assert index.ids[0:9] == NAMES
    np.testing.assert_array_equal(index.rows(0, len(NAMES)), features(seed))


def append(path: str, seed: int, name: str) -> None:
    """Append one row, as --add does."""
    cache = matching_cache(path)
    assert cache is not None
    vector = features(seed)[:1]
    states = [FileState(1, 2, 3, b"1" * 16)] * (len(cache.ids) - cache.rows_in_file)
    with open(path, "rb") as csv:
        old = CopiedRows(cache, csv, cache.rows_in_file, len(cache.ids), states)
        append_rows(path, old, NewRows([name], STATES[:1], vector, [numbers_text(vector[0])]), INFO)


def assert_holds_additions(index: Cache) -> None:
    assert list(index.ids) == [*NAMES, "new, 1.jpg", "0.jpg"] == index.ids[:]
    assert all(name in index.ids for name in [*NAMES, "new, 1.jpg", "0.jpg"])
    assert not any(name in index.ids for name in ["", ".jpg", "a.jp", "a.jpgb", "0.jpg0", "\udcff"])
    wanted = np.concatenate([features(), features(7)[:1], features(8)[:1]])
    np.testing.assert_array_equal(index.rows(0, 6), wanted)
