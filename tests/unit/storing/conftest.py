from pathlib import Path

import pytest

from src.storing.writer import write_index
from tests.smallindex import INFO, rows


@pytest.fixture
def path(tmp_path: Path) -> str:
    path = str(tmp_path / "index.csv")
    write_index(path, [rows()], INFO)
    return path
