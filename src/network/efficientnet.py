"""EfficientNet-Lite as an ONNX graph: from a picture to its last feature map, without the classifier.

Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", 2019; the Lite variants of
TensorFlow's `tpu/models/official/efficientnet/lite` have ReLU6 in place of swish, and no squeeze-and-excitation.
"""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Weights = Mapping[str, NDArray[Any]]

# The stages of EfficientNet-B0: by how much the first block of each makes the map smaller. Their kernels and channels
# show in the weights.
STRIDES = (1, 2, 2, 2, 1, 2, 1)
_EPSILON = 1e-3  # of the batch norms, as TensorFlow has it
_OPSET = 13
_IR = 8  # the oldest of this opset's time: older runtimes take it

INPUT, OUTPUT = "image", "features"


def convert(weights: Weights, repeats: Sequence[int], side: int, name: str) -> bytes:
    """Write the network as ONNX: the same weights always give the same bytes.

    Parameters
    ----------
    weights : mapping of str to ndarray
        As the PyTorch class of the network names them: `_conv_stem.weight` (out, in, height, width) and so on.
    repeats : sequence of int
        How many blocks each of the seven stages has.
    side : int
        Of the square that it looks at, in pixels.
    name : str
        Of the graph.

    Returns
    -------
    bytes
        A model with the input `image`, float32 of shape (n, 3, side, side), and the output `features`, (n, 1280,
        height, width), the last feature map after ReLU6; its mean over the places is what the classifier would get.
    """
    graph = _Graph(weights, side)
    map_ = graph.convolve(INPUT, "_conv_stem", "_bn0", stride=2, clip=True)
    blocks = count()
    for repeat, first_stride in zip(repeats, STRIDES, strict=True):
        for number in range(repeat):
            map_ = graph.block(map_, f"_blocks.{next(blocks)}.", first_stride if number == 0 else 1)
    graph.convolve(map_, "_conv_head", "_bn1", clip=True, output=OUTPUT)
    return graph.model(name)


class _Graph:
    """Nodes and weights so far; a map is known by its name, and its side by `_sides`."""

    def __init__(self, weights: Weights, side: int) -> None:
        self._weights = weights
        self._side = side
        self._sides = {INPUT: side}
        self._channels = {INPUT: weights["_conv_stem.weight"].shape[1]}
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []
        self._constant("zero", np.float32(0))
        self._constant("six", np.float32(6))

    def block(self, source: str, name: str, stride: int) -> str:
        """Append an inverted residual block: widen, look around in each channel, make narrow, add what came in."""
        map_ = source
        if f"{name}_expand_conv.weight" in self._weights:
            map_ = self.convolve(map_, f"{name}_expand_conv", f"{name}_bn0", clip=True)
        map_ = self.convolve(map_, f"{name}_depthwise_conv", f"{name}_bn1", stride=stride, clip=True)
        map_ = self.convolve(map_, f"{name}_project_conv", f"{name}_bn2")
        if stride > 1 or self._channels[map_] != self._channels[source]:
            return map_
        output = f"{name}sum"
        self._nodes.append(helper.make_node("Add", [map_, source], [output], output))
        self._sides[output], self._channels[output] = self._sides[map_], self._channels[map_]
        return output

    def convolve(
        self, source: str, conv: str, norm: str, *, stride: int = 1, clip: bool = False, output: str | None = None
    ) -> str:
        """Append a convolution with its batch norm folded in, and ReLU6 behind it if wanted."""
        kernel, bias = self._folded(conv, norm)
        self._constant(f"{conv}.kernel", kernel)
        self._constant(f"{conv}.bias", bias)
        (before, after), side = same_padding(self._sides[source], kernel.shape[2], stride)
        name = f"{conv}.clipped" if clip else f"{conv}.map"
        name = output or name
        convolved = f"{conv}.sum" if clip else name
        self._nodes.append(
            helper.make_node(
                "Conv", [source, f"{conv}.kernel", f"{conv}.bias"], [convolved], convolved,
                kernel_shape=kernel.shape[2:], strides=[stride, stride], pads=[before, before, after, after],
                group=self._channels[source] // kernel.shape[1],
            )
        )  # fmt: skip
        if clip:
            self._nodes.append(helper.make_node("Clip", [convolved, "zero", "six"], [name], name))
        self._sides[name], self._channels[name] = side, len(kernel)
        return name

    def _folded(self, conv: str, norm: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return kernel and bias that do what a convolution and its batch norm do one after the other."""
        scale, shift, mean, variance = (
            self._weights[f"{norm}.{part}"].astype(np.float64)
            for part in ("weight", "bias", "running_mean", "running_var")
        )
        scale = scale / np.sqrt(variance + _EPSILON)
        kernel = self._weights[f"{conv}.weight"] * scale[:, None, None, None]
        return kernel.astype(np.float32), (shift - mean * scale).astype(np.float32)

    def _constant(self, name: str, values: NDArray[np.float32] | np.float32) -> None:
        self._constants.append(numpy_helper.from_array(np.asarray(values, np.float32), name))

    def model(self, name: str) -> bytes:
        side = self._sides[OUTPUT]
        graph = helper.make_graph(
            self._nodes,
            name,
            [
                helper.make_tensor_value_info(
                    INPUT, TensorProto.FLOAT, ["n", self._channels[INPUT], self._side, self._side]
                )
            ],
            [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["n", self._channels[OUTPUT], side, side])],
            self._constants,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR)
        model.producer_name = "image-similarity"
        onnx.checker.check_model(model, full_check=True)
        data: bytes = model.SerializeToString(deterministic=True)
        return data


def same_padding(side: int, kernel: int, stride: int) -> tuple[tuple[int, int], int]:
    """Return how TensorFlow's 'same' pads a side, before and after it, and how long it becomes.

    Where the padding is odd, the larger half comes after: PyTorch and ONNX would have both alike.
    """
    becomes = -(-side // stride)
    padding = max((becomes - 1) * stride + kernel - side, 0)
    return (padding // 2, padding - padding // 2), becomes
