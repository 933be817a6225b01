"""Rankings of all rows: by estimates, and yet in the order of the definition."""

import io

import numpy as np
import pytest
from numpy.typing import NDArray

from src.distance import Rows, by_name
from src.searching.neighbours import ROWS_FOR_A_RANK, Neighbours, ranked_of_parts
from tests.unit.searching.test_neighbours import series


def rows_of(name: str, vectors: NDArray[np.float32]) -> Rows:
    file, distance = io.BytesIO(), by_name(name)
    writer = distance.new_writer(file, vectors.shape[1], "test")
    writer.add(vectors)
    contents = writer.finish()
    return distance.open_rows(memoryview(file.getvalue()), contents)


def check(name: str, vectors: NDArray[np.float32], queries: NDArray[np.float32], limit: int) -> None:
    wanted = [np.argsort(by_name(name).between(vectors, query), kind="stable")[:limit].tolist() for query in queries]
    for cuts in [], [1, 1, len(vectors) // 3, len(vectors) - 5]:
        parts = [Neighbours(rows_of(name, own), threads=2) for own in np.split(vectors, cuts)]
        assert [rows.tolist() for rows in ranked_of_parts(parts, list(queries), limit)] == wanted


@pytest.mark.parametrize("name", ["chi-squared", "relative-chi-squared", "cosine"])
@pytest.mark.parametrize("limit", [1, 700 // ROWS_FOR_A_RANK, 700, 1000])
def test_a_ranking_is_that_of_comparing_with_all(name: str, limit: int) -> None:
    vectors = series(700)
    vectors[::9] = vectors[5]
    check(name, vectors, np.concatenate([vectors[3:8], series(3, seed=1)]), limit)


@pytest.mark.parametrize("name", ["chi-squared", "relative-chi-squared"])
@pytest.mark.parametrize("scale", [1e-44, 1e-20, 1e-6, 1e6, 3e37])
def test_numbers_of_any_size_are_ranked(name: str, scale: float) -> None:
    vectors = (series(120, 60) * scale).astype(np.float32)
    vectors[::7] = series(120, 60)[::7]
    vectors[11:13] = 0
    check(name, vectors, np.concatenate([vectors[:4], vectors[11:12], series(2, 60, seed=1)]), 120)


@pytest.mark.parametrize("name", ["chi-squared", "relative-chi-squared"])
def test_what_estimates_cannot_tell_apart_is_decided_in_full(name: str) -> None:
    # Differences far below what the small number in the definition takes off each bin.
    vectors = np.repeat(series(1, 300), 80, axis=0)
    vectors[:, 7] = np.random.default_rng(3).permutation(80) * 1e-7 + 0.3
    vectors[40:50] = vectors[0]
    check(name, vectors, vectors[:6], 80)
    check(name, vectors, vectors[:6], 12)


def test_no_rows_and_no_queries_have_empty_rankings() -> None:
    assert ranked_of_parts([Neighbours(rows_of("chi-squared", series(5)))], [], 3) == []
    (found,) = ranked_of_parts([Neighbours(rows_of("chi-squared", series(0)))], list(series(1)), 3)
    assert found.tolist() == []
