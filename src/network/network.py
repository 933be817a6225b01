"""A network turns a picture into numbers. The first picture has it loaded, as a run may have none to describe."""

import threading
from mmap import mmap

import numpy as np
from numpy.typing import NDArray

from ..descriptor import FeatureMap
from .knownnetworks import KNOWN
from .preprocessing import CENTRE, Preprocessing
from .runtimes import NoNetwork, Runner, load
from .weightfiles import open_checked

# What the Lite networks take: whole numbers around 0, from -1 to 1.
MEAN, SCALE = 127.0, 1 / 128


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
