"""Step 1, describe: how long pictures have been read and decoded, by clocks that stand still while the process does.

A wall clock goes on while a run is stopped (Ctrl-Z), the machine sleeps, or something else has the cores: by it,
sound pictures would be called too slow.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

from ..imagereader import MemoryBudget

# How often a watcher looks.
TICK_SECONDS = 1.0
# A longer gap between two ticks is one in which the process did not run.
LONGEST_TICK = 1.5
# A decoder that waits instead of computing is given this many times the seconds of one that computes: on a busy
# machine, a sound one has to wait as well.
PATIENCE = 4

READING, DECODING = "reading", "decoding"


class AwakeClock:
    """Counts the seconds in which this process was awake, if it is asked every `TICK_SECONDS`."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._asked = time.monotonic()

    def tick(self) -> float:
        """Count the time since the last tick; return how much that was."""
        now = time.monotonic()
        passed, self._asked = min(now - self._asked, LONGEST_TICK), now
        self.seconds += passed
        return passed


class Overdue(NamedTuple):
    """A picture that takes too long."""

    number: int
    doing: str
    """`READING` or `DECODING`."""


class _Stage(NamedTuple):
    """What a thread does to a picture, and what the clocks were when it began."""

    number: int
    doing: str
    awake: float
    clock: int | None
    """The clock of the thread's computing time, where the system has one."""
    computed: float


class WatchedBudget(MemoryBudget):
    """Memory that threads share, and since when each of them has been reading or decoding its picture.

    A `strict` one refuses a reservation above the whole, by MemoryError.
    """

    def __init__(self, total_bytes: int, *, strict: bool = False) -> None:
        super().__init__(total_bytes)
        self._most = total_bytes if strict else None
        self._stages: dict[int, _Stage] = {}
        self._awake = AwakeClock()

    @contextmanager
    def watched(self, number: int, doing: str = DECODING) -> Iterator[None]:
        """Time what this thread does to the picture of that number."""
        self._begin(number, doing)
        try:
            yield
        finally:
            self._stages.pop(threading.get_ident(), None)

    def begin_anew(self) -> None:
        """Let the time of this thread start anew: it has got on."""
        stage = self._stages[threading.get_ident()]
        self._begin(stage.number, stage.doing)

    @contextmanager
    def reserve(self, nbytes: int) -> Iterator[None]:
        """Hold memory as a `MemoryBudget` does. Waiting for it does not count: the time starts anew afterwards."""
        if self._most is not None and nbytes > self._most:
            raise MemoryError(nbytes)
        stage = self._stages.pop(threading.get_ident())
        with super().reserve(nbytes):
            self._begin(stage.number, stage.doing)
            yield

    def overdue(self, decode_seconds: float, read_seconds: float) -> Overdue | None:
        """Return a picture that takes too long; to be asked every `TICK_SECONDS`.

        Parameters
        ----------
        decode_seconds : float
            Of computing, or `PATIENCE` times that of waiting.
        read_seconds : float
            In which no byte has come.
        """
        self._awake.tick()
        for stage in list(self._stages.values()):
            waited = self._awake.seconds - stage.awake
            if stage.doing == READING:
                is_overdue = waited > read_seconds
            else:
                computed = waited if stage.clock is None else _computed(stage.clock) - stage.computed
                is_overdue = computed > decode_seconds or waited > PATIENCE * decode_seconds
            if is_overdue:
                return Overdue(stage.number, stage.doing)
        return None

    def _begin(self, number: int, doing: str) -> None:
        thread = threading.get_ident()
        # macOS has no such clock, and Windows neither.
        clock = time.pthread_getcpuclockid(thread) if hasattr(time, "pthread_getcpuclockid") else None
        computed = 0.0 if clock is None else _computed(clock)
        self._stages[thread] = _Stage(number, doing, self._awake.seconds, clock, computed)


def _computed(clock: int) -> float:
    with suppress(OSError):  # the thread has just ended
        return time.clock_gettime(clock)
    return 0.0
