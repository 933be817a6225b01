import io
import os
from pathlib import Path

import numpy as np
import pytest

from src.storing.cache import Cache
from src.storing.cachefile import CacheFile, CacheWriter
from src.storing.freshness import matching_cache
from src.storing.info import Stamp
from src.storing.rowtext import line_digest
from tests.smallindex import INFO, STATES, append, assert_holds_additions, opened


def test_appended_rows_are_read_from_both_caches_and_from_the_csv_alike(path: str) -> None:
    before, inode = Path(path).read_bytes(), os.stat(path).st_ino
    append(path, 7, "new, 1.jpg")
    append(path, 8, "0.jpg")
    assert Path(path).read_bytes().startswith(before)
    assert os.stat(path).st_ino == inode
    assert_holds_additions(opened(path))
    cache = matching_cache(path)
    assert cache is not None
    assert cache.is_whole(with_features=True)
    assert len(cache.lines) - 1 == len(cache.line_digests) == len(cache.states()) == 6
    assert os.path.getsize(path) == cache.lines[-1]
    os.remove(path + ".cache")
    assert_holds_additions(opened(path))


def test_damage_to_the_cache_of_appended_rows_costs_no_answer(path: str) -> None:
    append(path, 7, "new, 1.jpg")
    append(path, 8, "0.jpg")
    file = Path(path + ".cache.added")
    data = file.read_bytes()
    for position in range(0, len(data), 41):
        file.write_bytes(data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :])
        assert_holds_additions(opened(path))


LENGTHS = [3, 1, 4, 1, 5, 9, 2, 6]
VECTORS = np.random.default_rng(1).random((8, 6), np.float32)


def part(start: int, stop: int, *, damaged: bool = False) -> CacheFile:
    """Make the cache of some of the rows, with one bit of a line's digest flipped if it is to be damaged."""
    file = io.BytesIO()
    writer = CacheWriter(file, INFO)
    writer.rows.add(VECTORS[start:stop])
    lines = np.cumsum([0, *LENGTHS])[start : stop + 1]
    digests = b"".join(line_digest(b"%d" % row) for row in range(start, stop))
    writer.add_files([f"{row}.jpg" for row in range(start, stop)], lines, digests, (STATES * 2)[start:stop])
    writer.finish(INFO, Stamp(int(lines[-1]), 1, 2))
    data = bytearray(file.getvalue())
    data[data.index(digests)] ^= damaged
    return CacheFile(bytes(data))


def test_three_files_are_as_one() -> None:
    cache, one = Cache("index.csv", [part(0, 3), part(3, 4), part(4, 8)]), Cache("index.csv", [part(0, 8)])
    assert (len(cache), cache.rows_in_file, len(cache.parts)) == (8, 3, 3)
    assert (cache.info, cache.csv, cache.identity) == (INFO, one.csv, part(0, 3).identity)
    assert cache.ids[:] == one.ids[:] == [f"{row}.jpg" for row in range(8)]
    np.testing.assert_array_equal(cache.lines, one.lines)
    np.testing.assert_array_equal(cache.line_digests, one.line_digests)
    for start in range(9):
        assert cache.states(start) == one.states(start) == (STATES * 2)[start:]
        for stop in range(start, 9):
            np.testing.assert_array_equal(cache.rows(start, stop), VECTORS[start:stop])
            assert sum(len(block) for block in cache.stored(start, stop)) == stop - start
    assert cache.is_whole(with_features=True)


def test_stored_rows_of_several_files_give_the_same_file() -> None:
    copied, written = io.BytesIO(), io.BytesIO()
    cache = Cache("index.csv", [part(0, 3), part(3, 4), part(4, 8)])
    writers = CacheWriter(copied, INFO), CacheWriter(written, INFO)
    for block in cache.stored(1, 7):
        writers[0].rows.add_stored(block)
    writers[1].rows.add(VECTORS[1:7])
    for writer in writers:
        writer.add_files(cache.ids[1:7], cache.lines[1:8], bytes(8 * 6), cache.states(1)[:6])
        writer.finish(INFO, cache.csv)
    assert copied.getvalue() == written.getvalue()


@pytest.mark.parametrize("damaged", range(3))
def test_damage_to_any_of_the_files_is_seen(damaged: int) -> None:
    cuts = [(0, 3), (3, 4), (4, 8)]
    files = [part(*cut, damaged=place == damaged) for place, cut in enumerate(cuts)]
    assert not Cache("index.csv", files).is_whole(with_features=False)
