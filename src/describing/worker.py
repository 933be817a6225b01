"""The other end of `describer`: the process that reads pictures and describes them, with some threads."""

import os
import pickle
import queue
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from ..description import Outcome, Setup, Source
from ..descriptors import DEFAULT, by_name
from ..errors import CHANGING, DAMAGED, TOO_LARGE, UnreadableImage
from ..imagefiles import DIGEST_BYTES, FoundFile, content_digest, read_bytes
from ..imagereader import MemoryBudget, load_readers, name_format
from .messages import ALIVE_SECONDS, Alive, Started, Task

# Decoding a picture of 100 megapixels takes up to 1.2 GB by the reader's own estimate and runs alone; smaller ones
# run together as long as they fit in here.
BUDGET_BYTES = 400_000_000
LARGE_FILE_BYTES = 50_000_000  # as they are on the disk; of larger files one is held at a time


def main() -> None:
    """Take a Setup and Tasks from stdin, and give their Outcomes to stdout, until stdin ends."""
    # Ctrl-C in a terminal reaches the whole group; our master decides what it means for us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = _take_stdout()
    setup: Setup
    try:
        # What nearly every folder needs, before anything is asked for.
        load_readers()
        by_name(DEFAULT)
        setup = pickle.load(sys.stdin.buffer)
    except ImportError as error:
        _send(answers, f"OpenCV cannot be loaded: {error}")
        return
    except EOFError:
        return  # our master had nothing to describe
    worker = _Threads(setup, answers)
    worker.start()
    try:
        while True:
            worker.tasks.put(pickle.load(sys.stdin.buffer))
    except EOFError:
        # Our master is gone or has enough of us. Threads may be deep in a decoder: do not wait for them.
        os._exit(0)


def _take_stdout() -> Any:
    """Keep stdout for messages alone: what a library prints must not get between them."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _send(answers: Any, message: object) -> None:
    pickle.dump(message, answers)
    answers.flush()


class _Threads:
    """The threads that describe, and one that watches over them."""

    def __init__(self, setup: Setup, answers: Any) -> None:
        import cv2

        # One picture a thread keeps all cores busy; OpenCV's own threads would only get in the way.
        cv2.setNumThreads(1)
        self._setup = setup
        starts = range(0, len(setup.known), DIGEST_BYTES)
        self._known = {setup.known[start : start + DIGEST_BYTES] for start in starts}
        self._answers = answers
        self._sending = threading.Lock()
        self._large_file = threading.Lock()
        self._decoding = DecodingTimes()
        self._budget = WatchedBudget(BUDGET_BYTES, self._decoding)
        self.tasks: queue.SimpleQueue[Task] = queue.SimpleQueue()

    def start(self) -> None:
        for work in [self._watch] + [self._work] * self._setup.threads:
            threading.Thread(target=work, daemon=True).start()

    def _watch(self) -> None:
        while True:
            time.sleep(ALIVE_SECONDS)
            self._answer(Alive(self._decoding.overdue(self._setup.decode_seconds)))

    def _work(self) -> None:
        while True:
            task = self.tasks.get()
            self._answer(Started(task.numbers))
            outcomes = [self._describe_safely(number, source) for number, source in zip(*task, strict=True)]
            self._answer(outcomes)
            # Only now: whoever relies on features being known comes behind them in the pipe.
            self._known.update(outcome.digest for outcome in outcomes if outcome.features is not None)

    def _answer(self, message: object) -> None:
        with self._sending:
            _send(self._answers, message)

    def _describe_safely(self, number: int, source: Source) -> Outcome:
        try:
            return self._describe(number, source)
        except UnreadableImage as error:
            return Outcome(number, kind=error.kind, reason=error.reason)
        except MemoryError:
            return Outcome(number, kind=TOO_LARGE, reason="not enough memory to decode it")
        except Exception as error:
            # Whatever a decoder does, it costs this picture and not the run.
            return Outcome(number, kind=DAMAGED, reason=f"{type(error).__name__}: {error}")

    def _describe(self, number: int, source: Source) -> Outcome:
        if isinstance(source, bytes):
            return self._describe_content(number, source)
        with self._large_file if source.size > LARGE_FILE_BYTES else nullcontext():
            data = read_bytes(source.path, check_head=name_format)
            _check_unchanged(source, len(data))
            return self._describe_content(number, data)

    def _describe_content(self, number: int, data: bytes) -> Outcome:
        digest = content_digest(data)
        if digest in self._known:
            return Outcome(number, digest)
        with self._decoding.of(number):
            return Outcome(number, digest, self._setup.recipe.describe(data, self._budget).features)


class DecodingTimes:
    """Since when each thread has been at its picture; reading the file and waiting for memory do not count."""

    def __init__(self) -> None:
        self._since: dict[int, tuple[int, float]] = {}

    @contextmanager
    def of(self, number: int) -> Iterator[None]:
        thread = threading.get_ident()
        self._since[thread] = (number, time.monotonic())
        try:
            yield
        finally:
            del self._since[thread]

    def restart(self) -> None:
        thread = threading.get_ident()
        number, _ = self._since[thread]
        self._since[thread] = (number, time.monotonic())

    def overdue(self, seconds: float) -> int | None:
        """Return the number of a file that takes longer than that."""
        now = time.monotonic()
        return next((number for number, since in list(self._since.values()) if now - since > seconds), None)


class WatchedBudget(MemoryBudget):
    """Memory that threads share, with a clock that stands still for whoever waits."""

    def __init__(self, total_bytes: int, times: DecodingTimes) -> None:
        super().__init__(total_bytes)
        self._times = times

    @contextmanager
    def reserve(self, nbytes: int) -> Iterator[None]:
        with super().reserve(nbytes):
            self._times.restart()
            yield


def _check_unchanged(file: FoundFile, length: int) -> None:
    status = os.stat(file.path)
    if (status.st_size, status.st_mtime_ns, length) != (file.size, file.mtime_ns, file.size):
        raise UnreadableImage(CHANGING, "it was changed while it was being indexed")
