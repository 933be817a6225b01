"""Neural networks, by which `deepdescriptor` and `modeldescriptor` describe: found, checked, loaded and run.

A network is opened without being loaded. That is done by the first picture, as a run may have none to describe.
"""

import os
import threading
from collections.abc import Callable, Sequence
from mmap import mmap
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .atomicfile import replacing
from .errors import ExpectedError
from .network.knownnetworks import CHANNELS, KNOWN
from .network.preprocessing import Preprocessing, Window
from .network.runtimes import ONNXRUNTIME, OPENCV, NoNetwork, Runner, load, name_runtime
from .network.weightfiles import HOW_TO_SET_UP, folder, is_sound, open_checked, path_of

__all__ = [
    "CHANNELS", "KNOWN", "ONNXRUNTIME", "OPENCV", "FeatureMap", "Network", "NoNetwork", "Preprocessing", "Window",
    "name_runtime", "open_network", "set_up",
]  # fmt: skip

# The square that a network was trained on is this much of the shorter side: 224 of 256 pixels, for all sizes.
CENTRE = 224 / 256
# What the Lite networks take: whole numbers around 0, from -1 to 1.
MEAN, SCALE = 127.0, 1 / 128


class FeatureMap(NamedTuple):
    """What a network found in a picture, place by place."""

    network: str
    values: NDArray[np.float32]
    """Shape (channels, rows, columns). The mean over the places is what the network gives of the picture."""
    window: Window
    """The part of the picture that the places are in: all that the network saw of it."""


class Network:
    """A network that turns a picture into numbers.

    Parameters
    ----------
    name : str
        Names it in errors and explanations.
    data : bytes or mmap
        The content of an ONNX file. The output is a vector, (1, n), or a map, (1, n, height, width).
    preprocessing : Preprocessing
    output : str, optional
        Which output is taken, if there are several.
    runtime : str, optional
        `ONNXRUNTIME` or `OPENCV`; by default the first that is there.
    """

    def __init__(
        self,
        name: str,
        data: bytes | mmap,
        preprocessing: Preprocessing,
        output: str | None = None,
        runtime: str | None = None,
    ) -> None:
        self.name = name
        self.preprocessing = preprocessing
        self._data, self._output, self._runtime = data, output, runtime
        self._loading = threading.Lock()
        self._runner: Runner | None = None

    def _run(self, blob: NDArray[np.float32]) -> NDArray[np.float32]:
        with self._loading:
            if self._runner is None:
                self._runner = load(self._data, self._output, self._runtime)
        return self._runner.run(blob)

    def pooled(self, image: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return what the network gives of a picture, shape (n,); of a map, the mean over its places.

        Raises
        ------
        NoNetwork
            If it cannot be run, or gives neither a vector nor a map.
        """
        blob, _ = self.preprocessing.apply(image)
        output = self._run(blob)
        if output.ndim not in (2, 4) or len(output) != 1 or not output.size:
            shape = ", ".join(map(str, output.shape))
            raise NoNetwork(f"its output is of shape ({shape}), not (1, n) or (1, n, height, width)")
        vector: NDArray[np.float32] = output[0] if output.ndim == 2 else output[0].mean(axis=(1, 2))
        return vector

    def feature_map(self, image: NDArray[np.uint8]) -> FeatureMap:
        """Return what the network found in a picture, place by place; its output must be a map."""
        blob, window = self.preprocessing.apply(image)
        return FeatureMap(self.name, self._run(blob)[0], window)


def open_network(name: str, runtime: str | None = None) -> Network:
    """Open a known network, a key of `KNOWN`.

    Raises
    ------
    ExpectedError
        If it is not set up, or its file is damaged: one line that says what to do.
    """
    side = KNOWN[name].side
    preprocessing = Preprocessing(side, round(side / CENTRE), (MEAN,) * 3, (SCALE,) * 3, is_rgb=True)
    return Network(name, open_checked(name), preprocessing, runtime=runtime)


def set_up(names: Sequence[str], on_start: Callable[[str], object]) -> str:
    """Make the files of known networks that are not there, or are damaged; return their folder.

    Whenever this is interrupted, the next call goes on.

    Parameters
    ----------
    names : sequence of str
        Keys of `KNOWN`.
    on_start : callable
        Called with the name of each network that has to be made.

    Raises
    ------
    ExpectedError
        If a library is missing, the weights cannot be had, or the folder cannot be written.
    """
    for name in names:
        if not is_sound(name):
            on_start(name)
            _make(name)
    return folder()


def _make(name: str) -> None:
    # Only here: nobody else needs the library that writes ONNX.
    try:
        from .network.efficientnet import convert
    except ImportError as error:
        how = "make deep installs it" if HOW_TO_SET_UP == "make deep" else "pip install 'image-similarity[deep]'"
        raise ExpectedError(f"the library onnx is needed to set up networks: {how} ({error})") from error
    from .network.packages import read_weights_file
    from .network.torchpickle import read_weights

    known, path = KNOWN[name], path_of(name)
    weights = read_weights(read_weights_file(known))
    data = convert(weights, known.repeats, known.side, name)
    try:
        os.makedirs(folder(), exist_ok=True)
        with replacing(path) as file:
            file.write(data)
    except OSError as error:
        raise ExpectedError(f"the network {path} cannot be written: {error.strerror}") from error
    open_checked(name).close()
