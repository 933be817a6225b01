"""Reads the weights in a file that PyTorch has pickled, without PyTorch, and without running what a pickle asks for.

A pickle is a program: it names functions of Python and calls them. Here it gets the few names that weights need, and
these only make arrays. The format is the one before PyTorch 1.6, which is no zip file: three small pickles, that of the
names and shapes, the list of the storages, and then the numbers of each storage.
"""

import io
import pickle
from collections import OrderedDict
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

# How PyTorch's `torch/serialization.py` begins a file of this format, and which version it calls it.
_MAGIC = 0x1950A86A20F9469CFC6C
_PROTOCOL = 1001

_TYPES = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}


class ForeignPickle(ValueError):
    """A pickle that asks for more than weights need."""


def read_weights(data: bytes) -> dict[str, NDArray[Any]]:
    """Read named arrays.

    Parameters
    ----------
    data : bytes
        The content of a `.pth` file in PyTorch's old format: a dict of tensors of float32 and int64, on the CPU.

    Returns
    -------
    dict of str to ndarray
        In the order of the file; C-contiguous copies.

    Raises
    ------
    ForeignPickle
        If it is no such file, or its pickle names anything but what a tensor is made of.
    """
    file = io.BytesIO(data)
    try:
        return _read(file)
    except ForeignPickle:
        raise
    except Exception as error:
        # A pickle that is cut or made up fails in many ways: they all mean the same here.
        raise ForeignPickle(f"these are no weights that PyTorch has written: {error}") from error


def _read(file: BinaryIO) -> dict[str, NDArray[Any]]:
    if _Plain(file).load() != _MAGIC or _Plain(file).load() != _PROTOCOL:
        raise ForeignPickle("these are no weights in PyTorch's old format")
    _Plain(file).load()  # sizes of C's types where it was written
    names = _Tensors(file)
    tensors = names.load()
    for key in _Plain(file).load():
        storage = names.storages[key]
        if int.from_bytes(file.read(8), "little") != len(storage):
            raise ForeignPickle(f"storage {key} has another length than was said")
        storage[:] = np.frombuffer(file.read(storage.nbytes), storage.dtype)
    return {str(name): np.ascontiguousarray(tensor) for name, tensor in tensors.items()}


class _Plain(pickle.Unpickler):
    """Unpickles numbers, texts, lists and dicts; nothing has a name."""

    def find_class(self, module: str, name: str) -> Any:
        raise ForeignPickle(f"the weights ask for {module}.{name}, which weights do not need")


class _Tensors(_Plain):
    """Unpickles a dict of tensors over storages that are still empty."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        self.storages: dict[str, NDArray[Any]] = {}

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _tensor
        if module == "torch" and name in _TYPES:
            return _TYPES[name]
        return super().find_class(module, name)

    def persistent_load(self, pid: Any) -> NDArray[Any]:
        kind, dtype, key, _, length, *_ = pid
        if kind != "storage" or dtype not in _TYPES.values():
            raise ForeignPickle(f"the weights ask for a {kind} of {dtype}")
        return self.storages.setdefault(key, np.zeros(length, dtype))


def _tensor(
    storage: NDArray[Any], offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: object
) -> NDArray[Any]:
    """Make what `torch._utils._rebuild_tensor_v2` makes: a view into a storage; strides count numbers, not bytes."""
    if any(stride < 0 for stride in strides) or offset < 0:
        raise ForeignPickle("a tensor lies outside of its storage")
    last = offset + sum((length - 1) * stride for length, stride in zip(shape, strides, strict=True))
    if last >= len(storage):
        raise ForeignPickle("a tensor lies outside of its storage")
    size = storage.itemsize
    return np.lib.stride_tricks.as_strided(storage[offset:], shape, [size * stride for stride in strides])
