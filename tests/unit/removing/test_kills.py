"""Runs that are killed (SIGKILL) at many moments: each picture is still there, and the log brings all of them back."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.programs import PYTHON, ROOT

SHARED_MEMORY = Path("/dev/shm")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[str]:
    if not SHARED_MEMORY.is_dir() or SHARED_MEMORY.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second file system to move to")
    with tempfile.TemporaryDirectory(dir=SHARED_MEMORY) as folder:
        yield os.path.join(folder, "spares")


def kill(tmp_path: Path, way: str, undoing: str, step: int, target: str | None = None) -> None:
    """Kill runs at every `step`-th moment; nothing may be wrong with what any of them leaves."""
    arguments = [way, str(tmp_path), target or str(tmp_path / "spares"), undoing, str(step)]
    home = {**os.environ, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "trash")}
    ended = subprocess.run(
        [*PYTHON, "-m", "tests.sparekills", *arguments], capture_output=True, text=True, cwd=ROOT, env=home, check=False
    )
    (line,) = ended.stdout.splitlines()
    assert (ended.returncode, ended.stderr) == (0, "")
    # The programs have some hundred lines to run.
    assert int(line.removesuffix(" kills")) > 400 // step


@pytest.mark.parametrize("way", ["move", "link", "trash", "delete"])
def test_a_run_that_is_killed_loses_nothing(tmp_path: Path, way: str) -> None:
    kill(tmp_path, way, "run", 37)


@pytest.mark.parametrize("way", ["move", "link"])
def test_an_undoing_that_is_killed_loses_nothing_and_goes_on(tmp_path: Path, way: str) -> None:
    kill(tmp_path, way, "undo", 29)


@pytest.mark.parametrize("undoing", ["run", "undo"])
def test_a_move_to_another_file_system_that_is_killed_loses_nothing(
    tmp_path: Path, undoing: str, elsewhere: str
) -> None:
    kill(tmp_path, "move", undoing, 41, elsewhere)
