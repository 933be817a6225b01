"""Beyond one machine: the workers of a cluster, of which each must be of the version of the program that asks."""

import socket
import time
from collections.abc import Sequence
from contextlib import suppress

from distributed import Client, Future, TimeoutError
from distributed.comm import parse_host_port

from .failures import ClusterFailed, no_project
from .versions import PACKAGE, difference, own_version

# Workers that were started together with the scheduler have joined within this.
JOINING_SECONDS = 15.0
# Where workers are started again by whoever watches over them, they are there again within this.
LEFT_SECONDS = 60.0
# A worker tells the scheduler every second or so that it is there, or every five where there are a thousand. One that
# has stopped is given up long before Dask would do so, after some minutes.
SILENT_SECONDS = 30.0
# A worker that can be spoken with from here answers within this.
REACHING_SECONDS = 1.0
# By a function that every worker has: it may have nothing else that we have.
_LOOK = f"__import__('importlib').import_module('{PACKAGE}.cluster.versions').own_version()"


class Workers:
    """The workers that a scheduler has, now and later.

    Attributes
    ----------
    address : str
        Of the scheduler, as people call it.
    client : distributed.Client
    held : dict of str to str
        Which worker was asked last to hold shards open, by the first of them: it may still have them in memory.
    """

    def __init__(self, address: str, client: Client) -> None:
        self.address = address
        self.client = client
        self._checked: set[str] = set()
        self.held: dict[str, str] = {}
        self._missed: float | None = None
        self._heard: dict[str, tuple[float, float]] = {}
        self._reached = True

    def threads(self) -> int:
        """Return how many threads all workers have now, at least 1."""
        self.check_connection()
        return max(1, int(sum(self.client.nthreads().values())))

    def there(self) -> set[str]:
        """Return the addresses of the workers that the scheduler has, without those that have said nothing for long.

        Raises
        ------
        OSError or TimeoutError
            If the scheduler itself says nothing.
        """
        told = self.client.sync(self.client.scheduler.identity, callback_timeout=SILENT_SECONDS)["workers"]
        now, before = time.monotonic(), self._heard
        # The clock of the scheduler may be another one.
        self._heard = {
            one: before[one] if one in before and before[one][0] == about["last_seen"] else (about["last_seen"], now)
            for one, about in told.items()
        }
        return {one for one, (_, since) in self._heard.items() if now - since < SILENT_SECONDS}

    def wait(self) -> None:
        """Wait until there is a worker, and look at all.

        Raises
        ------
        ExpectedError
            If none joins, or one has another version.
        """
        with suppress(TimeoutError):
            self.client.wait_for_workers(1, timeout=JOINING_SECONDS)
        if not self.there():
            raise self._none()
        self.look()

    def look(self) -> None:
        """Look at workers that have joined since the last time; raise ExpectedError as `wait` does."""
        there = self.there()
        if not there:
            self._missed = self._missed or time.monotonic()
            if time.monotonic() - self._missed > LEFT_SECONDS:
                raise self._none()
            return
        self._missed = None
        new = sorted(there - self._checked)
        for worker, found in self.client.run(eval, _LOOK, workers=new, on_error="return").items() if new else ():
            if isinstance(found, ModuleNotFoundError):
                raise no_project(f"the worker {worker}", found)
            # Another version may be of any form, and a worker that has just left is no trouble.
            if not isinstance(found, OSError) and found != own_version():
                raise ClusterFailed(difference(worker, str(found), own_version()))
            self._checked.add(worker)
        if new:
            self._reached &= all(map(_is_reachable, new))
            # What they answer then comes without the scheduler: of a search, that is a third of its way.
            self.client.direct_to_workers = self._reached

    def give_up(self, futures: Sequence[Future]) -> None:
        """Have nothing done any more of what has not begun."""
        # If the scheduler has gone, all of it has, and to tell it would be to wait for it.
        with suppress(Exception):
            self.check_connection()
            self.client.cancel(futures)

    def check_connection(self) -> None:
        """Raise OSError if there is no connection any more: what was asked for over it is lost."""
        if self.client.status != "running":
            raise ConnectionError(self.address)

    def _none(self) -> ClusterFailed:
        which = "no worker that answers" if self._heard else "no worker"
        return ClusterFailed(
            f"the scheduler at {self.address} has {which}: start some with `dask worker {self.address}`"
        )


def _is_reachable(worker: str) -> bool:
    """Tell whether a worker can be spoken with from here, and not only by the scheduler."""
    protocol, _, place = worker.partition("://")
    if protocol not in ("tcp", "tls"):
        return False
    with suppress(OSError):
        socket.create_connection(parse_host_port(place), REACHING_SECONDS).close()
        return True
    return False
