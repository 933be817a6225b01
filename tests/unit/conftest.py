"""What tests in several folders share: a dataset folder to be made, the log of a run, and an object store."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.objectstores import ObjectStore, rclone


@pytest.fixture(scope="session")
def object_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStore]:
    if rclone() is None:
        pytest.skip("rclone is not installed")
    with ObjectStore(tmp_path_factory.mktemp("store") / "objects") as store:
        yield store


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    return tmp_path / "photos"


@pytest.fixture
def log(tmp_path: Path) -> str:
    return str(tmp_path / "run.log")
