"""The service: how the process that may die reads and describes pictures of strangers. It imports no web."""

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
    """Describe a picture, or a part of it."""

    query: bytes | str
    """The encoded picture, or where its file is."""
    part: Part | None
    max_megapixels: float
    """Of pictures of the index."""

    def run(self, recipe: Recipe, budget: MemoryBudget) -> bytes:
        """Return the cut, zeros for none, and the feature vector."""
        recipe = recipe_of(self.query, recipe, self.max_megapixels)
        described = recipe.describe(encoded_query(self.query), budget, self.part)
        return _CUT.pack(*(described.cut or (0,) * 6)) + described.features.astype(_FEATURE).tobytes()

    def check(self, made: bytes, recipe: Recipe) -> None:
        """Raise ValueError for what no sound process makes."""
        if len(made) != _CUT.size + recipe.descriptor.dimension * _FEATURE.itemsize:
            raise ValueError("of another length")
        recipe.check(read_described(made).features)


def encoded_query(query: bytes | str) -> bytes:
    """Return an encoded picture, which is read if it is a file; raise as `read_picture` does."""
    return query if isinstance(query, bytes) else read_picture(query)


def read_picture(path: str) -> bytes:
    """Read a file as the process that may die does it for a service; UnreadableImage if it is none it can use."""
    return read_bytes(path, max_bytes=MOST_FILE_BYTES, check_head=name_format)


def recipe_of(query: bytes | str, recipe: Recipe, max_megapixels: float) -> Recipe:
    """Return how a query is described: one of the index may have so many pixels, one that is sent those of a recipe."""
    return recipe if isinstance(query, bytes) else within(recipe, max_megapixels)


def within(recipe: Recipe, max_megapixels: float) -> Recipe:
    """Return a recipe for pictures of other sizes, such as those of the index."""
    return Recipe(recipe.descriptor, recipe.reading._replace(max_megapixels=max_megapixels))


def read_described(made: bytes) -> Described:
    """Read what `DescribeQuery` has made, which was checked where it came from the process."""
    numbers = _CUT.unpack_from(made)
    features = np.frombuffer(made, _FEATURE, offset=_CUT.size).astype(np.float32)
    return Described(features, Cut(*numbers) if any(numbers) else None)
