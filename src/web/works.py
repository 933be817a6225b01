"""The service: what the process that may die does with pictures of strangers."""

import struct
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..description import Recipe, Work
from ..filebytes import read_bytes
from ..imagepart import Cut, Part
from ..imagereader import MemoryBudget, name_format

# Of a picture of the index; a process that is shared holds it.
MOST_FILE_BYTES = 200_000_000

_CUT = struct.Struct("<6I")
_FEATURE = np.dtype("<f4")


class Described(NamedTuple):
    """What a query picture is described by."""

    features: NDArray[np.float32]
    cut: Cut | None
    """The part of it that was described, if that was not all of it."""


@dataclass(frozen=True)
class DescribeQuery(Work):
    """Describe an encoded picture, or a part of it."""

    data: bytes
    part: Part | None = None

    def run(self, recipe: Recipe, budget: MemoryBudget) -> bytes:
        """Return the cut, zeros for none, and the feature vector."""
        described = recipe.describe(self.data, budget, self.part)
        return _CUT.pack(*(described.cut or (0,) * 6)) + described.features.astype(_FEATURE).tobytes()

    def check(self, made: bytes, recipe: Recipe) -> None:
        """Raise ValueError for what no sound process makes."""
        _check(made, recipe)


@dataclass(frozen=True)
class DescribeFile(Work):
    """Describe a picture file of the index, or a part of it."""

    path: str
    part: Part | None = None

    def run(self, recipe: Recipe, budget: MemoryBudget) -> bytes:
        """Return what `DescribeQuery` does."""
        data = read_bytes(self.path, max_bytes=MOST_FILE_BYTES, check_head=name_format)
        return DescribeQuery(data, self.part).run(recipe, budget)

    def check(self, made: bytes, recipe: Recipe) -> None:
        """Raise ValueError for what no sound process makes."""
        _check(made, recipe)


def read_described(made: bytes) -> Described:
    """Read what `DescribeQuery` has made, which was checked where it came from the process."""
    numbers = _CUT.unpack_from(made)
    features = np.frombuffer(made, _FEATURE, offset=_CUT.size).astype(np.float32)
    return Described(features, Cut(*numbers) if any(numbers) else None)


def _check(made: bytes, recipe: Recipe) -> None:
    if len(made) != _CUT.size + recipe.descriptor.dimension * _FEATURE.itemsize:
        raise ValueError("of another length")
    recipe.check(read_described(made).features)
