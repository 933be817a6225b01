import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from src.comparing.lowerbounds import coarse_bounds, fine_bounds, make_columns, make_query, root_bounds
from src.comparing.mergedbins import merging
from src.distance import chi_squared


def all_bounds(rows: NDArray[np.float32], query: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
    how = merging(rows.shape[1])
    half_sums, coarse, fine = make_columns(rows, how)
    merged = make_query(query, how)
    assert merged is not None
    by_coarse, by_roots = np.empty(len(rows), np.float32), np.empty((1, len(rows)), np.float32)
    coarse_bounds(merged, coarse, half_sums, by_coarse, np.empty(coarse.shape, np.float32))
    root_bounds([merged], fine, half_sums, by_roots)
    return {"coarse": by_coarse, "fine": fine_bounds(merged, fine, half_sums), "roots": by_roots[0]}


def photo_like(count: int, seed: int, dimension: int = 1440) -> NDArray[np.float32]:
    """About a quarter of the bins filled, few of them with much; some of the rows near to each other."""
    random = np.random.default_rng(seed)
    rows = random.random((count, dimension)) ** 6 * (random.random((count, dimension)) < 0.23)
    rows[count // 2 :] = rows[: count - count // 2] * random.uniform(0.8, 1.2, (count - count // 2, dimension))
    return rows.astype(np.float32)


@pytest.mark.parametrize("dimension", [1, 2, 23, 191, 193, 512, 1440, 4000])
@pytest.mark.parametrize("scale", [1e-38, 1e-20, 1e-6, 1, 300, 1e14])
def test_no_bound_exceeds_the_distance(dimension: int, scale: float) -> None:
    rows = photo_like(80, 1, dimension) * np.float32(scale)
    for query in (*rows[:10], *(photo_like(5, 2, dimension) * np.float32(scale)), np.zeros(dimension, np.float32)):
        distances = chi_squared(rows, query)
        for name, bounds in all_bounds(rows, query).items():
            assert (bounds.astype(np.float64) <= distances).all(), name


# From the smallest float32 there is to sums of nearly the largest that bounds are used for.
numbers = st.one_of(
    st.just(0.0), st.floats(2**-149, 2**-100, width=32), st.floats(2**-40, 2.0, width=32), st.just(1e14)
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=30), st.integers(0, 2**32 - 1))
def test_no_bound_exceeds_the_distance_whatever_the_numbers(pairs: list[tuple[float, float]], seed: int) -> None:
    row, query = np.zeros((2, 1440), np.float32)
    places = np.random.default_rng(seed).choice(1440, len(pairs), replace=False)
    row[places], query[places] = zip(*pairs, strict=True)
    distance = chi_squared(row, query)
    for name, bounds in all_bounds(row[None], query).items():
        assert float(bounds[0]) <= distance, name


def test_bounds_are_close_enough_to_be_of_use() -> None:
    rows, query = photo_like(400, 3), photo_like(1, 4)[0]
    distances = chi_squared(rows, query)
    bounds = all_bounds(rows, query)
    # These vectors have no neighbouring colours to be merged as those of photos have.
    assert (bounds["coarse"] / distances).mean() > 0.1
    assert (bounds["fine"] / distances).mean() > 0.4
    assert (bounds["roots"] / distances).mean() > 0.3
    assert (bounds["roots"] <= bounds["fine"] + 1e-3).all()


def test_a_vector_that_shares_no_colour_is_bounded_by_its_full_distance() -> None:
    rows = np.zeros((1, 1440), np.float32)
    query = np.zeros(1440, np.float32)
    rows[0, 0], query[1439] = 0.75, 0.5
    for bounds in all_bounds(rows, query).values():
        assert bounds[0] == pytest.approx(0.5 * (0.75 + 0.5), abs=1e-4)


def test_rows_that_bounds_do_not_hold_for_are_always_within_reach() -> None:
    rows = photo_like(6, 5)
    rows[0, 7], rows[1, 7], rows[2, 7], rows[3, 7], rows[4, 7] = 3e38, 2e18, np.inf, np.nan, -1
    for bounds in all_bounds(rows, photo_like(1, 6)[0]).values():
        assert (bounds[:5] == -np.inf).all()
        assert bounds[5] > 0


def test_no_bound_is_made_for_a_query_of_huge_numbers() -> None:
    assert make_query(np.full(1440, 1e30, np.float32), merging(1440)) is None


def test_every_bin_is_merged_into_one_coarse_and_one_fine_bin() -> None:
    for dimension, coarse, fine in [(1440, 24, 192), (2_500, 24, 192), (100, 24, 100), (3, 3, 3)]:
        how = merging(dimension)
        assert (how.coarse, how.fine) == (coarse, fine)
        _, by_coarse, by_fine = how.merge(np.eye(dimension, dtype=np.float32))
        assert (by_coarse.sum(axis=1) == 1).all()
        assert (by_fine.sum(axis=1) == 1).all()
