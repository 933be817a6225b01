"""Step 1, describe: works with pictures one by one as they come, as a service needs it, in a process that may die.

A picture that ends the process costs itself and nothing else: what the process had and had not begun with goes to the
next one. What was begun is tried once more in a process of its own, while the others go on. So are pictures that take
longer, or more memory, than most: they must not keep the others waiting.
"""

import threading
import time
from collections import deque
from concurrent.futures import Future
from contextlib import suppress
from itertools import count
from typing import NamedTuple

from ..description import Outcome, Setup, Work
from ..errors import NO_MEMORY, ExpectedError
from ..workerprocess import resident_bytes, start_process
from .apart import MOST_FRUITLESS, ApartQueue
from .clock import PATIENCE, TICK_SECONDS
from .job import Job
from .link import WorkerFailed, WorkerLink
from .messages import Alive, Died, Failed, Message, Nonsense, Started, Task

# What a picture may take where the others are: ten times what most take. Whoever needs more gets a process of its own.
SHARED_SECONDS = 3.0
SHARED_MEMORY = 150_000_000
# A process of its own may take this for each pixel of the largest picture that is allowed.
BYTES_PER_PIXEL = 12
# What is handed to the worker before a thread is free, so that none waits for us; of large uploads only a few.
AHEAD, BYTES_AHEAD = 4, 24_000_000
# A work that so many workers have ended with is a suspect, though another one was found guilty each time.
MOST_RETURNS = 2
# Decoders keep memory for the next picture. A worker that has so much more than when it was new is replaced, and one
# that has had nothing to do for some ticks already if it has a part of that.
GROWN_BYTES, KEPT_BYTES = 100_000_000, 40_000_000
IDLE_TICKS = 2


class QueueState(NamedTuple):
    """What a `WorkQueue` is at."""

    waiting: int
    """Works that are not begun."""
    begun: int
    apart: int
    """Works that wait for a process of their own."""
    restarts: int
    """How many processes have ended for a picture, or because somebody has killed them."""
    renewals: int
    """How many were replaced as they had kept much memory."""


class WorkQueue:
    """Does works in a worker process, several at a time; the process starts at once and ends with `close`.

    Parameters
    ----------
    setup : Setup
        The recipe that works get, how many run at the same time, and how long each may take.
    """

    def __init__(self, setup: Setup) -> None:
        seconds = min(SHARED_SECONDS, setup.decode_seconds)
        self._setup = setup._replace(decode_seconds=seconds, most_memory=SHARED_MEMORY)
        self._changed = threading.Condition()
        self._numbers = count()
        self._waiting: deque[Job] = deque()
        self._given: dict[int, Job] = {}
        self._link: WorkerLink | None = None
        self._next: WorkerLink | None = None  # that is to replace it
        self._is_leaving = self._is_closed = False
        self._fruitless = self._restarts = self._renewals = 0
        most = int(setup.recipe.reading.max_megapixels * 1_000_000 * BYTES_PER_PIXEL)
        self._apart = ApartQueue(setup._replace(most_memory=max(most, SHARED_MEMORY)))
        threading.Thread(target=self._run, daemon=True).start()

    def submit(self, work: Work) -> "Future[bytes]":
        """Have a work done.

        Returns
        -------
        Future of bytes
            What it makes. UnreadableImage if its picture is none, crashes or takes too much; WorkerFailed if no process
            works here, or the queue is closed. Once it is cancelled, the work is not begun.
        """
        job = Job(work)
        with self._changed:
            if self._is_closed:
                job.finish(WorkerFailed("the service ends"))
            else:
                self._waiting.append(job)
                self._hand_out()
                self._changed.notify()
        return job.future

    def state(self) -> QueueState:
        """Return what it is at, for whoever watches over it."""
        with self._changed:
            begun = sum(job.begun is not None for job in self._given.values())
            waiting = len(self._waiting) + len(self._given) - begun
            return QueueState(waiting, begun, self._apart.size(), self._restarts, self._renewals)

    def close(self) -> None:
        """End the processes; works that are not done fail."""
        with self._changed:
            self._is_closed = True
            self._fail_all(WorkerFailed("the service ends"))
            self._changed.notify()
            links = [link for link in (self._link, self._next) if link is not None]
        self._apart.close()
        for link in links:
            link.end()

    def _run(self) -> None:
        """Have one worker after the other, each until it has to be replaced."""
        try:
            while not self._is_closed:
                try:
                    link = self._start()
                    lived = link is not None and self._follow(link)
                except Exception as error:  # also that memory is short: later there may be enough
                    lived = False
                    self._give_up(error)
                with self._changed:
                    # Where none can work, the next one is started for somebody only.
                    self._changed.wait_for(lambda: self._waiting or self._is_closed, 0 if lived else None)
        finally:
            self.close()

    def _give_up(self, error: Exception) -> None:
        """Answer all, and end the worker: nobody knows what it is at."""
        with self._changed:
            links = [link for link in (self._link, self._next) if link is not None]
            self._link = self._next = None
            self._fail_all(WorkerFailed(str(error)))
        for link in links:
            link.end()

    def _start(self) -> WorkerLink | None:
        """Return the next worker, which has got what waits; None if the queue is closed."""
        link = self._next or WorkerLink(self._setup, start_process())
        with self._changed:
            self._link, self._next, self._is_leaving = link, None, False
            if not self._is_closed:
                self._hand_out()
                return link
        link.end()
        return None

    def _follow(self, link: WorkerLink) -> bool:
        """Take what a worker says until it has to be replaced; return whether that should be at once."""
        lived, size_when_new, idle_ticks = False, None, 0
        while True:
            message = link.receive(PATIENCE * self._setup.decode_seconds + 2 * TICK_SECONDS, float("inf"))
            with self._changed:
                if self._is_closed or not self._take(message):
                    break
                self._hand_out()
                is_idle = not self._given
                self._is_leaving = self._next is not None and self._next.has_spoken
                if self._is_leaving and is_idle:
                    break
            lived = True
            idle_ticks = idle_ticks + 1 if is_idle and isinstance(message, Alive) else 0
            if size_when_new is None:
                size_when_new = resident_bytes(link.process)
            grown = resident_bytes(link.process) - size_when_new if idle_ticks and self._next is None else 0
            if grown > (GROWN_BYTES if idle_ticks < IDLE_TICKS else KEPT_BYTES):
                # It loads what it needs while the old one goes on.
                with suppress(ExpectedError):
                    self._next = WorkerLink(self._setup, start_process())
        with self._changed:
            self._link = None
            if not self._is_closed:
                self._renewals += self._is_leaving
                self._restarts += not self._is_leaving
                self._take_back(message)
        link.end()
        return lived

    def _hand_out(self) -> None:
        """Give the worker what waits, as much as it should have."""
        while self._waiting and self._link is not None and not self._is_leaving and self._has_room():
            job = self._waiting.popleft()
            if job.future.cancelled():
                continue
            number = next(self._numbers)
            try:
                job.nbytes = self._link.send(Task((number,), (job.work,)))
            except Exception as error:  # whoever hands it out may have asked for another one
                job.finish(error if isinstance(error, WorkerFailed) else WorkerFailed(f"it cannot be sent: {error}"))
            else:
                self._given[number] = job

    def _has_room(self) -> bool:
        ahead = len(self._given) - self._setup.threads
        return ahead < 0 or (ahead < AHEAD and sum(job.nbytes for job in self._given.values()) < BYTES_AHEAD)

    def _take(self, message: Message | Died | Nonsense | None) -> bool:
        """Take what the worker says; return False if it has to be replaced."""
        if isinstance(message, Started):
            begun = [self._given.get(number) for number in message.numbers]
            for job in begun:
                if job is None or job.begun is not None:
                    return False
                job.begun = time.monotonic()
            self._fruitless = 0
            return True
        if isinstance(message, Outcome):
            job = self._given.get(message.number)
            if job is None or job.begun is None or not job.is_answered_by(message, self._setup.recipe):
                return False
            del self._given[message.number]
            if message.kind == NO_MEMORY:
                self._apart.put(job)
            else:
                job.finish(message)
            return True
        return isinstance(message, Alive) and message.overdue is None

    def _take_back(self, message: Message | Died | Nonsense | None) -> None:
        """Sort what a worker had that has ended, or had to be, after that message."""
        given, self._given = self._given, {}
        begun = {number: job for number, job in given.items() if job.begun is not None}
        suspects = begun
        if isinstance(message, Alive) and message.overdue is not None and message.overdue.number in begun:
            # Others that are as slow would be the next ones for which a worker ends.
            since = time.monotonic() - self._setup.decode_seconds / 2
            slow = {number for number, job in begun.items() if (job.begun or 0) < since}
            suspects = {number: begun[number] for number in slow | {message.overdue.number}}
        for number, job in begun.items():
            job.begun = None
            job.returns += 1
            if number in suspects or job.returns >= MOST_RETURNS:
                self._apart.put(given.pop(number))
        self._waiting.extendleft(reversed(given.values()))
        if given and not begun:
            self._fruitless += 1
            if isinstance(message, Failed) or self._fruitless >= MOST_FRUITLESS:
                reason = message.reason if isinstance(message, Failed) else "it ends before it begins with anything"
                self._fail_all(WorkerFailed(f"the describing process fails: {reason}"))
                # Later ones are tried once.
                self._fruitless = MOST_FRUITLESS - 1

    def _fail_all(self, error: WorkerFailed) -> None:
        for job in (*self._waiting, *self._given.values()):
            job.finish(error)
        self._waiting.clear()
        self._given.clear()
