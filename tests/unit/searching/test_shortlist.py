import io

import numpy as np
import pytest
from numpy.typing import NDArray

from src.comparing.chisquared import chi_squared
from src.distance import by_name
from src.searching.shortlist import MOST_ROWS, Shortlist

ROWS = np.random.default_rng(0).random((3 * MOST_ROWS, 12), np.float32)
ROWS[600:700] = ROWS[:100]
QUERY = np.random.default_rng(1).random(12, np.float32)


def started(limit: int, furthest: float = np.inf) -> Shortlist:
    file = io.BytesIO()
    writer = by_name("chi-squared").new_writer(file, 12, "")
    writer.add(ROWS)
    contents = writer.finish()
    rows = by_name("chi-squared").open_rows(memoryview(file.getvalue()), contents)
    return Shortlist(rows.compare(QUERY), limit, furthest)


def wanted(rows: NDArray[np.intp], limit: int, furthest: float = np.inf) -> tuple[list[int], list[float]]:
    rows = np.sort(rows)
    distances = chi_squared(ROWS[rows], QUERY)
    order = np.argsort(distances, kind="stable")[:limit]
    order = order[distances[order] <= furthest]
    return rows[order].tolist(), distances[order].tolist()


@pytest.mark.parametrize("limit", [1, 5, 300, 2000])
def test_the_nearest_of_all_that_were_added_are_kept(limit: int) -> None:
    order = np.random.default_rng(2).permutation(len(ROWS))
    shortlist, added = started(limit), 0
    for size in (1, 16, 400, 351):
        shortlist.add(order[added : added + size])
        added += size
        rows, distances = shortlist.nearest()
        assert (rows.tolist(), distances.tolist()) == wanted(order[:added], limit)


def test_the_reach_is_that_of_the_limit_until_enough_rows_are_known_and_never_grows() -> None:
    shortlist = started(3)
    assert (shortlist.missing, shortlist.reach) == (3, np.float32(1e30))
    shortlist.add(np.array([0, 1]))
    assert (shortlist.missing, shortlist.reach) == (1, np.float32(1e30))
    reaches = []
    for row in range(2, 40):
        shortlist.add(np.array([row]))
        reaches.append(float(shortlist.reach))
        kth = np.sort(chi_squared(ROWS[: row + 1], QUERY))[2]
        assert reaches[-1] >= np.float32(kth)
        assert reaches[-1] == pytest.approx(kth, rel=1e-6)
    assert shortlist.missing == 0
    assert reaches == sorted(reaches, reverse=True)


def test_rows_beyond_the_largest_distance_are_not_kept() -> None:
    furthest = wanted(np.arange(50), 50)[1][20]
    shortlist = started(50, furthest)
    assert shortlist.reach == np.float32(furthest)
    shortlist.add(np.arange(50))
    rows, distances = shortlist.nearest()
    assert (rows.tolist(), distances.tolist()) == wanted(np.arange(50), 50, furthest)
    assert len(rows) == 21


def test_a_shortlist_of_nothing_has_no_nearest() -> None:
    rows, distances = started(3).nearest()
    assert len(rows) == len(distances) == 0
