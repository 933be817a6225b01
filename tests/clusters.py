"""A real scheduler and real workers on loopback, started by Dask's own commands."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

from tests.programs import ROOT


class TestCluster:
    """A scheduler and its workers, each a process; a context manager.

    Parameters
    ----------
    folder : Path
        For what they leave: logs and scratch files.
    workers : int, optional
        How many to start with.
    """

    __test__ = False

    def __init__(self, folder: Path, workers: int = 2) -> None:
        self._folder = folder
        self._count = 0
        self.scheduler: subprocess.Popen[bytes] | None = None
        self.address = "tcp://127.0.0.1:0"
        self.workers: list[subprocess.Popen[bytes]] = []
        self._elsewhere: set[subprocess.Popen[bytes]] = set()
        self.start_scheduler()
        for _ in range(workers):
            self.add_worker()

    def __enter__(self) -> "TestCluster":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        for process in [*self.workers, *([self.scheduler] if self.scheduler else [])]:
            process.kill()
            process.wait()

    def mend(self, workers: int = 2) -> None:
        """Have a scheduler and so many workers that find the project here, whatever tests have done to them."""
        for worker in [one for one in self.workers if one.poll() is not None or one in self._elsewhere]:
            self.kill_worker(worker)
        if self.scheduler is None or self.scheduler.poll() is not None:
            self.start_scheduler()
        for worker in self.workers[workers:]:
            self.kill_worker(worker)
        while len(self.workers) < workers:
            self.add_worker()

    def start_scheduler(self) -> None:
        """Start the scheduler, again at the address that it had if there was one; its workers have ended with it."""
        for worker in list(self.workers):
            self.kill_worker(worker)
        log = self._folder / f"scheduler-{self._count}.log"
        address = self.address.removeprefix("tcp://")
        options = ["--host", address, "--dashboard-address", "127.0.0.1:0", "--no-dashboard"]
        self.scheduler = self._start("scheduler", log, *options)
        self.address = self._told(self.scheduler, log, r"Scheduler at:\s+(tcp://\S+)")

    def kill_scheduler(self) -> None:
        """Kill it, as a power cut would."""
        assert self.scheduler is not None
        self.scheduler.kill()
        self.scheduler.wait()
        self.scheduler = None

    def add_worker(self, threads: int = 1, *, root: Path = ROOT, nanny: bool = False) -> subprocess.Popen[bytes]:
        """Start a worker that finds the project in that folder; it joins in a moment."""
        log = self._folder / f"worker-{self._count}.log"
        options = ["--nthreads", str(threads), "--no-dashboard", "--memory-limit", "0", "--host", "127.0.0.1"]
        options += ["--local-directory", str(self._folder), "--nanny" if nanny else "--no-nanny"]
        worker = self._start("worker", log, self.address, *options, root=root)
        self.workers.append(worker)
        if root != ROOT:
            self._elsewhere.add(worker)
        return worker

    def kill_worker(self, worker: subprocess.Popen[bytes]) -> None:
        """Kill a worker, as the kernel does where memory is short."""
        worker.kill()
        worker.wait()
        self.workers.remove(worker)

    def _start(self, what: str, log: Path, *options: str, root: Path = ROOT) -> subprocess.Popen[bytes]:
        self._count += 1
        environment = {**os.environ, "PYTHONPATH": str(root), "OPENBLAS_NUM_THREADS": "1"}
        if what == "scheduler":
            del environment["PYTHONPATH"]  # it need not have the project
        with open(log, "wb") as file:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", what, *options],
                cwd=self._folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
            )

    def _told(self, process: subprocess.Popen[bytes], log: Path, pattern: str) -> str:
        """Return what a process says of itself."""
        with open(log, encoding="utf-8") as file:
            text = ""
            while (found := re.search(pattern, text)) is None:
                line = file.readline()
                text += line
                if not line:
                    assert process.poll() is None, text
                    time.sleep(0.02)
        return found[1]
