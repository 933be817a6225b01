"""What all tests have in common: the programs that they start get signals as they would from a terminal."""

import os
import signal
from collections.abc import Iterator

import pytest

from tests.clusters import TestCluster

# As the programs have it: tests run on all cores anyway, and BLAS threads of each would wait for them by spinning.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

SIGNALS = [signal.Signals[name] for name in ("SIGHUP", "SIGINT", "SIGTERM") if hasattr(signal, name)]


def pytest_configure(config: pytest.Config) -> None:
    """See that no signal is ignored: nohup, a job in the background and many a CI do so, and programs inherit it.

    A handler does not reach the program that is started, as SIG_IGN does; and this process survives as before.
    """
    for number in SIGNALS:
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


@pytest.fixture(autouse=True)
def signals_stay_as_they_are() -> Iterator[None]:
    """Fail a test that leaves a signal changed, which the programs of later tests would inherit."""
    before = [signal.getsignal(number) for number in SIGNALS]
    yield
    assert [signal.getsignal(number) for number in SIGNALS] == before


@pytest.fixture(scope="session")
def shared_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestCluster]:
    with TestCluster(tmp_path_factory.mktemp("cluster"), workers=0) as cluster:
        yield cluster


@pytest.fixture
def cluster(shared_cluster: TestCluster) -> TestCluster:
    """A scheduler and two workers, which all tests share: to start them takes two seconds of a core.

    A test may do with them whatever it likes.
    """
    shared_cluster.mend()
    return shared_cluster


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return three workers for two cores: a third of the time, a test waits for a process, a disk or a clock."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores + cores // 2
