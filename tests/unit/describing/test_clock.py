"""The clocks of reading and decoding, in this process; tests/unit/test_describer.py has whole workers."""

import threading
import time

import pytest

from src.describing.clock import DECODING, LONGEST_TICK, PATIENCE, READING, AwakeClock, Overdue, WatchedBudget
from src.imagereader import MemoryBudget


class Time:
    """A time that is what the test says."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Time:
    wall = Time()
    monkeypatch.setattr(time, "monotonic", wall.monotonic)
    return wall


def overdue(budget: WatchedBudget, wall: Time, seconds: int, decode: float = 5.0, read: float = 60.0) -> Overdue | None:
    """Look every second for so long; return what is overdue at the end."""
    found = None
    for _ in range(seconds):
        wall.now += 1
        found = budget.overdue(decode, read)
    return found


def test_time_in_which_the_process_stood_still_does_not_count(wall: Time) -> None:
    awake = AwakeClock()
    for passed in (1.0, 20.5, 3600.0, 1.0):
        wall.now += passed
        awake.tick()
    assert awake.seconds == 2 + 2 * LONGEST_TICK


def test_a_picture_that_computes_too_long_is_told_while_it_does(wall: Time) -> None:
    budget = WatchedBudget(10)
    assert overdue(budget, wall, 1) is None
    with budget.watched(7):
        assert budget.overdue(0.05, 60) is None
        end = time.thread_time() + 0.06
        while time.thread_time() < end:
            pass
        assert budget.overdue(0.05, 60) == Overdue(7, DECODING)
        assert budget.overdue(60, 60) is None
    assert budget.overdue(0, 0) is None


def test_a_decoder_that_waits_is_given_more_time_but_not_for_ever(wall: Time) -> None:
    budget = WatchedBudget(10)
    with budget.watched(7):
        assert overdue(budget, wall, 5 * PATIENCE - 1) is None
        assert overdue(budget, wall, 2) == Overdue(7, DECODING)


def test_a_file_is_overdue_when_nothing_has_come_for_long(wall: Time) -> None:
    budget = WatchedBudget(10)
    with budget.watched(7, READING):
        for _ in range(10):
            assert overdue(budget, wall, 59) is None
            budget.begin_anew()
        assert overdue(budget, wall, 61) == Overdue(7, READING)


def test_a_run_that_was_stopped_calls_nothing_overdue(wall: Time) -> None:
    budget = WatchedBudget(10)
    with budget.watched(7):
        wall.now += 3600
        assert overdue(budget, wall, 1) is None


def test_the_time_starts_anew_with_the_memory(wall: Time) -> None:
    budget = WatchedBudget(10)
    with budget.watched(7):
        assert overdue(budget, wall, 15) is None
        with budget.reserve(10):
            assert overdue(budget, wall, 15) is None


def test_waiting_for_memory_is_not_decoding(wall: Time) -> None:
    budget, has_begun, has_memory, may_end = WatchedBudget(10), *(threading.Event() for _ in range(3))

    def wait() -> None:
        with budget.watched(7):
            has_begun.set()
            with budget.reserve(10):
                has_memory.set()
                may_end.wait()

    waiting = threading.Thread(target=wait)
    with MemoryBudget.reserve(budget, 10):
        waiting.start()
        has_begun.wait()
        time.sleep(0.1)
        assert overdue(budget, wall, 100) is None
    has_memory.wait()
    assert overdue(budget, wall, 5 * PATIENCE + 1) == Overdue(7, DECODING)
    may_end.set()
    waiting.join()


def test_after_a_failure_nothing_is_overdue(wall: Time) -> None:
    budget = WatchedBudget(10)
    try:
        with budget.watched(7), budget.reserve(10):
            raise MemoryError
    except MemoryError:
        assert overdue(budget, wall, 1000) is None
