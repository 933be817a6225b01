"""Beyond one machine: work of which there is much, given to a cluster in pieces.

The scheduler unpickles what it is told of, and need not have this project: it gets functions of Dask and Python, and
bytes. So a worker that has not got the project, or has another version of it, fails in the task, in words.
"""

import pickle
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple, TypeVar

from dask.utils import apply
from distributed import Future, TimeoutError, get_worker

from ..describer import WorkerFailed
from .failures import ClusterFailed, failures_told
from .versions import check_version, own_version
from .workers import Workers

Made = TypeVar("Made")

# So many pieces for each thread are with the cluster: one that is done early has the next one there.
AHEAD = 3
# Where nothing comes for so long, it is looked whether there are workers, and what has joined.
PATIENCE_SECONDS = 5.0


class Job(NamedTuple):
    """A function, as it is called on a worker."""

    work: Callable[..., Any]
    version: str
    """Of the project that asks for it, as `own_version` tells it."""

    def __call__(self, arguments: bytes) -> Any:
        """Call it with a tuple of arguments that was pickled; raise ExpectedError for what is expected there."""
        worker = str(get_worker().address)
        check_version(self.version, worker)
        try:
            return self.work(*pickle.loads(arguments))
        except WorkerFailed as error:
            raise ClusterFailed(f"the worker {worker}: {error}") from None
        except MemoryError:
            raise ClusterFailed(f"the worker {worker} has not enough memory: give it more, then run again") from None
        except OSError as error:
            # The program that asks would take it for trouble of its own machine.
            what = ": ".join(str(part) for part in (error.filename, error.strerror) if part) or str(error)
            raise ClusterFailed(f"the worker {worker}: {what}; run again when it can do that") from None


def results_in_order(
    workers: Workers, work: Callable[..., Made], arguments: Iterable[tuple[Any, ...]]
) -> Iterator[Made]:
    """Call a function on the workers; yield what it returns for each tuple of arguments, in order.

    Only some pieces are with the cluster at any time, however many there are; more, as soon as more workers join. If
    this ends early, what has not begun is not done.

    Raises
    ------
    ExpectedError
        If the cluster fails; and what the function raises.
    """
    client = workers.client
    waiting: deque[Future] = deque()
    pieces = iter(arguments)
    with failures_told(workers.address):
        # Each worker gets it once, from the one that has unpickled it, or from another.
        job = client.submit(pickle.loads, pickle.dumps(Job(work, own_version())), pure=False)
    try:
        while True:
            with failures_told(workers.address):
                room = AHEAD * workers.threads() - len(waiting)
                for _, piece in zip(range(room), pieces, strict=False):
                    waiting.append(client.submit(apply, job, [pickle.dumps(piece)], pure=False))
            if not waiting:
                return
            yield result_of(waiting.popleft(), workers)
    finally:
        workers.give_up([*waiting, job])


def result_of(future: Future, workers: Workers, meanwhile: Callable[[], object] = lambda: None) -> Any:
    """Wait for what a task returns, and do something now and then.

    Raises
    ------
    ExpectedError
        If the cluster cannot do it; and what the task raises.
    """
    with failures_told(workers.address):
        while True:
            try:
                return future.result(timeout=PATIENCE_SECONDS)
            except TimeoutError:
                if future.status == "error":
                    return future.result()  # raises what the task has raised, which may be a TimeoutError, too
                # A worker that has joined without this project may be asked for it again and again.
                workers.look()
                meanwhile()
