"""What tests of removing spares share: a dataset folder to be made, and the log of a run."""

from pathlib import Path

import pytest


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    return tmp_path / "photos"


@pytest.fixture
def log(tmp_path: Path) -> str:
    return str(tmp_path / "run.log")
