"""Step 1, describe: what every descriptor offers, and the table of them by name.

A new descriptor is a new module and a line in the table. Nothing is loaded before it is asked for: a descriptor by a
neural network costs those who do not use it nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    # The commands name the table before anything is loaded.
    import numpy as np
    from numpy.typing import NDArray


class Descriptor(Protocol):
    """What every descriptor has: the one face behind which they differ."""

    @property
    def name(self) -> str:
        """Names it in an index, so that two descriptors are never mixed up."""

    @property
    def dimension(self) -> int:
        """Length of a feature vector."""

    @property
    def distance(self) -> str:
        """Name of the distance that suits the vectors; see `distance.by_name`."""

    @property
    def parts(self) -> Sequence[str]:
        """Names of equal parts of the vector, of which each carries a share of a distance; empty if it has none."""

    @property
    def options(self) -> Mapping[str, Any]:
        """What its class is called with to make it again, as the process that describes does."""

    @property
    def fewest_pixels(self) -> int:
        """How many pixels of a picture it needs: a large JPEG may be decoded smaller as long as they remain."""

    @property
    def shortest_side(self) -> int:
        """How many pixels the shorter side must keep as well."""

    def describe(self, image: NDArray[Any]) -> NDArray[np.float32]:
        """Turn a picture, uint8 of shape (height, width, 3), into a vector of shape (dimension,)."""

    def describe_many(self, images: Sequence[NDArray[Any]]) -> NDArray[np.float32]:
        """Turn n pictures into vectors of shape (n, dimension)."""

    def recognises(self, features: NDArray[np.float32]) -> bool:
        """Tell whether a vector, shape (dimension,), may be one of its own."""


class Entry(NamedTuple):
    """A line of the table."""

    maker: str
    """Module and class; a dot begins a module of this package."""
    name: str
    """The descriptor's own name, as an index knows it."""
    dimension: int


DEFAULT = "color"

TABLE: dict[str, Entry] = {
    "color": Entry(".colordescriptor:ColorDescriptor", "hsv-8x12x3-5-regions", 1440),
}


def by_name(name: str, options: Mapping[str, Any] | None = None) -> Descriptor:
    """Make the descriptor that people call by a name, a key of `TABLE`; its class is called with the options.

    Raise ValueError, naming those there are, if there is none.
    """
    if name not in TABLE:
        raise ValueError(f"there is no descriptor '{name}', only " + ", ".join(f"'{known}'" for known in TABLE))
    module, _, maker = TABLE[name].maker.partition(":")
    made: Descriptor = getattr(import_module(module, __package__), maker)(**(options or {}))
    return made


def of_index(own_name: str) -> Descriptor | None:
    """Make the descriptor that an index knows by a name; None if it is none of the table's."""
    return next((by_name(name) for name, entry in TABLE.items() if entry.name == own_name), None)


def recognised(features: NDArray[np.float32]) -> Descriptor | None:
    """Make the descriptor that recognises a feature vector, shape (n,), as one of its own; None if none does."""
    fitting = (by_name(name) for name, entry in TABLE.items() if entry.dimension == len(features))
    return next((descriptor for descriptor in fitting if descriptor.recognises(features)), None)


def of_numbers(features: NDArray[np.float32]) -> Descriptor:
    """Make the descriptor that a feature vector, shape (n,), is most probably of; the default one if it is of none."""
    found = recognised(features)
    if found is not None:
        return found
    fitting = [name for name, entry in TABLE.items() if entry.dimension == len(features)]
    return by_name(DEFAULT if DEFAULT in fitting else [*fitting, DEFAULT][0])
