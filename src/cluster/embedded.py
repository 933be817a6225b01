"""Beyond one machine: a cluster of one worker in this very process, which listens at no port."""

import logging
from typing import Any

from distributed import Scheduler, SpecCluster, Worker


class _NoServer:
    """What a scheduler or a worker has instead of its web server: nobody would look at it."""

    port = 0
    applications: tuple[()] = ()

    def stop(self) -> None:
        """Do nothing."""


class _QuietScheduler(Scheduler):  # type: ignore[misc]
    def start_http_server(self, *_: Any, **__: Any) -> None:
        self.http_server = self.http_application = _NoServer()


class _QuietWorker(Worker):  # type: ignore[misc]
    def start_http_server(self, *_: Any, **__: Any) -> None:
        self.http_server = self.http_application = _NoServer()


def embedded_cluster(threads: int) -> SpecCluster:
    """Start a cluster in this process, whose one worker has so many threads."""
    inside = {"protocol": "inproc://"}
    return SpecCluster(
        scheduler={"cls": _QuietScheduler, "options": {**inside, "dashboard": False}},
        # Its memory is ours: nothing is to be moved to a disk, or ended, for its sake.
        workers={0: {"cls": _QuietWorker, "options": {**inside, "nthreads": threads, "memory_limit": 0}}},
        silence_logs=logging.CRITICAL,
    )
