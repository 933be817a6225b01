from concurrent.futures import CancelledError
from types import SimpleNamespace

import pytest
from distributed import KilledWorker

from src.cluster.failures import ClusterFailed, failures_told, no_project
from src.cluster.versions import difference, own_version
from src.errors import IndexFileError

WORKER = SimpleNamespace(address="tcp://10.0.0.7:4000")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (KilledWorker("apply-1", WORKER, 3), "workers of tcp://a:1 have died one after the other over the same work"),
        (CancelledError("apply-1"), "the scheduler at tcp://a:1 has gone away: start it again"),
        (ConnectionRefusedError(), "the scheduler at tcp://a:1 has gone away: start it again"),
        (ModuleNotFoundError(name="src"), "a worker of tcp://a:1 does not find this project (src): start it with"),
        (ModuleNotFoundError(name="cv2"), "a worker of tcp://a:1 has no cv2: install the same there"),
        (IndexFileError("shards/: part-00001.csv is cut"), "shards/: part-00001.csv is cut"),
    ],
)
def test_what_goes_wrong_is_told_in_one_line(error: Exception, said: str) -> None:
    with pytest.raises((ClusterFailed, IndexFileError)) as raised, failures_told("tcp://a:1"):
        raise error
    assert str(raised.value).startswith(said)
    assert "\n" not in str(raised.value)


def test_a_mistake_of_the_program_is_told_as_such() -> None:
    with pytest.raises(ZeroDivisionError), failures_told("tcp://a:1"):
        raise ZeroDivisionError


def test_a_worker_of_an_older_version_is_not_taken_for_one_without_the_project() -> None:
    said = str(no_project("the worker tcp://b:2", ModuleNotFoundError(name="src.cluster")))
    assert said.startswith("the worker tcp://b:2 has another version of this project")


def test_of_another_version_only_what_differs_is_told() -> None:
    older = own_version().replace("OpenCV ", "OpenCV 0")
    said = difference("tcp://b:2", older, own_version())
    assert said.count("OpenCV") == 2 and "numpy" not in said and "image-similarity" not in said
