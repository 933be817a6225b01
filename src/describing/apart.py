"""Step 1, describe: works that get a process of their own, one after the other, so that none can harm another one.

These are the suspects, which a process was busy with when it ended; what takes long; and what takes much memory. One
process at a time keeps within bounds what they take of the machine, however many come at once.
"""

import queue
import threading

from ..description import Outcome, Setup
from ..workerprocess import start_process
from .clock import PATIENCE, TICK_SECONDS
from .confinement import LIMITS_GROWTH
from .job import CRASHES, Job, too_slow
from .link import WorkerFailed, WorkerLink
from .messages import Alive, Died, Failed, Started, Task

# So many processes may end before they have begun, one after the other: somebody may kill one.
MOST_FRUITLESS = 3
# More are refused: each may take all its time, and whoever asks holds a place among the searches meanwhile.
MOST_WAITING = 8


class ApartQueue:
    """Does works one by one, each in a process that ends with it; ends with `close`."""

    def __init__(self, setup: Setup) -> None:
        # Nothing else is decoded beside it: what most pictures do not need is given to it if it does.
        self._setup = setup._replace(threads=1, refuses_early=not LIMITS_GROWTH)
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._link: WorkerLink | None = None
        self._is_closed = False
        threading.Thread(target=self._run, daemon=True).start()

    def put(self, job: Job) -> None:
        """Have a job done, unless too many wait; its future gets an answer in any case."""
        if self.size() >= MOST_WAITING:
            job.finish(WorkerFailed("too many pictures wait for a process of their own"))
        else:
            self._jobs.put(job)

    def size(self) -> int:
        """Return how many works wait for their process."""
        return self._jobs.qsize()

    def close(self) -> None:
        """End the process; works that are not done fail."""
        self._is_closed = True
        self._jobs.put(None)
        if (link := self._link) is not None:
            link.end()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job.finish(self._do(job))
            # Whatever it is: this thread does the next works, too, and somebody waits for an answer.
            except Exception as error:
                job.finish(error if isinstance(error, WorkerFailed) else WorkerFailed(str(error)))

    def _do(self, job: Job) -> Outcome:
        for _ in range(MOST_FRUITLESS):
            if self._is_closed:
                break
            if job.future.cancelled():
                return CRASHES  # nobody wants to know
            self._link = link = WorkerLink(self._setup, start_process())
            try:
                link.send(Task((0,), (job.work,)))
                if (outcome := self._follow(link, job)) is not None:
                    return outcome
            finally:
                self._link = None
                link.end()
        raise WorkerFailed("the service ends" if self._is_closed else "the describing process ends before it begins")

    def _follow(self, link: WorkerLink, job: Job) -> Outcome | None:
        """Wait for what becomes of a job; None if the process ended before it began with it."""
        is_begun = False
        while not self._is_closed:
            message = link.receive(PATIENCE * self._setup.decode_seconds + 2 * TICK_SECONDS, float("inf"))
            if isinstance(message, Started):
                is_begun = True
            elif isinstance(message, Alive):
                if message.overdue is not None:
                    return too_slow(self._setup.decode_seconds)
                if job.future.cancelled():
                    return CRASHES
            elif isinstance(message, Outcome):
                return message if job.is_answered_by(message, self._setup.recipe) else CRASHES
            elif isinstance(message, Failed):
                raise WorkerFailed(message.reason)
            elif message is None:
                return too_slow(self._setup.decode_seconds)
            else:
                return CRASHES if is_begun or not isinstance(message, Died) else None
        return None
