import numpy as np
import pytest

from src.evaluating.measures import average_precision, intervals, precision


def hits(text: str) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    return np.array([letter == "x" for letter in text])


@pytest.mark.parametrize(
    ("ranking", "cutoff", "wanted"),
    [("x..", 1, 1), (".x.x", 3, 1 / 3), ("xx", 3, 2 / 3), ("xx........x", 10, 0.2), ("", 10, 0)],
)
def test_precision_is_a_share_of_the_cutoff_even_where_less_is_ranked(ranking: str, cutoff: int, wanted: float) -> None:
    assert precision(hits(ranking), cutoff) == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("ranking", "relevant", "wanted"),
    [
        ("xx..", 2, 1),
        ("x.x.x.", 3, (1 + 2 / 3 + 3 / 5) / 3),  # an example of Manning et al.
        ("..x", 1, 1 / 3),
        (".x", 2, 1 / 4),  # one of the two is not ranked
        ("....", 2, 0),
    ],
)
def test_average_precision_is_the_mean_precision_at_the_ranks_of_what_is_relevant(
    ranking: str, relevant: int, wanted: float
) -> None:
    assert average_precision(hits(ranking), relevant) == pytest.approx(wanted)


def test_average_precision_of_the_first_ranks_can_be_perfect() -> None:
    assert average_precision(hits("xxx..x"), 4, depth=3) == 1
    assert average_precision(hits("x..xxx"), 4, depth=3) == pytest.approx(1 / 3)
    assert average_precision(hits("x.x..."), 2, depth=3) == pytest.approx((1 + 2 / 3) / 2)


def test_an_interval_holds_the_mean_and_is_as_wide_as_theory_says() -> None:
    random = np.random.default_rng(5)
    differences = random.normal(0.1, 0.5, (400, 2))
    for column, (mean, low, high) in enumerate(intervals(differences)):
        assert mean == pytest.approx(differences[:, column].mean())
        # The normal approximation: 1.96 standard errors each way.
        wide = 1.96 * differences[:, column].std() / 20
        assert low == pytest.approx(mean - wide, abs=0.15 * wide)
        assert high == pytest.approx(mean + wide, abs=0.15 * wide)


def test_intervals_are_the_same_in_every_run_and_empty_where_nothing_differs() -> None:
    differences = np.random.default_rng(6).random((50, 3))
    assert intervals(differences) == intervals(differences)
    assert intervals(np.zeros((7, 1))) == [(0, 0, 0)]
