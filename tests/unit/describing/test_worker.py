"""The worker's clock and its memory, in this process; tests/unit/test_describer.py has whole workers."""

import time

from src.describing.worker import WatchedBudget


def test_a_picture_that_takes_too_long_is_told_while_it_does() -> None:
    budget = WatchedBudget(10)
    assert budget.overdue(0) is None
    with budget.watched(7):
        time.sleep(0.05)
        assert budget.overdue(0.01) == 7
        assert budget.overdue(60) is None
    assert budget.overdue(0) is None


def test_the_time_starts_anew_with_the_memory() -> None:
    budget = WatchedBudget(10)
    with budget.watched(7):
        time.sleep(0.2)
        with budget.reserve(10):
            assert budget.overdue(0.15) is None


def test_after_a_failure_nothing_is_overdue() -> None:
    budget = WatchedBudget(10)
    try:
        with budget.watched(7), budget.reserve(10):
            raise MemoryError
    except MemoryError:
        assert budget.overdue(0) is None
