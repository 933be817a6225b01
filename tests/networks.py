"""Networks of the tests: small ones that are made up, and whether the real ones are set up."""

import os
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from src.network.knownnetworks import KNOWN
from src.network.weightfiles import is_sound

needs_networks = pytest.mark.skipif(not all(map(is_sound, KNOWN)), reason="needs the networks: make deep")

PACKAGE = "image-similarity-made-up"
"""Of which no registry knows."""

Weights = dict[str, NDArray[Any]]


def small_weights(channels: Sequence[int] = (4, 4, 6, 6, 8, 8, 8), head: int = 12) -> Weights:
    """Make up the weights of a network of seven stages of one block each, that widen twice, with kernels 3 and 5."""
    rng = np.random.default_rng(1)
    weights: Weights = {}

    def add(conv: str, norm: str, *shape: int) -> None:
        weights[f"{conv}.weight"] = rng.normal(0, 0.5, shape).astype(np.float32)
        for part, lowest in (("weight", 0.5), ("bias", -1), ("running_mean", -1), ("running_var", 0.5)):
            weights[f"{norm}.{part}"] = rng.uniform(lowest, 2, shape[0]).astype(np.float32)
        weights[f"{norm}.num_batches_tracked"] = np.array(7)

    add("_conv_stem", "_bn0", 4, 3, 3, 3)
    before = 4
    for number, after in enumerate(channels):
        name, wide = f"_blocks.{number}.", before if number == 0 else 2 * before
        if number > 0:
            add(f"{name}_expand_conv", f"{name}_bn0", wide, before, 1, 1)
        kernel = 5 if number in (2, 4) else 3
        add(f"{name}_depthwise_conv", f"{name}_bn1", wide, 1, kernel, kernel)
        add(f"{name}_project_conv", f"{name}_bn2", after, wide, 1, 1)
        before = after
    add("_conv_head", "_bn1", head, before, 1, 1)
    return weights


def write_model(
    outputs: Mapping[str, Sequence[int | str]], inputs: Mapping[str, Sequence[int | str]] | None = None
) -> bytes:
    """Write a network as ONNX whose outputs are the mean colour of each of 2 x 2 fields of a picture, shaped as said.

    Parameters
    ----------
    outputs : mapping of str to shapes
        (1, 12) is a vector, (1, 3, 2, 2) a map; 'nan' in a shape stands for no dimension and makes all of it NaN.
    inputs : mapping of str to shapes, optional
        By default one, 'picture', of any size.
    """
    onnx = pytest.importorskip("onnx")
    inputs = inputs or {"picture": (1, 3, "height", "width")}
    make, first = onnx.helper, next(iter(inputs))
    nodes = [make.make_node("AveragePool", [first], ["means"], kernel_shape=[16, 16], strides=[16, 16])]
    constants, values = [], []
    for name, shape in outputs.items():
        sizes = [size for size in shape if isinstance(size, int)]
        constants.append(onnx.numpy_helper.from_array(np.array(sizes, np.int64), f"{name}.shape"))
        source = "means"
        if "nan" in shape:
            constants.append(onnx.numpy_helper.from_array(np.array(np.nan, np.float32), f"{name}.nan"))
            source = f"{name}.spoilt"
            nodes.append(make.make_node("Mul", ["means", f"{name}.nan"], [source]))
        nodes.append(make.make_node("Reshape", [source, f"{name}.shape"], [name]))
        values.append(make.make_tensor_value_info(name, onnx.TensorProto.FLOAT, sizes))
    given = [make.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape) for name, shape in inputs.items()]
    graph = make.make_graph(nodes, "small", given, values, constants)
    model = make.make_model(graph, opset_imports=[make.make_opsetid("", 13)], ir_version=8)
    data: bytes = model.SerializeToString(deterministic=True)
    return data


def pip_finds_only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have pip ask no registry."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))


def write_wheel(folder: Path, file: str, content: bytes) -> None:
    """Write version 0.1.0 of the package: with a file, and with code that must not be run."""
    name = PACKAGE.replace("-", "_")
    info = f"{name}-0.1.0.dist-info"
    with zipfile.ZipFile(folder / f"{name}-0.1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(file, content)
        wheel.writestr(f"{name}/__init__.py", "raise SystemExit('it was run')")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {PACKAGE}\nVersion: 0.1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
