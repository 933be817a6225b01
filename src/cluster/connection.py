"""Beyond one machine: a cluster that is asked."""

import logging
import threading
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

import dask.config
import distributed
from distributed import Client

from ..description import Outcome, Setup
from ..imagefiles import FoundFile
from ..threads import usable_cores
from .describing import describe_on
from .embedded import embedded_cluster
from .failures import ClusterFailed, failures_told
from .tasks import results_in_order
from .workers import Workers

if TYPE_CHECKING:
    from ..searcher import Parts

LOCAL = "local"
CONNECT_SECONDS = 10.0

Argument = TypeVar("Argument")
Made = TypeVar("Made")

# What is known of a million pictures has 16 MB, and goes to each worker once.
_SETTINGS = {"distributed.admin.large-graph-warning-threshold": "1GB"}
# What Dask would print is said here in one line, or done by Dask itself.
_LOGGERS = ("distributed", "tornado", "asyncio")


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
    workers : Workers
    """

    def __init__(self, address: str, client: Client) -> None:
        self.address = address
        self.client = client
        self.workers = Workers(address, client)

    @property
    def threads(self) -> int:
        """How many threads all workers have now."""
        return self.workers.threads()

    def describe(self, files: Sequence[FoundFile], setup: Setup) -> Generator[Outcome, None, None]:
        """Describe files on the workers; see `description.Describe`.

        Raises
        ------
        ExpectedError
            If that is impossible; of what it says, nothing is lost.
        """
        yield from describe_on(self.workers, files, setup)

    def each(self, work: Callable[[Argument], Made], arguments: Iterable[Argument], /) -> Iterator[Made]:
        """Yield what a function makes of each argument, in order, as `map` does; workers call it."""
        yield from results_in_order(self.workers, work, ((one,) for one in arguments))

    def open_parts(self, path: str) -> "Parts":
        """Have an index opened by the workers, for `Searcher`.

        Raises
        ------
        ExpectedError
            If there is none, a worker cannot open what it should, or the cluster fails.
        """
        from .searching import open_parts  # an indexing run needs no search

        return open_parts(self.workers, path)


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
    _silence()
    with ExitStack() as stack:
        stack.enter_context(dask.config.set(_SETTINGS))
        client = _connected(address, threads or usable_cores(), stack)
        cluster = Cluster(address, client)
        with failures_told(address):
            if address != LOCAL:
                _check_scheduler(address, client)
            cluster.workers.wait()
        yield cluster


def _silence() -> None:
    """Have no log written: each logger of Dask has a level of its own."""
    for name in [*_LOGGERS, *logging.root.manager.loggerDict]:
        if name.partition(".")[0] in _LOGGERS:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _connected(address: str, threads: int, stack: ExitStack) -> Client:
    target: Any = stack.enter_context(embedded_cluster(threads)) if address == LOCAL else address
    try:
        client = _client_of(target)
    except TypeError as error:
        if address.startswith("tls://"):
            how = "Dask's configuration has to name them, under distributed.comm.tls"
            raise ClusterFailed(f"{address} needs certificates: {how} ({error})") from None
        raise _other_dask(address, f"another version of Dask ({error})") from None
    except (OSError, ValueError, RuntimeError, ImportError) as error:
        raise ClusterFailed(
            f"no scheduler answers at {address}: start one with `dask scheduler`, or name it as tcp://host:8786"
        ) from error
    stack.callback(_close, client)
    return client


def _client_of(target: Any) -> Client:
    """Return a client; raise what it raises, or TimeoutError.

    Dask waits without end for a greeting: of a program of another kind, say, or a scheduler that was stopped.
    """
    made: Future[Client] = Future()

    def connect() -> None:
        try:
            # Dask's own warning has many lines: other versions are told of in one, as an error.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                made.set_result(_Client(target, timeout=CONNECT_SECONDS, set_as_default=False))
        except BaseException as error:
            made.set_exception(error)

    threading.Thread(target=connect, daemon=True).start()
    try:
        return made.result(timeout=2 * CONNECT_SECONDS)
    except FutureTimeoutError:
        raise TimeoutError from None


def _close(client: Client) -> None:
    with suppress(Exception):  # there is nothing left to be done
        client.close(timeout=2)


def _check_scheduler(address: str, client: Client) -> None:
    """Raise ClusterFailed unless the scheduler has the version of Dask that we have."""
    found = client.get_versions()["scheduler"]["packages"].get("distributed")
    if found != distributed.__version__:
        raise _other_dask(address, f"Dask {found}")


def _other_dask(address: str, what: str) -> ClusterFailed:
    return ClusterFailed(
        f"the scheduler at {address} has {what}, and here is Dask {distributed.__version__}: they must be the same"
    )
