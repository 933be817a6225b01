"""Clocks of describing that tick ten times as fast, in both processes: what is noticed by a tick is noticed at once."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from src import describer, workerprocess
from src.describing import apart, clock, link, workqueue

TICK_SECONDS = 0.1
_TICKS = {"TICK_SECONDS": TICK_SECONDS, "LONGEST_TICK": 1.5 * TICK_SECONDS}


@contextmanager
def quick_clocks() -> Iterator[None]:
    """Have them tick so fast while the context lasts."""
    change = "".join(f"clock.{name} = {seconds}\n" for name, seconds in _TICKS.items())
    program = workerprocess.PROGRAM.replace("from ", f"from src.describing import clock\n{change}from ", 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workerprocess, "PROGRAM", program)
        patch.setattr(clock, "LONGEST_TICK", _TICKS["LONGEST_TICK"])
        for module in (apart, describer, link, workqueue):
            patch.setattr(module, "TICK_SECONDS", TICK_SECONDS)
        yield
