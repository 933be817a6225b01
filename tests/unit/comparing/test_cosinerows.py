import io

import numpy as np
import pytest
from numpy.typing import NDArray

from src.comparing.cosine import cosine
from src.comparing.cosinerows import CosineRows, DenseWriter
from src.searching.neighbours import Neighbours


def written(rows: NDArray[np.float32]) -> CosineRows:
    file = io.BytesIO()
    writer = DenseWriter(file, rows.shape[1])
    writer.add(rows)
    contents = writer.finish()
    return CosineRows(memoryview(file.getvalue()), contents)


def signed(count: int, dimension: int = 48, seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)


def odd(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows and, before them, some that float32 cannot square: zeros, tiny and huge numbers."""
    return np.concatenate([np.zeros_like(rows[:1]), rows[:2] * np.float32(1e-40), rows[:2] * np.float32(1e37), rows])


def test_rows_come_back_bit_for_bit() -> None:
    rows = odd(signed(20))
    rows[5, 0], rows[6, 0] = -0.0, 1e-45
    found = written(rows)
    assert found.take([3, 0, 24]).tobytes() == rows[[3, 0, 24]].tobytes()
    assert found.rows(0, len(rows)).tobytes() == rows.tobytes()
    assert found.take([5])[0].tobytes() == rows[5].tobytes()
    assert found.rows(4, 4).shape == (0, 48)


@pytest.mark.parametrize("dimension", [1, 2, 48, 1000])
@pytest.mark.parametrize("scale", [1e-36, 1e-10, 1, 1e10, 1e34])
def test_no_bound_exceeds_the_distance(dimension: int, scale: float) -> None:
    rows = signed(100, dimension)
    rows[50:] = rows[:50] * np.float32(1.7) + signed(50, dimension, 1) * np.float32(1e-3)
    rows = odd(rows)
    rows[5:] *= np.float32(scale)
    found = written(rows)
    queries = [*rows[:8], *-rows[8:10], *signed(4, dimension, 2), np.zeros(dimension, np.float32)]
    bounds = np.empty((len(queries), len(found)), np.float32)
    found.bound_many([found.compare(query) for query in queries], range(1), bounds)
    for query, own in zip(queries, bounds, strict=True):
        assert (own.astype(np.float64) <= cosine(found.rows(0, len(found)), query)).all()


def test_bounds_are_close_to_the_distance() -> None:
    rows, query = signed(100), signed(1, seed=1)[0]
    bounds = np.empty(100, np.float32)
    written(rows).compare(query).bound(range(1), bounds)
    np.testing.assert_allclose(bounds, cosine(rows, query), atol=2e-5)


def test_distances_are_those_of_the_definition_and_need_no_widening() -> None:
    rows, query = signed(30), signed(1, seed=1)[0]
    comparison = written(rows).compare(query)
    some = np.array([4, 29, 0])
    assert (
        comparison.distances(some).tolist()
        == comparison.approximate(some).tolist()
        == cosine(rows[some], query).tolist()
    )
    assert comparison.widened(0.75) == 0.75


@pytest.mark.parametrize("limit", [1, 3, 40, 1000])
def test_the_nearest_are_those_of_comparing_with_all(limit: int) -> None:
    rows = odd(np.concatenate([signed(300), 2 * signed(20), signed(20)]))
    neighbours = Neighbours(written(rows))
    queries = [*rows[:7], *signed(5, seed=3)]
    many = neighbours.nearest_of_many(queries, limit)
    for query, of_many in zip(queries, many, strict=True):
        distances = cosine(rows, query)
        wanted = np.argsort(distances, kind="stable")[:limit]
        for found, found_distances in (neighbours.nearest(query, limit), of_many):
            assert found.tolist() == wanted.tolist()
            assert found_distances.tolist() == distances[wanted].tolist()


def test_rows_of_another_layout_are_refused() -> None:
    with pytest.raises(ValueError, match="another layout"):
        CosineRows(memoryview(b""), {"dimension": 3, "layout": "sparse", "chunks": []})
