"""Rows of bytes of both forms: the blocks of networks, and thumbnails."""

import io

import numpy as np
import pytest
from numpy.typing import NDArray

from src.comparing import byterows
from src.comparing.byterows import ByteRows, ByteWriter
from src.comparing.correlation import CORRELATION
from src.comparing.meancosine import MEAN_COSINE
from src.comparing.wholenumbers import Form
from src.searching.neighbours import Neighbours

Vectors = NDArray[np.float32]


@pytest.fixture(
    params=[(MEAN_COSINE, 1280), (MEAN_COSINE, 3840), (CORRELATION, 576)], ids=["one", "three", "thumbnail"]
)
def kind(request: pytest.FixtureRequest) -> tuple[Form, int]:
    made: tuple[Form, int] = request.param
    return made


def written(form: Form, rows: Vectors) -> ByteRows:
    file = io.BytesIO()
    writer = ByteWriter(form, file, rows.shape[1])
    writer.add(rows)
    contents = writer.finish()
    return ByteRows(form, memoryview(file.getvalue()), contents)


def whole(count: int, dimension: int, seed: int = 0) -> Vectors:
    """Return rows some of which are near each other, equal, plain, empty in part, or as large as can be."""
    random = np.random.default_rng(seed)
    base = 255 * random.random((10, dimension)) ** 4
    rows = random.dirichlet(np.full(10, 0.3), count) @ base + random.normal(0, 3, (count, dimension))
    rows[:7] = np.array([0, 1, 7, 255, 128, 129, 130])[:, None]
    rows[6, ::2] += 3.9
    rows[7:9, : dimension // 3] = 0
    rows[9] = 255 - rows[10]
    rows[11:20] = rows[20:29]
    rows[30] = 255 * (np.arange(dimension) % 2)
    rows[31] = 255 - rows[30]
    numbers: Vectors = np.abs(np.clip(np.rint(rows), 0, 255)).astype(np.float32)  # without -0.0
    return numbers


def test_rows_come_back_as_they_were(kind: tuple[Form, int]) -> None:
    form, dimension = kind
    rows = whole(60, dimension)
    found = written(form, rows)
    assert found.is_whole()
    assert found.rows(0, 60).tobytes() == rows.tobytes()
    assert found.take([59, 0]).dtype == np.float32
    assert found.rows(4, 4).shape == (0, dimension)


def test_no_bound_exceeds_the_distance_and_distances_are_those_of_the_definition(kind: tuple[Form, int]) -> None:
    form, dimension = kind
    rows = whole(200, dimension)
    found = written(form, rows)
    queries = [*rows[:34], *whole(40, dimension, seed=1)[30:]]
    comparisons = [found.compare(query) for query in queries]
    many = np.empty((len(queries), len(rows)), np.float32)
    found.bound_many(comparisons, range(1), many)
    everything = np.arange(len(rows))
    for query, comparison, bounds in zip(queries, comparisons, many, strict=True):
        exact = form.between(rows, query)
        assert comparison.distances(everything).tolist() == exact.tolist()
        assert (bounds <= exact).all()
        single = np.empty(len(rows), np.float32)
        comparison.bound(range(1), single)
        assert (single <= exact).all()
        comparison.bound_closer(0, everything, single)
        assert (single <= exact).all()
        assert (comparison.approximate(everything) <= np.vectorize(comparison.widened)(exact)).all()


@pytest.mark.parametrize("limit", [1, 3, 40, 1000])
@pytest.mark.parametrize("furthest", [np.inf, 0.07, 0.0])
def test_the_nearest_are_those_of_comparing_with_all(kind: tuple[Form, int], limit: int, furthest: float) -> None:
    form, dimension = kind
    rows = whole(400, dimension)
    neighbours = Neighbours(written(form, rows))
    queries = [*rows[:12], *rows[28:34], *whole(36, dimension, seed=1)[30:]]
    many = neighbours.nearest_of_many(queries, limit, furthest)
    for query, of_many in zip(queries, many, strict=True):
        distances = form.between(rows, query)
        wanted = np.argsort(distances, kind="stable")[:limit]
        wanted = wanted[distances[wanted] <= furthest]
        for found, found_distances in (neighbours.nearest(query, limit, furthest), of_many):
            assert found.tolist() == wanted.tolist()
            assert found_distances.tolist() == distances[wanted].tolist()


def test_many_queries_are_compared_with_a_few_rows_at_a_time(
    kind: tuple[Form, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    form, dimension = kind
    rows = whole(200, dimension)
    whole_bounds, bounds = np.empty((2, 5, 200), np.float32)
    found = written(form, rows)
    found.bound_many([found.compare(query) for query in rows[:5]], range(1), whole_bounds)
    monkeypatch.setattr(byterows, "ROWS_FOR_MANY", 64)
    monkeypatch.setattr(byterows, "ROWS_FOR_ONE", 48)
    found.bound_many([found.compare(query) for query in rows[:5]], range(1), bounds)
    assert bounds.tolist() == whole_bounds.tolist()
    found.compare(rows[4]).bound(range(1), bounds[0])
    assert bounds[0].tolist() == whole_bounds[4].tolist()


def test_rows_of_another_layout_or_of_no_whole_blocks_are_refused() -> None:
    for contents in ({"dimension": 1280, "layout": "dense"}, {"dimension": 1281, "layout": "bytes"}):
        with pytest.raises(ValueError, match="another layout|no whole blocks"):
            ByteRows(MEAN_COSINE, memoryview(b""), {**contents, "chunks": []})
