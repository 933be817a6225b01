"""Step 1, describe: works with pictures one by one as they come, as a service needs it, in a process that may die.

A picture that ends the process costs itself and nothing else: what was with the process and not begun goes to the next
one. What was begun is suspect, and is tried once more in a process of its own, while the others go on.
"""

import queue
import threading
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from itertools import count

from ..description import Outcome, Setup, Work
from ..errors import CRASHED, TOO_SLOW, ExpectedError, UnreadableImage
from ..workerprocess import start_process
from .clock import PATIENCE, TICK_SECONDS
from .link import WorkerFailed, WorkerLink
from .messages import Alive, Failed, Message, Started, Task


class _Job:
    def __init__(self, work: Work) -> None:
        self.work = work
        self.future: Future[bytes] = Future()
        self.is_begun = False

    def finish(self, outcome: Outcome) -> None:
        if outcome.made is None:
            self.fail(UnreadableImage(outcome.kind, outcome.reason))
            return
        with suppress(InvalidStateError):  # whoever asked has given up
            self.future.set_result(outcome.made)

    def fail(self, error: Exception) -> None:
        with suppress(InvalidStateError):
            self.future.set_exception(error)


class WorkQueue:
    """Does works in a worker process, several at a time; the process starts at once and ends with `close`.

    Parameters
    ----------
    setup : Setup
        The recipe that works get, how many run at the same time, and how long each may take.
    """

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._silence = PATIENCE * setup.decode_seconds + 2 * TICK_SECONDS
        self._numbers = count()
        self._changed = threading.Condition()
        self._jobs: dict[int, _Job] = {}
        self._suspects: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._is_closed = False
        self._link: WorkerLink | None = WorkerLink(setup, start_process())
        for run in (self._follow, self._try_suspects):
            threading.Thread(target=run, daemon=True).start()

    def submit(self, work: Work) -> "Future[bytes]":
        """Have a work done.

        Returns
        -------
        Future of bytes
            What it makes. UnreadableImage if its picture is none, crashes or takes too long; WorkerFailed if no process
            works here, or the queue is closed.
        """
        job = _Job(work)
        with self._changed:
            if self._is_closed:
                job.fail(WorkerFailed("the service ends"))
                return job.future
            number = next(self._numbers)
            self._jobs[number] = job
            if self._link is not None:
                self._link.send(Task((number,), (work,)))
            self._changed.notify()
        return job.future

    def close(self) -> None:
        """End the process; works that are not done fail."""
        with self._changed:
            self._is_closed = True
            if self._link is not None:
                self._link.end()
            self._fail_all(WorkerFailed("the service ends"))
            self._suspects.put(None)
            self._changed.notify()

    def _follow(self) -> None:
        """Take what the worker says, and start another when it ends."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._link is not None or self._jobs or self._is_closed)
                if self._is_closed:
                    return
                if self._link is None:
                    self._start_anew()
                link = self._link
            message = link.receive(self._silence, float("inf")) if link is not None else None
            with self._changed:
                if link is not None and not self._is_closed and not self._take(message):
                    self._replace(link)

    def _start_anew(self) -> None:
        try:
            self._link = WorkerLink(self._setup, start_process())
        except ExpectedError as error:
            self._fail_all(error)
            return
        for number, job in self._jobs.items():
            job.is_begun = False
            self._link.send(Task((number,), (job.work,)))

    def _take(self, message: object) -> bool:
        """Take a message; return False if the worker is to be replaced."""
        if isinstance(message, Failed):
            self._fail_all(WorkerFailed(message.reason))
            return False
        if isinstance(message, Started):
            begun = [self._jobs.get(number) for number in message.numbers]
            for job in begun:
                if job is not None:
                    job.is_begun = True
            return None not in begun
        if isinstance(message, Alive):
            if message.overdue is None:
                return True
            overdue = self._jobs.pop(message.overdue.number, None)
            if overdue is not None:
                overdue.finish(_too_slow(self._setup))
            # Its thread goes on with it, and nothing else can end that.
            for other in self._jobs.values():
                other.is_begun = False
            return False
        if isinstance(message, Outcome):
            done = self._jobs.pop(message.number, None)
            if done is None or not done.is_begun or (message.made is None and not message.kind):
                return False
            done.finish(message)
            return True
        return False

    def _replace(self, link: WorkerLink) -> None:
        link.end()
        self._link = None
        for number in [number for number, job in self._jobs.items() if job.is_begun]:
            self._suspects.put(self._jobs.pop(number))

    def _fail_all(self, error: Exception) -> None:
        for job in self._jobs.values():
            job.fail(error)
        self._jobs.clear()

    def _try_suspects(self) -> None:
        while (job := self._suspects.get()) is not None:
            try:
                job.finish(run_alone(job.work, self._setup))
            except ExpectedError as error:
                job.fail(error)


def run_alone(work: Work, setup: Setup) -> Outcome:
    """Do a work in a process of its own, which then ends; WorkerFailed if there can be none."""
    link = WorkerLink(setup._replace(threads=1), start_process())
    try:
        link.send(Task((0,), (work,)))
        while True:
            message = link.receive(PATIENCE * setup.decode_seconds + 2 * TICK_SECONDS, float("inf"))
            if isinstance(message, Failed):
                raise WorkerFailed(message.reason)
            if isinstance(message, Outcome) and (message.made is not None or message.kind):
                return message
            if isinstance(message, Alive) and message.overdue is not None:
                return _too_slow(setup)
            if not isinstance(message, Message) or isinstance(message, Outcome):
                return Outcome(0, kind=CRASHED, reason="it crashes the decoder")
    finally:
        link.end()


def _too_slow(setup: Setup) -> Outcome:
    return Outcome(0, kind=TOO_SLOW, reason=f"it takes more than {setup.decode_seconds:g} seconds to decode")
