"""A network gives a vector of a picture, or a map, and tells where in the picture that lies."""

from collections.abc import Sequence

import numpy as np
import pytest

from src.network.knownnetworks import KNOWN
from src.network.network import Network, open_network
from src.network.preprocessing import Preprocessing
from src.network.runtimes import NoNetwork
from tests.networks import needs_networks, write_model
from tests.pictures import draw_picture

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
