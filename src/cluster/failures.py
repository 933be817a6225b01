"""Beyond one machine: what can go wrong with a cluster, in one line."""

from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager

from distributed import KilledWorker
from distributed.comm import CommClosedError

from ..errors import ExpectedError
from .versions import PACKAGE


class ClusterFailed(ExpectedError):
    """A cluster that cannot do its work; says why, and what to do."""


@contextmanager
def failures_told(address: str) -> Iterator[None]:
    """Tell in one line of what goes wrong with the cluster at that address."""
    try:
        yield
    except KilledWorker as error:
        raise ClusterFailed(
            f"workers of {address} have died one after the other over the same work ({error.last_worker.address} was "
            "the last): see what they have printed, then run again"
        ) from None
    except (CancelledError, CommClosedError) as error:
        raise ClusterFailed(
            f"the scheduler at {address} has gone away: start it again, and its workers, then run again"
        ) from error
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != PACKAGE.partition(".")[0]:
            raise
        raise ClusterFailed(
            f"a worker of {address} does not find this project ({error.name}): install it there, or start the worker "
            "with PYTHONPATH set to the clone"
        ) from None
