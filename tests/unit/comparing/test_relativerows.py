import io
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from src.comparing.mergetables import HSV, HSV_BINS, ROOT
from src.comparing.relativechisquared import relative_chi_squared
from src.comparing.relativerows import RelativeRows
from src.comparing.sparserows import FEWEST_TOGETHER
from src.comparing.sparsewriter import SparseWriter
from src.searching.neighbours import Neighbours

Vectors = NDArray[np.float32]


def written(rows: Vectors, descriptor: str = ROOT) -> RelativeRows:
    file = io.BytesIO()
    writer = SparseWriter(file, rows.shape[1], descriptor)
    writer.add(rows)
    contents = writer.finish()
    return RelativeRows(memoryview(file.getvalue()), contents)


def photo_like(count: int, seed: int, dimension: int = HSV_BINS) -> Vectors:
    """Sums of rows differ a thousandfold; a third of the rows are near to others, and some are copies."""
    random = np.random.default_rng(seed)
    rows = random.random((count, dimension)) ** 3 * (random.random((count, dimension)) < 0.23)
    rows *= 10 ** random.uniform(-1.5, 1.5, (count, 1))
    third = count // 3
    rows[-third:] = rows[:third] * random.uniform(0.9, 1.1, (third, dimension))
    rows[::17] = rows[0]
    return rows.astype(np.float32)


def bounds_of(rows: RelativeRows, query: Vectors) -> Iterator[tuple[str, NDArray[np.float32]]]:
    comparison, chunks = rows.compare(query), range(len(rows.chunks))
    bounds, many = np.empty(len(rows), np.float32), np.empty((2, len(rows)), np.float32)
    with np.errstate(over="ignore"):  # far below 0
        comparison.bound(chunks, bounds)
        yield "coarse", bounds
        comparison.bound_closer(0, np.arange(len(rows)), bounds)
        yield "fine", bounds
        rows.bound_many([comparison, comparison], chunks, many)
        yield "roots", many[1]


@pytest.mark.parametrize("dimension", [1, 2, 23, 193, 1440, 4000])
@pytest.mark.parametrize("scale", [1e-38, 1e-20, 1e-6, 1, 300, 1e14])
def test_no_bound_exceeds_the_distance(dimension: int, scale: float) -> None:
    vectors = photo_like(80, 1, dimension) * np.float32(scale)
    vectors[5] = 0
    rows = written(vectors, "")
    for query in (*vectors[:10], *(photo_like(5, 2, dimension) * np.float32(scale)), np.zeros(dimension, np.float32)):
        distances = relative_chi_squared(vectors, query)
        for name, bounds in bounds_of(rows, query):
            assert (bounds.astype(np.float64) <= distances).all(), name


# From the smallest float32 there is to sums that bounds are no longer used for.
numbers = st.one_of(
    st.just(0.0), st.floats(2**-149, 2**-100, width=32), st.floats(2**-40, 2.0, width=32), st.just(1e14), st.just(9e17)
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(numbers, numbers), max_size=30), st.integers(0, 2**32 - 1), st.sampled_from([HSV, ROOT]))
def test_no_bound_exceeds_the_distance_whatever_the_numbers(
    pairs: list[tuple[float, float]], seed: int, descriptor: str
) -> None:
    row, query = np.zeros((2, HSV_BINS), np.float32)
    places = np.random.default_rng(seed).choice(HSV_BINS, len(pairs), replace=False)
    if pairs:
        row[places], query[places] = zip(*pairs, strict=True)
    rows, exact = written(row[None], descriptor), float(relative_chi_squared(row, query))
    for name, bounds in bounds_of(rows, query):
        assert float(bounds[0]) <= exact, name
    comparison = rows.compare(query)
    (approximate,) = comparison.approximate(np.arange(1))
    # What widens a k-th distance allows for it and for the row that is compared with it.
    assert abs(approximate - exact) <= (comparison.widened(exact) - exact) / 2


def test_bounds_are_close_enough_to_be_of_use() -> None:
    vectors, query = photo_like(400, 3), photo_like(3, 4)[1]
    distances = relative_chi_squared(vectors, query)
    means = {name: float((bounds / distances).mean()) for name, bounds in bounds_of(written(vectors), query)}
    assert means["coarse"] > 0.1
    assert means["fine"] > means["roots"] > 0.2


@pytest.mark.parametrize("unusual", [3e38, 2e18])
def test_rows_and_queries_of_sums_too_large_for_bounds_are_compared_in_full(unusual: float) -> None:
    vectors = photo_like(300, 5)
    vectors[7, 3] = vectors[8, 4] = vectors[9, 3] = unusual
    rows, zeros = written(vectors), np.zeros(HSV_BINS, np.float32)
    for query in (vectors[7], vectors[20], zeros):
        for _, bounds in bounds_of(rows, query):
            assert (bounds[7:10] == -np.inf).all()
    assert_found_as_by_comparing_with_all(vectors, [vectors[7], vectors[20], zeros], limit=5)
    assert_found_as_by_comparing_with_all(vectors, [vectors[20], zeros], limit=5)


@pytest.mark.parametrize("limit", [1, 3, 40, 1000])
def test_the_nearest_are_those_of_comparing_with_all_ties_and_zeros_included(limit: int) -> None:
    vectors = photo_like(600, 6)
    vectors[[3, 99, 400]] = 0
    vectors[300:340] = vectors[300] * np.float32(2) ** np.arange(40, dtype=np.float32)[:, None] % np.float32(7)
    queries = [*vectors[:5], *vectors[300:303], *photo_like(3, 7), np.zeros(HSV_BINS, np.float32)]
    assert_found_as_by_comparing_with_all(vectors, queries, limit)


def assert_found_as_by_comparing_with_all(vectors: Vectors, queries: list[Vectors], limit: int) -> None:
    neighbours = Neighbours(written(vectors))
    enough = (queries * FEWEST_TOGETHER)[: FEWEST_TOGETHER + len(queries)]
    many = neighbours.nearest_of_many(enough, limit)
    for query, of_few, of_many in zip(queries, neighbours.nearest_of_many(queries, limit), many, strict=False):
        distances = relative_chi_squared(vectors, query)
        wanted = np.argsort(distances, kind="stable")[:limit]
        for found, found_distances in (neighbours.nearest(query, limit), of_few, of_many):
            assert found.tolist() == wanted.tolist()
            assert found_distances.tolist() == distances[wanted].tolist()
