"""Step 1, describe: the other end of `describer`, a process that reads and describes pictures with some threads."""

import os
import pickle
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from typing import BinaryIO

import numpy as np

from ..description import Outcome, Setup, Source, Work
from ..descriptors import DEFAULT, by_name
from ..errors import CHANGING, DAMAGED, NO_MEMORY, UnreadableImage, explain_os_error
from ..filebytes import content_digest, parted_digests, read_bytes
from ..imagefiles import FoundFile
from ..imagereader import load_readers, name_format
from .clock import READING, TICK_SECONDS, WatchedBudget
from .confinement import confine, limit_growth
from .messages import Alive, Failed, Message, Started, Task, no_thread, pack

# A picture of 100 megapixels needs 1.2 GB and is decoded alone. Smaller ones run together as long as they fit in here.
BUDGET_BYTES = 400_000_000
# What each further thread may take without a reservation, for a picture of up to 4 megapixels.
UNRESERVED_BYTES = 50_000_000
# What comes and goes in messages.
MESSAGE_BYTES = 40_000_000
LARGE_FILE_BYTES = 50_000_000  # as they are on the disk; of larger files one is held at a time


def main() -> None:
    """Take a Setup and Tasks from stdin, and give their Outcomes to stdout, until stdin ends."""
    # Ctrl-C in a terminal reaches the whole group; our master decides what it means for us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Messages keep stdout for themselves: what a library prints must not get between them.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        # What nearly every folder needs, before anything is asked for, and while there is memory to load it.
        load_readers()
        content_digest(b"")
        by_name(DEFAULT)
    except ImportError as error:
        _send(answers, Failed(f"OpenCV cannot be loaded: {error}"))
        return
    try:
        worker = _Threads(pickle.load(sys.stdin.buffer), answers)
    except EOFError:
        return  # our master had nothing to describe
    except Exception as error:
        # A class of the program itself, say, which is in no module that can be imported.
        _send(answers, Failed(f"the describing process cannot make the descriptor: {type(error).__name__}: {error}"))
        return
    worker.warm_up()
    # Only now: a descriptor may have had to fetch something. No picture was read yet, and no thread is there.
    confine()
    try:
        worker.start()
    except RuntimeError as error:
        _send(answers, Failed(no_thread(error)))
        return
    if worker.most_growth:
        limit_growth(worker.most_growth)
    try:
        while True:
            worker.tasks.put(pickle.load(sys.stdin.buffer))
    except EOFError:
        # Our master is gone or has enough of us. Threads may be deep in a decoder: do not wait for them.
        os._exit(0)


def _send(answers: BinaryIO, *messages: Message) -> None:
    answers.write(b"".join(map(pack, messages)))
    answers.flush()


class _Threads:
    """The threads that describe, and one that watches over them."""

    def __init__(self, setup: Setup, answers: BinaryIO) -> None:
        import cv2

        # One picture a thread keeps all cores busy; OpenCV's own threads would only get in the way.
        cv2.setNumThreads(1)
        self._setup = setup
        self._known = set(parted_digests(setup.known))
        self._answers = answers
        self._sending = threading.Lock()
        self._large_file = threading.Lock()
        most = setup.most_memory
        self._budget = WatchedBudget(most or BUDGET_BYTES, strict=bool(most) and setup.refuses_early)
        self.tasks: queue.SimpleQueue[Task] = queue.SimpleQueue()

    def warm_up(self) -> None:
        """Where memory is limited, have loaded what comes with the first picture: it is not counted."""
        if self._setup.most_memory:
            with suppress(Exception):  # a picture of its own will tell
                self._setup.recipe.descriptor.describe(np.full((256, 256, 3), 128, np.uint8))

    @property
    def most_growth(self) -> int:
        """How many bytes the process may take beyond those it has now; 0 if that is not limited."""
        setup = self._setup
        return setup.most_memory and setup.most_memory + (setup.threads - 1) * UNRESERVED_BYTES + MESSAGE_BYTES

    def start(self) -> None:
        """Start the threads, fewer than wanted if need be; raise RuntimeError if that would be none."""
        for work in (self._watch, self._work):
            threading.Thread(target=work, daemon=True).start()
        with suppress(RuntimeError):
            for _ in range(1, self._setup.threads):
                threading.Thread(target=self._work, daemon=True).start()

    def _watch(self) -> None:
        while True:
            time.sleep(TICK_SECONDS)
            with self._sending:  # so that no picture is called overdue whose outcome is in the pipe already
                _send(self._answers, Alive(self._budget.overdue(self._setup.decode_seconds, self._setup.read_seconds)))

    def _work(self) -> None:
        while True:
            self._do(self.tasks.get())  # nothing of it is held while the thread waits for the next one

    def _do(self, task: Task) -> None:
        self._answer(Started(task.numbers))
        outcomes = [self._describe_safely(number, source) for number, source in zip(*task, strict=True)]
        self._answer(*outcomes)
        # Only now: an outcome that relies on features being known comes behind them in the pipe.
        self._known.update(outcome.digest for outcome in outcomes if outcome.features is not None)

    def _answer(self, *messages: Message) -> None:
        with self._sending:
            _send(self._answers, *messages)

    def _describe_safely(self, number: int, source: Source) -> Outcome:
        try:
            return self._describe(number, source)
        except UnreadableImage as error:
            return Outcome(number, kind=error.kind, reason=error.reason)
        except MemoryError:
            return Outcome(number, kind=NO_MEMORY, reason="not enough memory to decode it")
        except Exception as error:
            # Whatever a decoder does, it costs this picture and not the run.
            return Outcome(number, kind=DAMAGED, reason=f"{type(error).__name__}: {error}")

    def _describe(self, number: int, source: Source) -> Outcome:
        if isinstance(source, Work):
            with self._budget.watched(number):
                return Outcome(number, made=source.run(self._setup.recipe, self._budget))
        is_large = isinstance(source, FoundFile) and source.size > LARGE_FILE_BYTES
        with self._large_file if is_large else nullcontext():
            data = self._read(number, source) if isinstance(source, FoundFile) else source
            digest = content_digest(data)
            if digest in self._known:
                return Outcome(number, digest)
            with self._budget.watched(number):
                return Outcome(number, digest, self._setup.recipe.describe(data, self._budget).features)

    def _read(self, number: int, file: FoundFile) -> bytes:
        with self._budget.watched(number, READING):
            return _read(file, self._budget.begin_anew)


def _read(file: FoundFile, got_on: Callable[[], None]) -> bytes:
    data = read_bytes(file.path, check_head=name_format, got_on=got_on)
    try:
        status = os.stat(file.path)
    except OSError as error:
        raise UnreadableImage(*explain_os_error(error)) from error
    if (status.st_size, status.st_mtime_ns, len(data)) != (file.size, file.mtime_ns, file.size):
        raise UnreadableImage(CHANGING, "it was changed while it was being indexed")
    return data
