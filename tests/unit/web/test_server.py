"""What the server refuses before it listens anywhere."""

from pathlib import Path

import pytest

from src.errors import ExpectedError, IndexFileError
from src.web.server import run_server
from src.web.settings import Settings
from src.webservice import count_images


def test_an_address_of_another_machine_is_told_in_words() -> None:
    with pytest.raises(ExpectedError, match="192.0.2.1:8000: no address of this machine: choose one with --host"):
        run_server(Settings("index.csv", host="192.0.2.1"))


def test_an_index_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(IndexFileError, match=str(tmp_path / "none.csv")):
        count_images(Settings(str(tmp_path / "none.csv")))
