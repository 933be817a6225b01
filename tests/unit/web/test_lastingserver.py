"""The serving process is started anew as long as the service is not told to end, after pauses that grow."""

import subprocess
from typing import Any

import pytest

from src.errors import ExpectedError
from src.web import lastingserver
from src.web.lastingserver import LastingServer
from tests.programs import PYTHON, ROOT


class Clock:
    """Stands for what wakes the server, and for the time that passes meanwhile."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.pauses.append(seconds)

    def clear(self) -> None:
        pass


class Lives(LastingServer):
    """Has serving processes that live for so many seconds; it is interrupted while there is the last one."""

    def __init__(self, clock: Any, *lives: float) -> None:
        self.interrupt_signal = False
        self.interrupt_children = [0]
        self.main_loop_interrupt = self.clock = clock
        self.lives = list(lives)

    def serve(self, *_: object, **__: object) -> None:
        self.clock.now += self.lives.pop(0)
        self.interrupt_signal = not self.lives
        raise SystemExit(1)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(lastingserver, "time", clock)
    return clock


def test_pauses_grow_until_a_process_lasts(clock: Clock) -> None:
    server = Lives(clock, *[1.0] * 8, 60.0, 1.0, 1.0)
    server.keep_serving(object, has_answered=lambda: True)
    assert clock.pauses == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0, 0.1, 0.2]
    assert not server.lives


def test_a_service_that_never_answers_ends(clock: Clock) -> None:
    server = Lives(clock, *[1.0] * 3)
    with pytest.raises(ExpectedError, match="has ended twice"):
        server.keep_serving(object, has_answered=lambda: False)
    assert len(server.lives) == 1


STUCK = """
import threading, time
from src.web.lastingserver import LastingServer
from tests.programs import PYTHON, ROOT
server = LastingServer.__new__(LastingServer)
server.main_loop_interrupt = threading.Event()
with server.main_loop_interrupt._cond:
    server.signal_handler_interrupt()
    time.sleep(20)
"""


def test_a_signal_ends_it_even_while_its_loop_is_stuck() -> None:
    assert subprocess.run([*PYTHON, "-c", STUCK], cwd=ROOT, timeout=10, check=False).returncode == 0
