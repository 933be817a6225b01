"""A cluster that falls apart while it describes: time is lost, and nothing else."""

import subprocess
import time
from pathlib import Path

import pytest

from tests.clusters import TestCluster
from tests.pictures import write_pictures
from tests.programs import PYTHON, ROOT, run

PICTURES = 900


class Indexing(subprocess.Popen[str]):
    """A run on a cluster, followed by what it has recorded."""

    def __init__(self, photos: Path, index: Path, address: str) -> None:
        self._journal = index.with_name(f"{index.name}.partial")
        options = ["--dataset", str(photos), "--index", str(index), "--cluster", address]
        super().__init__(
            [*PYTHON, str(ROOT / "index.py"), *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def wait_for(self, share: float, of: int) -> None:
        """Wait until a share of so many bytes is recorded."""
        end = time.monotonic() + 60
        while not self._journal.exists() or self._journal.stat().st_size < share * of:
            assert self.poll() is None and time.monotonic() < end, self.stderr and self.stderr.read()
            time.sleep(0.01)


def test_whatever_dies_meanwhile_the_index_comes_to_be_that_of_one_machine(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    photos, index, wanted = tmp_path / "photos", tmp_path / "index.csv", tmp_path / "one.csv"
    write_pictures(photos, [f"{number:03}.png" for number in range(PICTURES)])
    run("index.py", "--dataset", photos, "--index", wanted)
    size = wanted.stat().st_size
    with TestCluster(tmp_path_factory.mktemp("cluster")) as cluster:
        with Indexing(photos, index, cluster.address) as indexing:
            indexing.wait_for(0.1, size)
            cluster.kill_scheduler()
            _, said = indexing.communicate(timeout=60)
        assert (indexing.returncode, said.count("\n")) == (1, 1), said
        assert f"the scheduler at {cluster.address} has gone away" in said
        assert not index.exists()

        for worker in cluster.workers:
            worker.wait(60)  # it ends with its scheduler
        cluster.start_scheduler()
        worker = cluster.add_worker()
        with Indexing(photos, index, cluster.address) as indexing:
            indexing.wait_for(0.4, size)
            cluster.add_worker()
            cluster.kill_worker(worker)
            _, said = indexing.communicate(timeout=60)
        assert (indexing.returncode, said.count("\n")) == (0, 1), said
    assert index.read_bytes() == wanted.read_bytes()
