"""Step 1, describe: many pictures, in a process of its own, so that none can end a run.

Decoders are large C libraries, and a broken or hostile file can make one crash, hang or eat all memory; inside our
own process nothing could be done about that. So pictures are decoded in a second process (`describing.worker`), by
several threads. When it ends, it may have been for a picture, or because somebody has killed it. So what it was working
on is tried once more, one by one, in a new one. Only what ends that one too is left out. Everything else goes on.
"""

from collections.abc import Generator, Iterator, Sequence

from .describing.clock import PATIENCE, READING, TICK_SECONDS
from .describing.link import WorkerFailed, WorkerLink
from .describing.messages import Alive, Died, Failed, Message, Nonsense, Started, Task
from .describing.pending import Pending, UnknownPicture
from .describing.workqueue import QueueState, WorkQueue
from .description import Outcome, Setup, Source
from .errors import CRASHED, TOO_SLOW, UNREADABLE
from .filebytes import parted_digests
from .workerprocess import Process, start_process

__all__ = ["Describer", "QueueState", "WorkQueue", "WorkerFailed", "describe_files"]

# More threads than this gain nothing on any machine, and each takes memory.
MOST_THREADS = 64
# No picture takes as long as this without any other being finished. A worker of which that is said lies.
LONGEST_WAIT = 3600.0
# Where one file could not be read in time, the next one gets half of it, as they may all be on a share that is away.
SHORTEST_READ_SECONDS = 2.0


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
        self._setup = setup._replace(threads=min(setup.threads, MOST_THREADS), recorder=None)
        self._process = process
        self._worker: WorkerLink | None = None
        self._known: frozenset[bytes] | None = None
        self._described: set[bytes] = set()

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
        pending = Pending(len(sources), self._setup.threads)
        while not pending.is_done():
            worker = self._worker or self._start_worker()
            for batch in pending.next_batches():
                worker.send(Task(batch, tuple(sources[number] for number in batch)))
            # A worker that has nothing to say for so long is stuck in a decoder that lets no other thread run.
            message = worker.receive(PATIENCE * self._setup.decode_seconds + 2 * TICK_SECONDS, LONGEST_WAIT)
            try:
                is_sound = isinstance(message, Message) and self._take(message, pending)
            except (UnknownPicture, ValueError) as error:
                message, is_sound = Nonsense(str(error)), False
            if not is_sound:
                self._end_worker()
                self._put_back(message, pending)
            yield from pending.in_order()

    def _take(self, message: Message, pending: Pending) -> bool:
        """Take a message; return False if the worker says that it is stuck."""
        if isinstance(message, Failed):
            raise WorkerFailed(message.reason)
        if isinstance(message, Started):
            pending.start(message.numbers)
        elif isinstance(message, Alive):
            if message.overdue is not None:
                pending.must_be_begun(message.overdue.number)
                return False
        else:
            self._check(message)
            pending.finish(message)
            self._worker.got_on()  # type: ignore[union-attr]
        return True

    def _check(self, outcome: Outcome) -> None:
        """Raise ValueError for what no sound worker says of a picture."""
        if outcome.features is not None:
            self._setup.recipe.check(outcome.features)
            self._described.add(outcome.digest)
        elif not outcome.kind and outcome.digest not in self._described:
            if self._known is None:
                self._known = parted_digests(self._setup.known)
            if outcome.digest not in self._known:
                raise ValueError("of a content that nobody knows")

    def _put_back(self, message: Message | Died | Nonsense | None, pending: Pending) -> None:
        """Have the pictures tried again of a worker that has ended, or had to be, after that message."""
        culprit, is_reading = None, False
        kind, reason = TOO_SLOW, f"it takes more than {self._setup.decode_seconds:g} seconds to decode"
        if isinstance(message, Died):
            by = f"signal {-message.code}" if message.code < 0 else f"exit code {message.code}"
            kind, reason = CRASHED, f"it crashes the decoder ({by})"
        elif isinstance(message, Nonsense):
            kind, reason = CRASHED, f"it makes the describing process send nonsense ({message.what})"
        elif isinstance(message, Alive) and message.overdue is not None:
            culprit, is_reading = message.overdue.number, message.overdue.doing == READING
        if is_reading:
            seconds = self._setup.read_seconds
            kind, reason = UNREADABLE, f"nothing of it has come for {seconds:g} seconds: its disk does not answer"
            self._setup = self._setup._replace(read_seconds=max(seconds / 2, min(seconds, SHORTEST_READ_SECONDS)))
        if not pending.put_back(culprit, kind, reason, again=not is_reading):
            raise WorkerFailed(f"the describing process fails: {reason}")

    def _start_worker(self) -> WorkerLink:
        self._worker, self._process = WorkerLink(self._setup, self._process or start_process()), None
        return self._worker

    def _end_worker(self) -> None:
        if self._worker is not None:
            self._worker.end()
            self._worker = None


def describe_files(
    files: Sequence[Source], setup: Setup, process: Process | None = None
) -> Generator[Outcome, None, None]:
    """Describe files in a worker process that ends with this; see `Describer` and `description.Describe`."""
    with Describer(setup, process) as describer:
        yield from describer.describe(files)
