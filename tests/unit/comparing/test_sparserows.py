import io
import json
import mmap
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from src.comparing.chunks import CHUNK_ROWS
from src.comparing.sparserows import MOST_UNPACKED
from src.comparing.sparserows import SparseRows as Features
from src.comparing.sparsewriter import SparseWriter as FeatureWriter


def written(*blocks: NDArray[np.float32], dimension: int = 1440, before: bytes = b"") -> Features:
    file = io.BytesIO()
    file.write(before)
    writer = FeatureWriter(file, dimension)
    for block in blocks:
        writer.add(block)
    contents = json.loads(json.dumps(writer.finish()))
    return Features(memoryview(file.getvalue()), contents)


def sparse(count: int, dimension: int = 1440, seed: int = 0) -> NDArray[np.float32]:
    random = np.random.default_rng(seed)
    return (random.random((count, dimension)) * (random.random((count, dimension)) < 0.23)).astype(np.float32)


def same_bits(a: NDArray[np.float32], b: NDArray[np.float32]) -> bool:
    return a.shape == b.shape and a.tobytes() == b.tobytes()


@pytest.mark.parametrize("dimension", [1, 7, 31, 32, 33, 1440])
def test_rows_come_back_bit_for_bit(dimension: int) -> None:
    rows = sparse(50, dimension)
    rows[3] = 0
    rows[4] = 1
    rows[5, 0], rows[6, 0], rows[7, 0], rows[8, 0] = -0.0, 1e-45, 3.4e38, np.nan
    features = written(rows[:20], rows[20], rows[21:], dimension=dimension, before=b"something else")
    assert len(features) == 50
    assert same_bits(features.rows(0, 50), rows)
    assert same_bits(features.rows(17, 23), rows[17:23])
    assert all(same_bits(features.row(number), rows[number]) for number in range(50))
    assert same_bits(features.take([49, 3, 3, 0]), rows[[49, 3, 3, 0]])


def test_rows_of_several_chunks_come_back() -> None:
    rows = sparse(2 * CHUNK_ROWS + 5, 40)
    features = written(rows, dimension=40)
    assert [len(chunk.columns.half_sums) for chunk in features.chunks] == [CHUNK_ROWS, CHUNK_ROWS, 5]
    assert same_bits(features.rows(0, len(rows)), rows)
    assert same_bits(features.take([2 * CHUNK_ROWS + 4, 0, CHUNK_ROWS]), rows[[2 * CHUNK_ROWS + 4, 0, CHUNK_ROWS]])


def test_no_rows_can_be_kept_too() -> None:
    features = written()
    assert len(features) == 0
    assert features.rows(0, 0).shape == (0, 1440)
    assert features.is_whole()


def test_stored_rows_can_be_written_again_without_decoding() -> None:
    rows, inserted = sparse(CHUNK_ROWS + 100, 40), sparse(1, 40, seed=9)
    old = written(rows, dimension=40)
    file = io.BytesIO()
    writer = FeatureWriter(file, 40)
    for part in old.stored(0, 10):
        writer.add_stored(part)
    writer.add(inserted)
    for part in old.stored(10, len(rows)):
        writer.add_stored(part)
    contents = writer.finish()
    new = Features(memoryview(file.getvalue()), contents)
    wanted = np.concatenate([rows[:10], inserted, rows[10:]])
    assert new.is_whole()
    assert same_bits(new.rows(0, len(wanted)), wanted)
    straight = written(wanted, dimension=40)
    for chunk, other in zip(new.chunks, straight.chunks, strict=True):
        assert all(a.tobytes() == b.tobytes() for a, b in zip(chunk.columns, other.columns, strict=True))  # type: ignore
        assert bytes(chunk.packed) == bytes(other.packed)


def test_rows_stay_readable_when_more_are_read_than_are_kept_in_memory(tmp_path: Path) -> None:
    rows = sparse(MOST_UNPACKED + 500, 64)
    with (tmp_path / "features").open("w+b") as file:
        writer = FeatureWriter(file, 64)
        writer.add(rows)
        contents = writer.finish()
        file.flush()
        features = Features(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), contents)
    for _ in range(3):
        assert same_bits(features.rows(0, len(rows)), rows)
        assert same_bits(features.row(77), rows[77])


def test_a_changed_byte_is_noticed_wherever_it_is() -> None:
    file = io.BytesIO()
    writer = FeatureWriter(file, 1440)
    writer.add(sparse(20))
    contents, data = writer.finish(), bytearray(file.getvalue())
    assert Features(memoryview(bytes(data)), contents).is_whole()
    for place in range(0, len(data), 97):
        data[place] ^= 1
        assert not Features(memoryview(bytes(data)), contents).is_whole()
        data[place] ^= 1


def test_contents_that_do_not_fit_the_file_are_refused() -> None:
    file = io.BytesIO()
    writer = FeatureWriter(file, 1440)
    writer.add(sparse(20))
    contents, data = writer.finish(), file.getvalue()
    with pytest.raises(ValueError, match="beyond the end"):
        Features(memoryview(data[:-1]), contents)
    with pytest.raises(ValueError, match="another table"):
        Features(memoryview(data), contents | {"merging": 1})
    with pytest.raises(ValueError, match="other lengths"):
        Features(memoryview(data), contents | {"chunks": contents["chunks"] * 2})


def test_a_row_takes_about_a_third_of_what_it_takes_dense() -> None:
    file = io.BytesIO()
    writer = FeatureWriter(file, 1440)
    writer.add(sparse(300))
    writer.finish()
    assert len(file.getvalue()) / 300 < 2050
