"""The files of the networks are checked whenever they are opened."""

import sys
from pathlib import Path

import pytest

from src.errors import ExpectedError
from src.network.knownnetworks import KNOWN
from src.network.weightfiles import folder, is_sound, open_checked, path_of
from tests.networks import needs_networks


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("IMAGE_SIMILARITY_NETWORKS", str(tmp_path))
    return tmp_path


def test_they_lie_in_the_python_environment_or_where_the_user_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("IMAGE_SIMILARITY_NETWORKS", raising=False)
    assert Path(folder()) == Path(sys.prefix) / "share" / "image-similarity"
    monkeypatch.setenv("IMAGE_SIMILARITY_NETWORKS", str(tmp_path))
    assert Path(path_of("lite1")) == tmp_path / "lite1.onnx"


def test_one_that_is_missing_says_what_sets_it_up(place: Path) -> None:
    with pytest.raises(ExpectedError) as refused:
        open_checked("lite0")
    assert str(refused.value) == f"the network {place / 'lite0.onnx'} is not there: make deep sets it up"
    assert not is_sound("lite0")


@pytest.mark.parametrize("content", [b"", b"cut", b"\0" * 1_000_000])
def test_one_that_is_damaged_says_what_makes_it_anew(place: Path, content: bytes) -> None:
    (place / "lite0.onnx").write_bytes(content)
    with pytest.raises(ExpectedError, match=r"lite0\.onnx is damaged, or of another version: make deep makes it anew"):
        open_checked("lite0")
    assert not is_sound("lite0")


def test_what_is_no_file_is_named(place: Path) -> None:
    (place / "lite0.onnx").mkdir()
    with pytest.raises(ExpectedError, match=r"lite0\.onnx cannot be read: Is a directory"):
        open_checked("lite0")


@needs_networks
def test_those_that_are_set_up_are_sound() -> None:
    assert all(map(is_sound, KNOWN))
