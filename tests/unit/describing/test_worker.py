"""The worker's clock and its memory, in this process; tests/unit/test_describer.py has whole workers."""

import threading
import time

from src.describing.worker import WatchedBudget
from src.imagereader import MemoryBudget


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


def test_waiting_for_memory_is_not_decoding() -> None:
    budget, has_begun = WatchedBudget(10), threading.Event()

    def wait() -> None:
        with budget.watched(7):
            has_begun.set()
            with budget.reserve(10):
                time.sleep(0.3)

    waiting = threading.Thread(target=wait)
    with MemoryBudget.reserve(budget, 10):
        waiting.start()
        has_begun.wait()
        time.sleep(0.2)
        assert budget.overdue(0.1) is None
    time.sleep(0.2)
    assert budget.overdue(0.1) == 7
    waiting.join()


def test_after_a_failure_nothing_is_overdue() -> None:
    budget = WatchedBudget(10)
    try:
        with budget.watched(7), budget.reserve(10):
            raise MemoryError
    except MemoryError:
        assert budget.overdue(0) is None
