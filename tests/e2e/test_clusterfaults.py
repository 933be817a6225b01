"""A cluster that falls apart while it describes: time is lost, and nothing else."""

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.clusters import TestCluster
from tests.pictures import write_pictures
from tests.programs import PYTHON, ROOT, run

PICTURES = 600
# Bytes that are recorded of fewer pictures than a batch has, and more than the title of a journal.
ONE_BATCH = 10_000


class Indexing(subprocess.Popen[str]):
    """A run on a cluster, followed by what it has recorded."""

    def __init__(self, photos: Path, index: Path, address: str) -> None:
        shards = index.suffix != ".csv"
        self._recorded = index / "described" if shards else index.with_name(f"{index.name}.partial")
        options = ["--dataset", str(photos), "--index", str(index), "--cluster", address]
        options += ["--shard-size", "250"] if shards else []
        self._before = self._nbytes()
        super().__init__(
            [*PYTHON, str(ROOT / "index.py"), *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def get_on(self) -> None:
        """Wait until it has recorded something."""
        end = time.monotonic() + 60
        while self._nbytes() < self._before + ONE_BATCH:
            assert self.poll() is None and time.monotonic() < end, self.stderr and self.stderr.read()
            time.sleep(0.01)

    def _nbytes(self) -> int:
        files = [path for path in (self._recorded, *self._recorded.glob("*")) if path.is_file()]
        return sum(path.stat().st_size for path in files if path.exists())

    def must_say(self, words: str, code: int) -> None:
        """Wait for the end, of which one line tells."""
        _, said = self.communicate(timeout=60)
        assert (self.returncode, said.count("\n")) == (code, 1), said
        assert words in said


def rows_of(index: Path) -> bytes:
    if index.suffix == ".csv":
        return index.read_bytes()
    assert not (index / "described").exists()
    shards = json.loads((index / "manifest.json").read_bytes())["shards"]
    assert len(shards) == 3
    return b"".join((index / shard["name"]).read_bytes() for shard in shards)


@pytest.mark.parametrize("name", ["index.csv", "shards"])
def test_whatever_dies_meanwhile_the_index_comes_to_be_that_of_one_machine(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    photos, index, wanted = tmp_path / "photos", tmp_path / name, tmp_path / "one.csv"
    write_pictures(photos, [f"{number:03}.png" for number in range(PICTURES)])
    run("index.py", "--dataset", photos, "--index", wanted)
    with TestCluster(tmp_path_factory.mktemp("cluster")) as cluster:
        with Indexing(photos, index, cluster.address) as indexing:
            indexing.get_on()
            cluster.kill_scheduler()
            indexing.must_say(f"the scheduler at {cluster.address} has gone away", 1)
        assert not (index if name == "index.csv" else index / "manifest.json").exists()

        for worker in cluster.workers:
            worker.wait(60)  # it ends with its scheduler
        cluster.start_scheduler()
        worker = cluster.add_worker()
        with Indexing(photos, index, cluster.address) as indexing:
            indexing.get_on()
            indexing.send_signal(signal.SIGINT)
            indexing.must_say("the next run goes on from here", 130)

        with Indexing(photos, index, cluster.address) as indexing:
            indexing.get_on()
            cluster.add_worker()
            cluster.kill_worker(worker)
            indexing.must_say("indexed 600 (600 new", 0)
    assert rows_of(index) == wanted.read_bytes()
