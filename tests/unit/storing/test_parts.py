import os
from pathlib import Path

from src.storing.freshness import matching_cache
from tests.smallindex import append, assert_holds_additions, opened


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
