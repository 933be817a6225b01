"""Files of weights in PyTorch's old format, written without PyTorch."""

import io
import pickle
import struct
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAGIC, PROTOCOL = 0x1950A86A20F9469CFC6C, 1001
SIZES = {"protocol_version": PROTOCOL, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}}


class Name:
    """What a pickle names by its module, whether that is there or not."""

    def __init__(self, module: str, name: str) -> None:
        self.line = f"c{module}\n{name}\n".encode()


class Storage:
    """Numbers that tensors are views of."""

    def __init__(self, key: str, numbers: NDArray[Any]) -> None:
        self.key, self.numbers = key, numbers


class Tensor:
    """A view of a storage; offset and strides count numbers."""

    def __init__(self, storage: Storage, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]) -> None:
        self.pieces = storage, offset, shape, strides


# The one that is written in Python: that of C looks for what it names.
_Pickler: Any = getattr(pickle, "_Pickler")  # noqa: B009


class _Writer(_Pickler):  # type: ignore[misc]
    """Writes names without looking for what they name."""

    def save(self, obj: Any, save_persistent_id: bool = True) -> None:
        if isinstance(obj, Name):
            self.write(obj.line)
        elif isinstance(obj, Tensor):
            self.save(Name("torch._utils", "_rebuild_tensor_v2"))
            super().save((*obj.pieces, False, OrderedDict()))
            self.write(pickle.REDUCE)
        elif isinstance(obj, Storage):
            kind = Name("torch", "FloatStorage" if obj.numbers.dtype == np.float32 else "LongStorage")
            super().save(("storage", kind, obj.key, "cpu", len(obj.numbers), None))
            self.write(pickle.BINPERSID)
        else:
            super().save(obj, save_persistent_id)


def write(tensors: object, storages: Sequence[Storage]) -> bytes:
    """Write a file: a pickle, of a dict of tensors if it is as it should be, and the storages."""
    file = io.BytesIO()
    for value in (MAGIC, PROTOCOL, SIZES):
        pickle.dump(value, file, protocol=2)
    _Writer(file, protocol=2).dump(tensors)
    pickle.dump([storage.key for storage in storages], file, protocol=2)
    for storage in storages:
        file.write(struct.pack("<q", len(storage.numbers)) + storage.numbers.tobytes())
    return file.getvalue()


def write_weights(weights: Mapping[str, NDArray[Any]]) -> bytes:
    """Write named arrays of float32 and int64, each with a storage of its own."""
    storages = [Storage(str(number), array.ravel()) for number, array in enumerate(weights.values())]
    tensors = OrderedDict(
        (name, Tensor(storage, 0, array.shape, tuple(stride // array.itemsize for stride in array.strides)))
        for (name, array), storage in zip(weights.items(), storages, strict=True)
    )
    return write(tensors, storages)
