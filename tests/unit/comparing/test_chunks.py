"""What all kinds of rows have in common: the tests go through both kinds."""

import io
import json
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from src.comparing.chunks import ALIGNMENT, CHUNK_ROWS, ChunkedRows
from src.comparing.chunkwriter import ChunkWriter
from src.comparing.cosinerows import CosineRows, DenseWriter
from src.comparing.sparserows import SparseRows
from src.comparing.sparsewriter import SparseWriter

KINDS: list[tuple[type[ChunkWriter[Any]], type[ChunkedRows[Any]]]] = [
    (SparseWriter, SparseRows), (DenseWriter, CosineRows),
]  # fmt: skip


def rows_of(count: int, dimension: int = 6, seed: int = 0) -> NDArray[np.float32]:
    random = np.random.default_rng(seed)
    return (random.random((count, dimension)) * (random.random((count, dimension)) < 0.5)).astype(np.float32)


@pytest.fixture(params=KINDS, ids=["sparse", "dense"])
def kind(request: pytest.FixtureRequest) -> Any:
    return request.param


def written(kind: Any, rows: NDArray[np.float32], before: bytes = b"") -> tuple[bytes, dict[str, Any]]:
    file = io.BytesIO()
    file.write(before)
    writer = kind[0](file, rows.shape[1])
    writer.add(rows)
    contents = json.loads(json.dumps(writer.finish()))
    return file.getvalue(), contents


def opened(kind: Any, rows: NDArray[np.float32]) -> Any:
    data, contents = written(kind, rows)
    return kind[1](memoryview(data), contents)


def test_rows_are_the_same_however_they_are_added(kind: Any) -> None:
    rows = rows_of(CHUNK_ROWS + 700)
    wanted = written(kind, rows)
    for size in (1, 511, 4000):
        file = io.BytesIO()
        writer = kind[0](file, 6)
        for start in range(0, len(rows), size):
            writer.add(rows[start] if size == 1 else rows[start : start + size])
        assert (writer.finish(), file.getvalue()) == (wanted[1], wanted[0])
    np.testing.assert_array_equal(opened(kind, rows).rows(0, len(rows)), rows)


def test_the_table_of_contents_tells_where_each_chunk_lies(kind: Any) -> None:
    data, contents = written(kind, rows_of(CHUNK_ROWS + 3), before=b"what stands before")
    first, second = contents["chunks"]
    assert (contents["dimension"], first["rows"], second["rows"]) == (6, CHUNK_ROWS, 3)
    assert first["start"] % ALIGNMENT == second["start"] % ALIGNMENT == 0
    assert first["start"] + first["size"] <= second["start"] < second["start"] + second["size"] == len(data)
    found = kind[1](memoryview(data), contents)
    assert found.starts == [0, CHUNK_ROWS, CHUNK_ROWS + 3]
    assert found.is_whole()


def test_stored_rows_fill_the_same_chunks_as_new_ones(kind: Any) -> None:
    rows = rows_of(CHUNK_ROWS + 900)
    old, file = opened(kind, rows), io.BytesIO()
    writer = kind[0](file, 6)
    for start, stop in [(0, 1), (1, 200), (200, 200), (200, CHUNK_ROWS + 5), (CHUNK_ROWS + 5, len(rows))]:
        for block in old.stored(start, stop):
            writer.add_stored(block)
    contents = writer.finish()
    assert (file.getvalue(), contents) == written(kind, rows)


def test_a_block_is_cut_to_the_rows_that_there_are(kind: Any) -> None:
    (chunk,) = opened(kind, rows_of(10)).chunks
    assert [len(chunk), len(chunk.cut(3, 5)), len(chunk.cut(3, 99)), len(chunk.cut(3, 9).cut(1, 3))] == [10, 2, 7, 2]


def test_without_a_quicker_way_each_query_is_bounded_alone(kind: Any) -> None:
    found = opened(kind, rows_of(50))
    comparisons = [found.compare(query) for query in rows_of(3, seed=1)]
    bounds, alone = np.empty((2, 3, 50), np.float32)
    ChunkedRows.bound_many(found, comparisons, range(1), bounds)
    for comparison, own in zip(comparisons, alone, strict=True):
        comparison.bound(range(1), own)
    np.testing.assert_array_equal(bounds, alone)


def test_contents_that_do_not_fit_the_file_are_refused(kind: Any) -> None:
    data, contents = written(kind, rows_of(20))
    with pytest.raises(ValueError, match="beyond the end"):
        kind[1](memoryview(data[:-1]), contents)
    with pytest.raises(ValueError, match="other lengths"):
        kind[1](memoryview(data), contents | {"chunks": contents["chunks"] * 2})
    with pytest.raises(KeyError):
        kind[1](memoryview(data), {"dimension": 6})
    (chunk,) = contents["chunks"]
    # A hand-made table must not map what lies before the file in memory.
    for place in ({"start": -64}, {"start": -64, "size": chunk["size"] + 64}, {"size": -chunk["start"] - 1}):
        with pytest.raises(ValueError, match="before its start"):
            kind[1](memoryview(data), contents | {"chunks": [{**chunk, **place}]})
