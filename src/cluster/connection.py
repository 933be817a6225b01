"""Beyond one machine: a cluster that is asked."""

import logging
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, TypeVar

import dask
from distributed import Client

from ..description import Outcome, Setup
from ..imagefiles import FoundFile
from ..threads import usable_cores
from .describing import describe_on
from .embedded import embedded_cluster
from .failures import ClusterFailed, failures_told
from .tasks import results_in_order
from .versions import PACKAGE, difference, own_version

LOCAL = "local"
CONNECT_SECONDS = 10.0
# Workers that were started together with the scheduler have joined within this.
WORKERS_SECONDS = 10.0

Argument = TypeVar("Argument")
Made = TypeVar("Made")


class _Client(Client):  # type: ignore[misc]
    def __del__(self) -> None:
        """Leave it to `connect` to close it: one that found no scheduler would wait for it once more here."""


class Cluster:
    """A Dask cluster whose workers are of this version; `connect` gives one.

    Attributes
    ----------
    address : str
        What people call it.
    client : distributed.Client
    """

    def __init__(self, address: str, client: Client) -> None:
        self.address = address
        self.client = client

    @property
    def threads(self) -> int:
        """How many threads all workers have now."""
        return max(1, int(sum(self.client.nthreads().values())))

    def describe(self, files: Sequence[FoundFile], setup: Setup) -> Generator[Outcome, None, None]:
        """Describe files on the workers; see `description.Describe`.

        Raises
        ------
        ExpectedError
            If that is impossible; of what it says, nothing is lost.
        """
        yield from describe_on(self.address, self.client, files, setup)

    def each(self, work: Callable[[Argument], Made], arguments: Iterable[Argument], /) -> Iterator[Made]:
        """Yield what a function makes of each argument, in order, as `map` does; workers call it."""
        with failures_told(self.address):
            yield from results_in_order(self.client, work, ((one,) for one in arguments))


@contextmanager
def connect(address: str, threads: int | None = None) -> Iterator[Cluster]:
    """Connect to a cluster, and look at its workers.

    Parameters
    ----------
    address : str
        Of a scheduler, as `tcp://host:8786`; or `local` for one in this process.
    threads : int, optional
        How many threads that has; by default one for each core.

    Raises
    ------
    ExpectedError
        If there is no scheduler, or it has no worker, or one of another version.
    """
    # What Dask would print is said here in one line, or done by Dask itself.
    for name in ("distributed", "tornado.application"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with ExitStack() as stack:
        # What is known of a million pictures has 16 MB, and goes to each worker once.
        stack.enter_context(dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"}))
        client = _connected(address, threads or usable_cores(), stack)
        with failures_told(address):
            _check_workers(address, client)
        yield Cluster(address, client)


def _connected(address: str, threads: int, stack: ExitStack) -> Client:
    if address == LOCAL:
        target: Any = stack.enter_context(embedded_cluster(threads))
    else:
        target = address
    try:
        client = _Client(target, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, RuntimeError, TimeoutError) as error:
        raise ClusterFailed(
            f"no scheduler answers at {address}: start one with `dask scheduler`, or name it as tcp://host:8786"
        ) from error
    stack.callback(_close, client)
    return client


def _close(client: Client) -> None:
    with suppress(Exception):  # there is nothing left to be done
        client.close(timeout=2)


def _check_workers(address: str, client: Client) -> None:
    try:
        client.wait_for_workers(1, timeout=WORKERS_SECONDS)
    except TimeoutError:
        raise ClusterFailed(
            f"the scheduler at {address} has no worker: start some with `dask worker {address}`"
        ) from None
    wanted = own_version()
    ask = f"__import__('importlib').import_module('{PACKAGE}.cluster.versions').own_version()"
    for worker, found in sorted(client.run(eval, ask, on_error="return").items()):
        if isinstance(found, Exception):
            raise ClusterFailed(
                f"the worker {worker} does not find this project ({found}): install it there, or start the worker with "
                "PYTHONPATH set to the clone"
            )
        if found != wanted:
            raise ClusterFailed(difference(worker, found, wanted))
