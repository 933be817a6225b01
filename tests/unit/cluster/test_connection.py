"""Connecting to clusters that are not as they should be, and using the one in this process."""

import gc
import socket
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import src
from src.cluster import connection, tasks, workers
from src.cluster.describing import _batches
from src.colordescriptor import ColorDescriptor
from src.commands.clusters import connected
from src.daskcluster import Cluster, connect
from src.describer import describe_files
from src.description import Outcome, Recipe, Setup
from src.errors import ExpectedError
from src.imagefiles import FoundFile, find_files
from src.indexing.recorder import FolderRecorder
from src.storing.shardfolder import LocalFolder
from tests.clusters import TestCluster
from tests.pictures import write_pictures
from tests.processes import needs_proc
from tests.programs import ROOT

SETUP = Setup(Recipe(ColorDescriptor((8, 12, 3))))


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "CONNECT_SECONDS", 0.5)


@pytest.fixture(scope="module")
def local() -> Iterator[Cluster]:
    with connect("local", 2) as cluster:
        yield cluster
    gc.collect()


def same(one: Outcome, other: Outcome) -> bool:
    features = [b"" if outcome.features is None else outcome.features.tobytes() for outcome in (one, other)]
    return features[0] == features[1] and one._replace(features=None) == other._replace(features=None)


def test_outcomes_are_those_of_one_process_in_the_same_order(local: Cluster, tmp_path: Path) -> None:
    write_pictures(tmp_path, [f"{number:03}.png" for number in range(50)])
    (tmp_path / "010.png").write_bytes(b"no picture")
    (tmp_path / "011.png").write_bytes((tmp_path / "012.png").read_bytes()[:60])
    files = find_files(str(tmp_path)).files
    (tmp_path / "013.png").unlink()
    here = list(describe_files(files, SETUP))
    there = list(local.describe(files, SETUP))
    assert sum(bool(outcome.kind) for outcome in here) == 3
    assert all(map(same, there, here)) and len(there) == len(here)
    known = b"".join(outcome.digest for outcome in here)
    assert not any(outcome.features is not None for outcome in local.describe(files, SETUP._replace(known=known)))
    assert list(local.describe([], SETUP)) == []


def test_a_run_that_ends_early_leaves_nothing_to_do(local: Cluster, tmp_path: Path) -> None:
    write_pictures(tmp_path, [f"{number:03}.png" for number in range(200)])
    with closing(local.describe(find_files(str(tmp_path)).files, SETUP)) as outcomes:
        next(outcomes)
    assert not [future for future in local.client.futures.values() if future.status == "pending"]


def fail_with(error: Exception) -> None:
    raise error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(28, "No space left on device", "/photos/x"), "/photos/x: No space left on device"),
        (MemoryError(), "has not enough memory"),
        (ExpectedError("shards/ is cut"), "shards/ is cut"),
    ],
)
def test_what_a_worker_meets_is_told_in_one_line(local: Cluster, error: Exception, said: str) -> None:
    with pytest.raises(ExpectedError) as raised:
        list(local.each(fail_with, [error]))
    assert said in str(raised.value)
    assert ("the worker " in str(raised.value)) == (type(error) is not ExpectedError)


class OnlyHere:
    """Fails wherever it is unpickled."""

    def __reduce__(self) -> tuple[object, ...]:
        return fail_with, (AttributeError("no OnlyHere"),)


def test_a_descriptor_that_a_worker_cannot_make_is_told_in_one_line(local: Cluster, tmp_path: Path) -> None:
    write_pictures(tmp_path, ["a.png"])
    files = find_files(str(tmp_path)).files
    here_alone = Setup(Recipe(ColorDescriptor((8, 12, 3))), recorder=None)
    here_alone.recipe.descriptor.options = {"bins": OnlyHere()}  # type: ignore[misc]
    with pytest.raises(ExpectedError, match=r"the worker .* cannot make the descriptor: AttributeError: no OnlyHere"):
        list(local.describe(files, here_alone))

    class InAFunction(ColorDescriptor):
        pass

    with pytest.raises(ExpectedError, match="the workers cannot be told of the descriptor: .*InAFunction"):
        list(local.describe(files, Setup(Recipe(InAFunction((8, 12, 3))))))


def test_batches_have_enough_for_all_threads_and_little_for_each() -> None:
    def sizes(count: int, threads: int, nbytes: int = 1000) -> list[int]:
        files = [FoundFile(str(number), f"/{number}", nbytes, 0, 0) for number in range(count)]
        batches = _batches(files, threads)
        assert [file for batch in batches for file in batch] == files
        return [len(batch) for batch in batches]

    assert sizes(0, 2) == []
    assert sizes(50, 2) == [20, 20, 10]
    assert sizes(10_000, 4) == [200] * 50
    assert sizes(1600, 2) == [100] * 16
    assert sizes(5, 2, 150_000_000) == [2, 2, 1]


def test_without_dask_a_line_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*sys.modules]:
        if name.startswith(("src.daskcluster", "src.cluster.", "distributed")):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr(src, "daskcluster")
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ExpectedError, match="pip install -r requirements-cluster.txt"):
        connected("local")


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "shelf", "tcp://127.0.0.1", "ftp://127.0.0.1:9"])
def test_where_no_scheduler_is_a_line_says_so(address: str) -> None:
    with pytest.raises(ExpectedError, match=f"no scheduler answers at {address}: start one with"), connect(address):
        pass


@pytest.mark.usefixtures("impatient")
def test_what_takes_a_connection_and_says_nothing_is_no_scheduler() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(ExpectedError, match=f"no scheduler answers at {address}"), connect(address):
            pass


@pytest.mark.usefixtures("impatient")
def test_where_certificates_are_missing_a_line_says_so() -> None:
    with pytest.raises(ExpectedError, match=r"tls://127\.0\.0\.1:9 needs certificates"), connect("tls://127.0.0.1:9"):
        pass


@needs_proc
def test_workers_that_cannot_do_it_are_told_of_and_nothing_is_lost(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a worker's current folder is looked into, it sees other files than we."""
    there = tmp_path_factory.mktemp("there")
    write_pictures(tmp_path, [f"{number}.png" for number in range(3)])
    monkeypatch.chdir(tmp_path)
    files = [FoundFile(file.id, f"/proc/self/cwd/{file.id}", *file[2:]) for file in find_files(str(tmp_path)).files]
    with TestCluster(there, workers=0) as cluster:
        monkeypatch.setattr(workers, "JOINING_SECONDS", 0.1)
        no_worker = f"has no worker: start some with `dask worker {cluster.address}`"
        with pytest.raises(ExpectedError, match=no_worker), connect(cluster.address):
            pass
        monkeypatch.setattr(workers, "JOINING_SECONDS", 60)
        monkeypatch.setattr(tasks, "PATIENCE_SECONDS", 0.5)
        cluster.add_worker()
        with connect(cluster.address) as asked:
            with pytest.raises(ExpectedError, match=r"does not see /proc/self/cwd/0\.png as .*\(it is not there"):
                list(asked.describe(files, SETUP))
            # A verdict on another file would cost a row of the index.
            (there / "0.png").write_bytes(b"no picture")
            with pytest.raises(ExpectedError, match=r"does not see /proc/self/cwd/0\.png as .*\(it was changed"):
                list(asked.describe(files[:1], SETUP))
            # Nor may the worker have another folder where the index is.
            recorder = FolderRecorder(LocalFolder("/proc/self/cwd/shards"), "key", 0)
            with pytest.raises(ExpectedError, match=r"writes to a folder of its own \(/proc/self/cwd/shards/descr"):
                list(asked.describe(find_files(str(tmp_path)).files, SETUP._replace(recorder=recorder)))
            cluster.kill_worker(cluster.workers[0])
            cluster.add_worker(root=there)
            with pytest.raises(ExpectedError, match=r"does not find this project \(src\): start it with PYTHONPATH"):
                list(asked.describe(files, SETUP))
        with pytest.raises(ExpectedError, match=r"does not find this project \(src\)"), connect(cluster.address):
            pass
        cluster.kill_worker(cluster.workers[0])
        older = there / "older"
        (older / "src").mkdir(parents=True)
        for path in (ROOT / "src").iterdir():
            (older / "src" / path.name).symlink_to(path)
        (older / "src" / "onlythere.py").touch()
        cluster.add_worker(root=older)
        other_version = "has image-similarity .*, and here is image-similarity .*: install"
        with pytest.raises(ExpectedError, match=other_version), connect(cluster.address):
            pass
