"""Beyond one machine: what a worker describes with, kept for the next batch.

Pictures are decoded in a process of its own here, too: a broken one must not end the worker. That process ends with the
worker, however that ends: its stdin closes.
"""

import pickle
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from ..describer import Describer, WorkerFailed
from ..description import Setup
from ..errors import ExpectedError

# A process that nobody has needed for so long ends.
IDLE_SECONDS = 10.0

_LOCK = threading.Lock()
_IDLE: dict[bytes, list[tuple[Describer, threading.Timer]]] = defaultdict(list)


@contextmanager
def lent_describer(run: bytes, setup: bytes) -> Iterator[Describer]:
    """Lend a describer to a batch of a run, which all have that pickled setup; after an error it is not lent again."""
    with _LOCK:
        idle = _IDLE[run]
        describer, timer = idle.pop() if idle else (None, None)
    if timer is not None:
        timer.cancel()
    if describer is None:
        describer = Describer(_unpickled(setup))
    try:
        yield describer
    except BaseException:
        describer.__exit__()
        raise
    _keep(run, describer)


def _unpickled(setup: bytes) -> Setup:
    """Return a setup; raise WorkerFailed if its descriptor cannot be made here."""
    try:
        made: Setup = pickle.loads(setup)
    except Exception as error:  # a class of the program itself, say, or one that needs a file
        why = str(error) if isinstance(error, ExpectedError) else f"{type(error).__name__}: {error}"
        raise WorkerFailed(f"it cannot make the descriptor: {why}") from None
    return made


def _keep(run: bytes, describer: Describer) -> None:
    """Keep a describer until it has been idle for too long."""

    def end() -> None:
        with _LOCK:
            if entry not in _IDLE[run]:
                return  # it was lent at this very moment
            _IDLE[run].remove(entry)
            if not _IDLE[run]:
                del _IDLE[run]
        describer.__exit__()

    timer = threading.Timer(IDLE_SECONDS, end)
    timer.daemon = True
    entry = describer, timer
    with _LOCK:
        _IDLE[run].append(entry)
    timer.start()
