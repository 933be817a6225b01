"""What is written as ONNX does what the network did: against the plain definition, in double precision."""

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from src.network.runtimes import ONNXRUNTIME, OPENCV, load
from tests.networks import Weights, small_weights

efficientnet = pytest.importorskip("src.network.efficientnet", reason="needs onnx: make deep")

SIDE, REPEATS = 36, (1,) * 7
Floats = NDArray[np.float64]


def convolve(image: Floats, kernel: NDArray[np.float32], stride: int) -> Floats:
    """Convolve (channels, height, width) as TensorFlow does by 'same', one sum for each place."""
    size, is_depthwise, side = kernel.shape[2], kernel.shape[1] == 1, image.shape[1]
    becomes = -(-side // stride)
    padding = max((becomes - 1) * stride + size - side, 0)
    padded = np.pad(image, ((0, 0), *[(padding // 2, padding - padding // 2)] * 2))
    out = np.empty((len(kernel), becomes, becomes))
    for y, x in itertools.product(range(becomes), repeat=2):
        window = padded[:, y * stride : y * stride + size, x * stride : x * stride + size]
        products = kernel[:, 0] * window if is_depthwise else kernel * window
        out[:, y, x] = products.reshape(len(kernel), -1).sum(axis=1)
    return out


def plain(weights: Weights, image: Floats) -> Floats:
    def step(image: Floats, conv: str, norm: str, stride: int = 1) -> Floats:
        image = convolve(image, weights[f"{conv}.weight"], stride)
        scale, shift, mean, variance = (
            weights[f"{norm}.{part}"][:, None, None].astype(np.float64)
            for part in ("weight", "bias", "running_mean", "running_var")
        )
        normed: Floats = (image - mean) / np.sqrt(variance + 0.001) * scale + shift
        return normed

    def relu6(image: Floats) -> Floats:
        return np.clip(image, 0, 6)

    image = relu6(step(image, "_conv_stem", "_bn0", 2))
    for number, stride in enumerate((1, 2, 2, 2, 1, 2, 1)):
        name, before = f"_blocks.{number}.", image
        if number > 0:
            image = relu6(step(image, f"{name}_expand_conv", f"{name}_bn0"))
        image = relu6(step(image, f"{name}_depthwise_conv", f"{name}_bn1", stride))
        image = step(image, f"{name}_project_conv", f"{name}_bn2")
        if image.shape == before.shape:
            image = image + before
    return relu6(step(image, "_conv_head", "_bn1"))


@pytest.mark.parametrize("runtime", [ONNXRUNTIME, OPENCV])
def test_the_map_is_that_of_the_definition(runtime: str) -> None:
    weights = small_weights()
    image = np.random.default_rng(2).normal(0, 0.7, (3, SIDE, SIDE))
    wanted = plain(weights, image)
    # All of ReLU6 is in use, or little would be tested.
    assert (wanted == 0).any() and (wanted == 6).any() and ((wanted > 0) & (wanted < 6)).mean() > 0.2
    runner = load(efficientnet.convert(weights, REPEATS, SIDE, "small"), wanted=runtime)
    found = runner.run(image[None].astype(np.float32))
    assert found.shape == (1, *wanted.shape)
    assert np.abs(found[0] - wanted).max() < 1e-4


def test_the_same_weights_give_the_same_bytes() -> None:
    one, other = (efficientnet.convert(small_weights(), REPEATS, SIDE, "small") for _ in range(2))
    assert one == other


@pytest.mark.parametrize(
    ("side", "kernel", "stride", "padding", "becomes"),
    [
        (224, 3, 2, (0, 1), 112),
        (112, 3, 1, (1, 1), 112),
        (56, 5, 2, (1, 2), 28),
        (65, 5, 2, (2, 2), 33),
        (15, 5, 2, (2, 2), 8),
        (7, 1, 1, (0, 0), 7),
    ],
)
def test_padding_is_that_of_tensorflow(
    side: int, kernel: int, stride: int, padding: tuple[int, int], becomes: int
) -> None:
    assert efficientnet.same_padding(side, kernel, stride) == (padding, becomes)
