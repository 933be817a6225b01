import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from src.comparing.chunks import CHUNK_ROWS
from src.comparing.sparserows import FEWEST_TOGETHER
from src.comparing.sparserows import SparseRows as Features
from src.comparing.sparsewriter import SparseWriter as FeatureWriter
from src.distance import chi_squared
from src.searching.neighbours import Neighbours, nearest_of_parts
from src.searching.shortlist import Found


def opened(rows: NDArray[np.float32], threads: int | None = None) -> Neighbours:
    file = io.BytesIO()
    writer = FeatureWriter(file, rows.shape[1])
    writer.add(rows)
    contents = writer.finish()
    return Neighbours(Features(memoryview(file.getvalue()), contents), threads)


def series(count: int, dimension: int = 1440, seed: int = 0, photos: int = 10) -> NDArray[np.float32]:
    """Rows as of series of similar photos: some near to each other, some the same, most far away."""
    random = np.random.default_rng(seed)
    base = random.random((photos, dimension)) ** 6 * (random.random((photos, dimension)) < 0.23)
    rows = base[random.integers(0, photos, count)]
    rows *= random.uniform(0.5, 1.5, rows.shape) ** random.integers(0, 3, (count, 1))
    return rows.astype(np.float32)


def slow_nearest(rows: NDArray[np.float32], query: NDArray[np.float32], limit: int, furthest: float) -> Found:
    distances = np.array([float(chi_squared(row, query)) for row in rows])
    order = np.argsort(distances, kind="stable")[:limit]
    order = order[distances[order] <= furthest]
    return order, distances[order]


def check(rows: NDArray[np.float32], queries: NDArray[np.float32], limit: int, furthest: float = np.inf) -> None:
    """All ways of asking must give the same rows and, to the last bit, the same distances as the slow way."""
    neighbours = opened(rows)
    few = neighbours.nearest_of_many(list(queries), limit, furthest)
    enough = (list(queries) * FEWEST_TOGETHER)[: FEWEST_TOGETHER + len(queries)]
    many = neighbours.nearest_of_many(enough, limit, furthest)
    for query, of_few, of_many in zip(queries, few, many, strict=False):
        wanted_rows, wanted_distances = slow_nearest(rows, query, limit, furthest)
        for found_rows, distances in (neighbours.nearest(query, limit, furthest), of_few, of_many):
            assert found_rows.tolist() == wanted_rows.tolist()
            assert distances.tolist() == wanted_distances.tolist()


@pytest.mark.parametrize("limit", [1, 3, 10, 299, 300, 1000])
def test_the_nearest_are_those_of_comparing_with_all(limit: int) -> None:
    rows = series(300)
    check(rows, np.concatenate([rows[:5], series(5, seed=1)]), limit)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 63, 64, 65, 500, 3000])
def test_any_number_of_rows_can_be_searched(count: int) -> None:
    rows = series(count)
    check(rows, np.concatenate([rows[:1], series(2, seed=1)]), 3)


@pytest.mark.parametrize("dimension", [1, 2, 31, 191, 200, 2000])
def test_vectors_of_any_length_can_be_searched(dimension: int) -> None:
    rows = series(400, dimension)
    check(rows, np.concatenate([rows[:3], series(3, dimension, seed=1)]), 5)


def test_ties_stand_in_the_order_of_the_index() -> None:
    rows = np.concatenate([series(200), series(200), series(200)[::-1], np.tile(series(1), (600, 1))])
    check(rows, rows[[5, 250, 599, 900]], 10)


def test_rows_beyond_the_largest_distance_are_left_out() -> None:
    rows = series(400)
    queries = np.concatenate([rows[:2], series(2, seed=1)])
    for furthest in (-1.0, 0.0, float(chi_squared(rows[9], queries[0])), 3.0, 1e300):
        check(rows, queries, 50, furthest)
        check(rows, queries, 3, furthest)


def test_rows_of_all_zeros_and_the_query_of_all_zeros() -> None:
    rows = series(300)
    rows[[4, 70, 299]] = 0
    check(rows, np.stack([np.zeros(1440, np.float32), rows[0]]), 5)
    check(np.zeros((100, 1440), np.float32), np.stack([np.zeros(1440, np.float32), rows[0]]), 5)


@pytest.mark.parametrize("scale", [1e-45, 1e-41, 1e-30, 1e-12, 1e-5, 1e5, 1e16, 1e20, 1e38])
def test_numbers_of_any_size_can_be_searched(scale: float) -> None:
    rows = series(300) * np.float32(scale)
    check(rows, np.concatenate([rows[:2], series(2, seed=1), series(2, seed=2) * np.float32(scale)]), 5)


def test_a_few_huge_numbers_among_common_ones() -> None:
    rows = series(300)
    rows[7] = 3.4e38
    rows[8, 100] = 3.4e38
    rows[9, 100] = 1.1e18
    check(rows, rows[[0, 7, 8, 9]], 12)


def test_negative_zero_is_zero() -> None:
    rows = np.where(series(300) == 0, np.float32(-0.0), series(300))
    check(rows, np.abs(rows[:3]), 5)


def test_differences_that_single_precision_cannot_tell_apart_decide() -> None:
    query = series(1)[0]
    step = np.zeros(1440, np.float32)
    step[np.argmax(query)] = np.spacing(query.max())
    rows = np.concatenate([series(500, seed=3), np.stack([query + 3 * step, query + 2 * step, query + step, query])])
    assert opened(rows).nearest(query, 4)[0].tolist() == [503, 502, 501, 500]
    check(rows, query[None], 4)


numbers = st.sampled_from([0.0, 0.0, 0.25, 0.5, 1.0, np.float32(1e-45), 1e-10, 1e18, 3e38])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(numbers, min_size=6, max_size=6), min_size=1, max_size=40), st.integers(1, 8))
def test_many_ties_and_odd_numbers(table: list[list[float]], limit: int) -> None:
    rows = np.array(table, np.float32)
    check(rows, rows[:2], limit)


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_threads_share_the_rows_of_many_chunks(threads: int) -> None:
    rows = series(2 * CHUNK_ROWS + 12_000, 24, photos=300)
    neighbours = opened(rows, threads)
    queries = np.concatenate([rows[[0, CHUNK_ROWS, len(rows) - 1]], series(20, 24, seed=1)])
    many = neighbours.nearest_of_many(list(queries), 7)
    for query, of_many in zip(queries, many, strict=True):
        distances = chi_squared(rows, query)
        wanted = np.argsort(distances, kind="stable")[:7]
        for found, found_distances in (neighbours.nearest(query, 7), of_many):
            assert found.tolist() == wanted.tolist()
            assert found_distances.tolist() == distances[wanted].tolist()


def test_rows_of_two_files_are_searched_as_those_of_one() -> None:
    rows = series(CHUNK_ROWS + 700, 24, photos=300)
    both = [opened(rows[: CHUNK_ROWS + 500]), opened(rows[CHUNK_ROWS + 500 :])]
    queries = rows[[0, CHUNK_ROWS + 1, CHUNK_ROWS + 499, CHUNK_ROWS + 500, len(rows) - 1]]
    for query, of_many in zip(queries, nearest_of_parts(both, list(queries), 9, np.inf), strict=True):
        distances = chi_squared(rows, query)
        wanted = np.argsort(distances, kind="stable")[:9].tolist()
        assert nearest_of_parts(both, [query], 9, np.inf)[0][0].tolist() == wanted == of_many[0].tolist()


def test_no_queries_have_no_answers() -> None:
    assert opened(series(10)).nearest_of_many([], 3) == []
