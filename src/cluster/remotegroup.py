"""Beyond one machine: a group of shards that a worker holds open, and another worker after that one has died.

Dask's actors keep a group where it is: asking it costs one message and one back, where a task would cost ten times as
much. But what an actor's worker held is lost when it dies.
"""

import pickle
from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import Any

from distributed import Actor, BaseActorFuture, Future, TimeoutError

from ..errors import ExpectedError
from .openedgroup import Group, Opening
from .tasks import result_of
from .versions import own_version
from .workers import Workers

# An answer may be lost without a word. So often it is looked, here alone, whether its worker is known to be.
LOOKING_SECONDS = 0.25


class WorkerLost(Exception):
    """The worker that held a group has died."""


class RemoteGroup:
    """A group, asked from here; several threads may do so at once.

    Parameters
    ----------
    workers : Workers
    group : Group
    """

    def __init__(self, workers: Workers, group: Group) -> None:
        self._workers = workers
        self.group = group
        self._lock = Lock()
        self._future: Future | None = None
        self._actor: Actor | None = None
        self.place: str | None = None
        """The worker that was asked to hold it; none, if it must be opened first."""

    def open(self, place: str | None) -> None:
        """Have it opened, by this worker or another, unless it is; nothing waits for that yet."""
        with self._lock:
            if self._future is not None:
                return
            where = {} if place is None else {"workers": [place], "allow_other_workers": True}
            # The scheduler need not have this project: it is given a function of Python's, and bytes.
            opening = pickle.dumps(Opening(self.group, own_version()))
            self._future = self._workers.client.submit(pickle.loads, opening, actor=True, pure=False, **where)
            self.place = place or ""

    def close(self) -> None:
        """Have it closed; nobody asks it any more."""
        future = self._future
        self._forget(future)
        _release(future)

    def begin(self, method: str, *arguments: Any) -> Callable[[], Any]:
        """Call a method of the `OpenedGroup`; return what waits for its result.

        Both raise WorkerLost if there is none any more: then it must be opened again.
        """
        with self._lock:
            future, actor, place = self._future, self._actor, self.place
        try:
            if future is None:
                raise WorkerLost
            if actor is None:
                # An actor asks the cluster that is current when it is unpickled.
                with self._workers.client.as_current():
                    actor = result_of(future, self._workers, lambda: self._check(place))
            with self._lock:
                if future is self._future:
                    self._actor, self.place = actor, actor._address
            answer = getattr(actor, method)(*arguments)
        except ExpectedError:
            self._forget(future)
            raise
        except (WorkerLost, RuntimeError):  # Dask raises the latter for an actor that is lost
            self._forget(future)
            raise WorkerLost from None
        return lambda: self._wait(future, actor._address, answer)

    def _wait(self, future: Future, place: str, answer: BaseActorFuture[Any]) -> Any:
        while True:
            try:
                return answer.result(timeout=LOOKING_SECONDS)
            except TimeoutError:
                is_lost = future.status != "finished"
            except OSError:
                is_lost = True
            with suppress(WorkerLost):
                if not is_lost:
                    self._check(place)
                    continue
            self._forget(future)
            raise WorkerLost

    def _check(self, place: str | None) -> None:
        """Raise WorkerLost if a worker has not been heard of for long: it may have stopped, or its machine."""
        self._workers.check_connection()
        if place and place not in self._workers.there():
            raise WorkerLost

    def _forget(self, future: Future | None) -> None:
        with self._lock:
            if future is not self._future:
                return
            actor, self._future, self._actor, self.place = self._actor, None, None, None
        if actor is not None:
            # What Dask makes of each call is a circle that holds it, for as long as Python leaves circles be.
            _release(actor._future)


def _release(future: Future | None) -> None:
    if future is not None:
        with suppress(Exception):  # the connection may be closed, and with it all that it had opened
            future.release()
