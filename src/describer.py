"""Step 1, describe: many pictures, in a process of its own, so that none can end a run.

Decoders are large C libraries, and a broken or hostile file can make one crash, hang or eat all memory; inside our
own process nothing could be done about that. So pictures are decoded in a second process (`describing.worker`), by
several threads. When it dies, the files it was working on are tried again one by one in a new one, and the file that
ends that one too is left out by name. Everything else goes on.
"""

import pickle
import queue
import threading
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from typing import Any

from .describing.messages import ALIVE_SECONDS, Alive, Died, Started, Task
from .description import Outcome, Setup, Source
from .errors import CRASHED, TOO_SLOW, ExpectedError
from .workerprocess import Process, end_process, start_process

# Files go to the worker in batches, as every message costs a little; more than this would make threads wait at the end.
LARGEST_BATCH = 8
# How many files for each thread may be with the worker: enough that one large picture does not stop the others.
FILES_AHEAD = 48


class WorkerFailed(ExpectedError):
    """The worker cannot work at all; says why."""


class Describer:
    """Describes pictures in a worker process, several at a time; a context manager.

    Parameters
    ----------
    setup : Setup
        How to describe.
    process : Process, optional
        A worker process that was started already and has got nothing to do yet.
    """

    def __init__(self, setup: Setup, process: Process | None = None) -> None:
        self._setup = setup
        self._process = process
        self._worker: _Worker | None = None

    def __enter__(self) -> "Describer":
        return self

    def __exit__(self, *_: object) -> None:
        self._end_worker()

    def describe(self, sources: Sequence[Source]) -> Iterator[Outcome]:
        """Describe pictures.

        Parameters
        ----------
        sources : sequence of FoundFile or bytes
            Files, or the contents of files.

        Yields
        ------
        Outcome
            One for each picture, in their order.

        Raises
        ------
        WorkerFailed
            If describing is impossible here, for instance because OpenCV cannot be loaded.
        """
        work = _Work(len(sources), self._setup.threads)
        while not work.is_done():
            worker = self._worker or self._start_worker()
            for batch in work.next_batches():
                worker.send(Task(batch, tuple(sources[number] for number in batch)))
            # A worker that has nothing to say for so long is stuck in a decoder that lets no other thread run.
            message = worker.receive(timeout=self._setup.decode_seconds + 2 * ALIVE_SECONDS)
            if isinstance(message, Started):
                work.start(message.numbers)
            elif isinstance(message, list):
                work.finish(message)
            elif not isinstance(message, Alive) or message.overdue is not None:
                self._end_worker()
                work.put_back(message.overdue if isinstance(message, Alive) else None, self._cause(message))
            yield from work.in_order()

    def _cause(self, message: object) -> tuple[str, str]:
        if isinstance(message, Died):
            by = f"signal {-message.code}" if message.code < 0 else f"exit code {message.code}"
            return CRASHED, f"it crashes the decoder ({by})"
        return TOO_SLOW, f"it takes more than {self._setup.decode_seconds:g} seconds to decode"

    def _start_worker(self) -> "_Worker":
        self._worker, self._process = _Worker(self._setup, self._process or start_process()), None
        return self._worker

    def _end_worker(self) -> None:
        if self._worker is not None:
            end_process(self._worker.process)
            self._worker = None


def describe_files(
    files: Sequence[Source], setup: Setup, process: Process | None = None
) -> Generator[Outcome, None, None]:
    """Describe files in a worker process that ends with this; see `Describer` and `description.Describe`."""
    with Describer(setup, process) as describer:
        yield from describer.describe(files)


class _Work:
    """Which files wait, which are with the worker, which are done; files go by their numbers, in batches."""

    def __init__(self, count: int, threads: int) -> None:
        size = max(1, min(LARGEST_BATCH, count // (4 * threads)))
        self._waiting = deque(tuple(range(first, min(first + size, count))) for first in range(0, count, size))
        self._alone: deque[tuple[int, ...]] = deque()
        self._with_worker: dict[tuple[int, ...], bool] = {}  # and whether a thread has started with the batch
        self._done: dict[int, Outcome] = {}
        self._yielded = 0
        self._ahead = threads * FILES_AHEAD
        self._finished_before = 0

    def is_done(self) -> bool:
        return not (self._waiting or self._alone or self._with_worker)

    def next_batches(self) -> Iterator[tuple[int, ...]]:
        """Yield the numbers of the files to give to the worker now."""
        if self._alone and not self._with_worker:
            yield self._hand_out(self._alone)
        while not self._alone and self._waiting and self._waiting[0][0] < self._yielded + self._ahead:
            yield self._hand_out(self._waiting)

    def _hand_out(self, source: deque[tuple[int, ...]]) -> tuple[int, ...]:
        batch = source.popleft()
        self._with_worker[batch] = False
        return batch

    def start(self, batch: tuple[int, ...]) -> None:
        self._with_worker[batch] = True

    def finish(self, outcomes: list[Outcome]) -> None:
        self._with_worker.pop(tuple(outcome.number for outcome in outcomes), None)
        self._done.update((outcome.number, outcome) for outcome in outcomes)

    def in_order(self) -> Iterator[Outcome]:
        while self._yielded in self._done:
            self._yielded += 1
            yield self._done.pop(self._yielded - 1)

    def put_back(self, culprit: int | None, cause: tuple[str, str]) -> None:
        """Sort what a dead worker had. If the culprit is not known, it is found by trying the suspects one by one."""
        suspects = sorted(number for batch, started in self._with_worker.items() if started for number in batch)
        finished = self._yielded + len(self._done)
        if not suspects and finished == self._finished_before:
            raise WorkerFailed(f"the describing process fails: {cause[1]}")
        self._finished_before = finished
        unstarted = [batch for batch, started in self._with_worker.items() if not started]
        self._waiting.extendleft(sorted(unstarted, reverse=True))
        self._with_worker.clear()
        if len(suspects) == 1:
            culprit = suspects[0]
        if culprit is not None:
            suspects.remove(culprit)
            self.finish([Outcome(culprit, kind=cause[0], reason=cause[1])])
        self._alone.extend((number,) for number in suspects)


class _Worker:
    """The worker process as seen from here."""

    def __init__(self, setup: Setup, process: Process) -> None:
        self.process = process
        self._messages: queue.Queue[Any] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        self.send(setup)

    def send(self, message: Setup | Task) -> None:
        """Give the worker a message; if it is dead, `receive` will tell."""
        try:
            data = pickle.dumps(message)
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            end_process(self.process)
            raise WorkerFailed(f"the describing process cannot be told of the descriptor: {error}") from None
        with suppress(OSError):
            self.process.stdin.write(data)  # type: ignore[union-attr]
            self.process.stdin.flush()  # type: ignore[union-attr]

    def receive(self, timeout: float) -> Any:
        """Return the next message, Died after the last one, or None if there is none in time."""
        try:
            message = self._messages.get(timeout=timeout)
        except queue.Empty:
            return None
        if isinstance(message, str):
            raise WorkerFailed(message)
        return message

    def _listen(self) -> None:
        try:
            while True:
                self._messages.put(pickle.load(self.process.stdout))  # type: ignore[arg-type]
        except (EOFError, OSError, pickle.UnpicklingError, ValueError):
            self._messages.put(Died(self.process.wait()))
