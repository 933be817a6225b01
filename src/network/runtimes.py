"""What runs an ONNX network: onnxruntime where it is installed, as it is faster; otherwise OpenCV, which always is."""

import threading
from collections.abc import Sequence
from functools import lru_cache
from mmap import mmap
from types import ModuleType
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

ONNXRUNTIME, OPENCV = "onnxruntime", "opencv"

# Of what a runtime logs, errors are told by what it raises, and the rest is for its makers.
_FATAL_ALONE = 4


class NoNetwork(ValueError):
    """What is no network that can be run here; the text says why, in one line."""


class Runner(Protocol):
    """A network that is loaded; threads may share it."""

    def run(self, blob: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the output for an input, both as the network has them; raise NoNetwork if it cannot be run."""


def name_runtime(wanted: str | None = None) -> str:
    """Return the name and version of what runs networks here, such as 'onnxruntime 1.32.0'; `wanted` as for `load`."""
    runtime = _onnxruntime() if wanted != OPENCV else None
    return f"{ONNXRUNTIME} {runtime.__version__}" if runtime else f"{OPENCV} {cv2.__version__}"


def load(data: bytes | mmap, output: str | None = None, wanted: str | None = None) -> Runner:
    """Load a network.

    Parameters
    ----------
    data : bytes or mmap
        The content of an ONNX file.
    output : str, optional
        Which of its outputs is taken, if there are several.
    wanted : str, optional
        `ONNXRUNTIME` or `OPENCV`; by default the first that is there.

    Raises
    ------
    NoNetwork
    """
    runtime = _onnxruntime() if wanted != OPENCV else None
    return _ByOnnxruntime(runtime, data, output) if runtime else _ByOpenCV(data, output)


@lru_cache(maxsize=1)
def _onnxruntime() -> ModuleType | None:
    try:
        import onnxruntime
    except ImportError:  # not installed, or for another system
        return None
    module: ModuleType = onnxruntime
    return module


def choose_output(outputs: Sequence[str], wanted: str | None) -> str:
    """Return the name of the output that is taken; NoNetwork if that is none, or may be any of several."""
    if wanted is None and len(outputs) == 1:
        return outputs[0]
    if wanted in outputs:
        return str(wanted)
    there = ", ".join(outputs)
    raise NoNetwork(f"it has no output '{wanted}', only {there}" if wanted else f"it has several outputs: {there}")


class _ByOnnxruntime:
    def __init__(self, runtime: ModuleType, data: bytes | mmap, output: str | None) -> None:
        options = runtime.SessionOptions()
        # As many threads as OpenCV has: one in the process that describes, which runs several pictures at a time.
        options.intra_op_num_threads = cv2.getNumThreads()
        options.inter_op_num_threads = 1
        options.log_severity_level = _FATAL_ALONE
        # Threads that wait for each other sleep. Otherwise they keep cores busy that others need.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = runtime.InferenceSession(bytes(data), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # of its own kinds, which share no class but this
            raise NoNetwork(_reason(error)) from error
        inputs = self._session.get_inputs()
        if len(inputs) != 1:
            raise NoNetwork(f"it has {len(inputs)} inputs: {', '.join(one.name for one in inputs)}")
        self._input = inputs[0].name
        self._outputs = [choose_output([one.name for one in self._session.get_outputs()], output)]

    def run(self, blob: NDArray[np.float32]) -> NDArray[np.float32]:
        try:
            return _as_floats(self._session.run(self._outputs, {self._input: blob})[0])
        except Exception as error:
            raise NoNetwork(_reason(error)) from error


class _ByOpenCV:
    """A net of OpenCV serves one thread at a time, so each thread gets its own."""

    def __init__(self, data: bytes | mmap, output: str | None) -> None:
        self._data = data
        self._nets = threading.local()
        self._output = choose_output(self._net().getUnconnectedOutLayersNames(), output)

    def _net(self) -> Any:
        net = getattr(self._nets, "net", None)
        if net is None:
            try:
                net = self._nets.net = cv2.dnn.readNetFromONNX(np.frombuffer(self._data, np.uint8))
            except cv2.error as error:
                raise NoNetwork(_reason(error)) from error
        return net

    def run(self, blob: NDArray[np.float32]) -> NDArray[np.float32]:
        net = self._net()
        try:
            net.setInput(blob)
            # A copy, as the net writes its next answer in the same place.
            return _as_floats(net.forward(self._output)).copy()
        except cv2.error as error:
            raise NoNetwork(_reason(error)) from error


def _as_floats(output: object) -> NDArray[np.float32]:
    return np.asarray(output, np.float32)


def _reason(error: Exception) -> str:
    """Return in one line why a runtime refuses; memory that is missing is not the network's fault."""
    if getattr(error, "code", None) == cv2.Error.StsNoMem or "bad_alloc" in str(error):
        raise MemoryError from error
    said = getattr(error, "err", None) or str(error)
    return " ".join(str(said).split())[:200]
