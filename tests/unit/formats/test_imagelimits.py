"""Limits of a picture, and the memory that threads share."""

import threading
import time

import pytest

from src.errors import UnreadableImage
from src.formats.imagelimits import Limits, MemoryBudget
from src.formats.reading import Reading


def reserve_in_thread(budget: MemoryBudget, nbytes: int, log: list[int], release: threading.Event) -> threading.Thread:
    def work() -> None:
        with budget.reserve(nbytes):
            log.append(nbytes)
            release.wait(10)

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(0.05)
    return thread


def test_what_fits_is_served_at_once() -> None:
    budget = MemoryBudget(100)
    with budget.reserve(60), budget.reserve(40):
        pass


def test_what_does_not_fit_waits_until_memory_is_free() -> None:
    budget, release = MemoryBudget(100), threading.Event()
    log: list[int] = []
    first = reserve_in_thread(budget, 60, log, release)
    second = reserve_in_thread(budget, 50, log, release)
    assert log == [60]
    release.set()
    first.join(10)
    second.join(10)
    assert log == [60, 50]


def test_one_giant_is_served_alone() -> None:
    budget, release = MemoryBudget(100), threading.Event()
    log: list[int] = []
    small = reserve_in_thread(budget, 10, log, release)
    giant = reserve_in_thread(budget, 1000, log, release)
    assert log == [10]
    release.set()
    small.join(10)
    giant.join(10)
    assert log == [10, 1000]


def test_small_ones_do_not_overtake_a_waiting_giant() -> None:
    budget, release = MemoryBudget(100), threading.Event()
    log: list[int] = []
    threads = [reserve_in_thread(budget, nbytes, log, release) for nbytes in (60, 90, 10)]
    assert log == [60]
    release.set()
    for thread in threads:
        thread.join(10)
    assert log == [60, 90, 10]


def test_whoever_fails_gives_the_memory_back() -> None:
    budget = MemoryBudget(100)
    for _ in range(3):
        with pytest.raises(RuntimeError), budget.reserve(100):
            raise RuntimeError


@pytest.mark.parametrize("size", [(0, 10), (10, 0), (-5, 10), (10, -5)])
def test_a_picture_without_pixels_is_damaged(size: tuple[int, int]) -> None:
    with pytest.raises(UnreadableImage) as caught:
        Limits(Reading(100), None, 1000).check(*size, 24)
    assert caught.value.kind == "damaged"


def test_the_limit_is_inclusive_and_names_both_numbers() -> None:
    limits = Limits(Reading(100), None, 10**9)
    limits.check(10_000, 10_000, 24)
    with pytest.raises(UnreadableImage, match=r"10000 x 10010 is 100\.1 megapixels; the limit is 100"):
        limits.check(10_000, 10_010, 24)


def test_slow_decoders_have_a_lower_limit() -> None:
    limits = Limits(Reading(100), None, 10**9)
    limits.check(1000, 2000, 24, slow=True)
    with pytest.raises(UnreadableImage, match="slow"):
        limits.check(1000, 2001, 24, slow=True)


def test_large_pictures_must_not_swell_too_much() -> None:
    Limits(Reading(100), None, 200_000).check(6000, 6000, 8)
    # A blank scan of a whole page, black and white, is none: the bits count, not the pixels.
    Limits(Reading(100), None, 20_000).check(6000, 9000, 1)
    with pytest.raises(UnreadableImage, match="bomb"):
        Limits(Reading(100), None, 60_000).check(6000, 6000, 8)


def test_room_within_room_does_not_wait_for_itself() -> None:
    limits = Limits(Reading(100), MemoryBudget(1), 10**9)
    with limits.room(3000, 3000, 24), limits.room(3000, 3000, 24):
        pass
