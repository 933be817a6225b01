"""A cluster that falls apart while it describes: time is lost, and nothing else."""

import json
import signal
import subprocess
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier, Event

import pytest

from src.cluster import connection, tasks
from src.commands import index as index_command
from src.daskcluster import Cluster, connect
from src.description import Outcome, Setup
from src.errors import ExpectedError
from src.imagefiles import FoundFile
from src.indexer import Options, Report, index_folder
from tests.clusters import TestCluster
from tests.pictures import write_pictures
from tests.programs import PYTHON, ROOT, succeed_here
from tests.servers import index_here

PICTURES = 200
# Fewer than a batch has.
SOME = 10
KINDS = ("index.csv", "shards/")
SECONDS = 60


class Indexing:
    """A run on a cluster, in which something happens once it has described some files.

    Attributes
    ----------
    described : int
        How many files were described for it, and not known from a run before.
    """

    def __init__(self, cluster: Cluster, photos: Path, index: str, meanwhile: Callable[[], object]) -> None:
        self._cluster, self._photos, self._index, self._meanwhile = cluster, photos, index, meanwhile
        self.described = 0

    def __call__(self) -> Report:
        options = Options(shard_size=50)
        return index_folder(str(self._photos), self._index, None, options, self._describe, each=self._cluster.each)

    def _describe(self, files: Sequence[FoundFile], setup: Setup) -> Generator[Outcome, None, None]:
        with closing(self._cluster.describe(files, setup)) as outcomes:
            for outcome in outcomes:
                self.described += outcome.features is not None or outcome.recorded is not None
                if self.described == SOME:
                    self._meanwhile()
                yield outcome


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of pictures, and beside it the index file of one machine."""
    photos = tmp_path_factory.mktemp("photos") / "photos"
    write_pictures(photos, [f"{number:03}.png" for number in range(PICTURES)])
    index_here(photos, photos.parent / "one.csv")
    return photos


def index_both(
    address: str, photos: Path, folder: Path, event: Callable[[], object]
) -> list[tuple[Report | BaseException, int]]:
    """Index into a file and into shards; return what came of it, and how many files were described for each.

    The event is in the middle of both: whoever has begun waits for it.
    """
    begun, over = Barrier(len(KINDS) + 1), Event()

    def wait() -> None:
        begun.wait(SECONDS)
        assert over.wait(SECONDS)

    with connect(address) as cluster, ThreadPoolExecutor() as threads:
        runs = [Indexing(cluster, photos, f"{folder}/{kind}", wait) for kind in KINDS]
        ended = [threads.submit(one) for one in runs]
        begun.wait(SECONDS)
        event()
        over.set()
        return [(end.exception() or end.result(), one.described) for end, one in zip(ended, runs, strict=True)]


def rows_of(index: Path) -> bytes:
    if index.suffix == ".csv":
        return index.read_bytes()
    assert not (index / "described").exists()
    shards = json.loads((index / "manifest.json").read_bytes())["shards"]
    assert len(shards) > 2
    return b"".join((index / shard["name"]).read_bytes() for shard in shards)


def interrupt() -> None:
    raise KeyboardInterrupt


def test_whatever_dies_meanwhile_the_index_comes_to_be_that_of_one_machine(
    cluster: TestCluster, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Workers that are far ahead would have described all before anything happens.
    monkeypatch.setattr(tasks, "AHEAD", 1)
    # Dask looks for a scheduler that has gone for as long.
    monkeypatch.setattr(connection, "CONNECT_SECONDS", 3)
    for error, described in index_both(cluster.address, photos, tmp_path, cluster.kill_scheduler):
        assert isinstance(error, ExpectedError)
        assert str(error).startswith(f"the scheduler at {cluster.address} has gone away")
        assert SOME <= described < PICTURES
    assert not any((tmp_path / name).exists() for name in ("index.csv", "shards/manifest.json"))

    for worker in cluster.workers:
        worker.wait(SECONDS)  # it ends with its scheduler
    cluster.mend(1)
    for kind in KINDS:
        with connect(cluster.address) as connected:
            indexing = Indexing(connected, photos, f"{tmp_path}/{kind}", interrupt)
            with pytest.raises(KeyboardInterrupt):
                indexing()

    def exchange_workers() -> None:
        cluster.add_worker()
        cluster.kill_worker(cluster.workers[0])

    for report, described in index_both(cluster.address, photos, tmp_path, exchange_workers):
        assert isinstance(report, Report), report
        assert (report.indexed, report.new) == (PICTURES, PICTURES)
        assert SOME < described < PICTURES - 2 * SOME
    assert {rows_of(tmp_path / kind) for kind in KINDS} == {(photos.parent / "one.csv").read_bytes()}


def test_ctrl_c_ends_the_program_at_once_and_the_next_run_goes_on(
    cluster: TestCluster, photos: Path, tmp_path: Path
) -> None:
    shards = tmp_path / "shards"
    options = ["--dataset", str(photos), "--index", str(shards), "--shard-size", "50", "--cluster", cluster.address]
    command = [*PYTHON, str(ROOT / "index.py"), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as indexing:
        end = time.monotonic() + SECONDS
        while not list(shards.glob("described/*")):
            assert indexing.poll() is None and time.monotonic() < end
            time.sleep(0.005)
        # So that it cannot have finished when the signal comes.
        for worker in cluster.workers:
            worker.send_signal(signal.SIGSTOP)
        indexing.send_signal(signal.SIGINT)
        _, said = indexing.communicate(timeout=SECONDS)
        for worker in cluster.workers:
            worker.send_signal(signal.SIGCONT)
    assert (indexing.returncode, said.count("\n")) == (130, 1), said
    assert "the next run goes on from here" in said
    report = json.loads("\n".join(succeed_here(index_command.main, *options, "--json")))
    assert (report["indexed"], report["new"]) == (PICTURES, PICTURES)
    assert rows_of(shards) == (photos.parent / "one.csv").read_bytes()
