"""Beyond one machine: what can go wrong with a cluster, in one line."""

from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager

from distributed import KilledWorker, TimeoutError

from ..errors import ExpectedError
from .versions import PACKAGE


class ClusterFailed(ExpectedError):
    """A cluster that cannot do its work; says why, and what to do."""


def no_project(who: str, error: ModuleNotFoundError) -> ClusterFailed:
    """Return what is said of a worker that cannot import something."""
    missing = error.name or str(error)
    if missing == PACKAGE.partition(".")[0]:
        # What is installed has another name than what runs from a clone.
        how = "start it with PYTHONPATH set to a clone" if missing == "src" else "install it there"
        return ClusterFailed(f"{who} does not find this project ({missing}): {how}")
    if missing.startswith(f"{PACKAGE}."):
        return ClusterFailed(f"{who} has another version of this project, without {missing}: install the same there")
    return ClusterFailed(f"{who} has no {missing}: install the same there as here")


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
    # What a task meets with files is told by its worker: the rest is the network.
    except (CancelledError, OSError, TimeoutError) as error:
        raise ClusterFailed(f"the scheduler at {address} has gone away: start it again, and its workers") from error
    except ModuleNotFoundError as error:
        raise no_project(f"a worker of {address}", error) from None
