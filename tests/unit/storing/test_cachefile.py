import io
import json
import os
import zlib
from pathlib import Path

import numpy as np
import pytest

from src.storing.cachefile import TRAILER, CacheFile, CacheWriter
from src.storing.info import Stamp
from tests.smallindex import INFO, NAMES, STATES, assert_holds, features, opened


@pytest.mark.parametrize("damage", ["cut", "flipped", "emptied", "zeroed", "grown", "replaced", "other version"])
def test_a_damaged_cache_is_as_good_as_none(path: str, damage: str) -> None:
    file = Path(path + ".cache")
    data = file.read_bytes()
    # One flip in each part of the file: magic, features, ids, table of contents, trailer.
    positions = {"flipped": [1, 70, len(data) // 2, len(data) - 200, len(data) - 3]}.get(damage, [0])
    for position in positions:
        flipped = bytearray(data)
        flipped[position] ^= 0x40
        file.write_bytes(
            {
                "cut": data[: len(data) // 2],
                "flipped": bytes(flipped),
                "emptied": b"",
                "zeroed": bytes(len(data)),
                "grown": data + b"more",
                "replaced": os.urandom(len(data)),
                "other version": data.replace(b"cache 2", b"cache 9", 1),
            }[damage]
        )
        assert_holds(opened(path))


@pytest.mark.parametrize(
    "change",
    [
        {"csv": None}, {"csv": {}}, {"descriptor": 7}, {"folder": 5}, {"relative_folder": []}, {"sections": {}},
        {"features": {"dimension": 6, "merging": "no", "chunks": []}}, {"features": []}, {"dimension": None},
        {"dimension": 7}, {"distance": "cosine"}, {"distance": "none"}, {"distance": 5}, {"after": 3}, {"key": 1},
    ],
)  # fmt: skip
def test_a_hand_made_cache_is_as_good_as_none(path: str, change: dict[str, object]) -> None:
    data = Path(path + ".cache").read_bytes()
    length, _ = TRAILER.unpack(data[-TRAILER.size :])
    table = json.loads(data[-TRAILER.size - length : -TRAILER.size])
    forged = json.dumps({**table, **change}).encode()
    trailer = TRAILER.pack(len(forged), zlib.crc32(forged))
    Path(path + ".cache").write_bytes(data[: -TRAILER.size - length] + forged + trailer)
    assert_holds(opened(path))


@pytest.mark.parametrize("start", [-64, 10**12, 2**70])
def test_a_section_that_lies_nowhere_is_no_section(path: str, start: int) -> None:
    data = Path(path + ".cache").read_bytes()
    length, _ = TRAILER.unpack(data[-TRAILER.size :])
    table = json.loads(data[-TRAILER.size - length : -TRAILER.size])
    for place in (table["sections"]["names"], table["features"]["chunks"][0]):
        before, place["start"] = place["start"], start
        forged = json.dumps(table).encode()
        trailer = TRAILER.pack(len(forged), zlib.crc32(forged))
        Path(path + ".cache").write_bytes(data[: -TRAILER.size - length] + forged + trailer)
        assert_holds(opened(path))
        place["start"] = before


def test_what_is_written_is_read() -> None:
    file = io.BytesIO()
    writer = CacheWriter(file, INFO)
    writer.rows.add(features())
    writer.add_files(NAMES, np.arange(5), bytes(range(32)), STATES)
    writer.finish(INFO, Stamp(4, 5, 6), after=(7, 8))
    cache = CacheFile(file.getvalue())
    assert (cache.info, cache.csv, cache.after) == (INFO, Stamp(4, 5, 6), (7, 8))
    assert cache.identity[0] == len(file.getvalue())
    assert cache.names.decode(0, 4) == NAMES
    assert cache.lines.tolist() == list(range(5))
    assert cache.line_digests.tobytes() == bytes(range(32))
    assert cache.states.tolist() == [list(state[:3]) for state in STATES]
    assert cache.digests.tobytes() == b"".join(state.digest for state in STATES)
    np.testing.assert_array_equal(cache.rows.rows(0, 4), features())
    assert cache.is_whole(with_features=True)


def test_damage_to_the_vectors_alone_is_seen_when_they_are_checked() -> None:
    file = io.BytesIO()
    writer = CacheWriter(file, INFO)
    writer.rows.add(features())
    writer.add_files(NAMES, np.arange(5), bytes(range(32)), STATES)
    writer.finish(INFO, Stamp(4, 5, 6))
    data = bytearray(file.getvalue())
    place = CacheFile(bytes(data)).rows.contents["chunks"][0]
    data[place["start"] + place["size"] - 1] ^= 1
    assert CacheFile(bytes(data)).is_whole(with_features=False)
    assert not CacheFile(bytes(data)).is_whole(with_features=True)
