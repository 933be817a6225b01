"""Step 1, describe: the table of descriptors by name.

A new descriptor is a new module and a line in the table. Nothing is loaded before it is asked for: a descriptor by a
neural network costs those who do not use it nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from .descriptor import Descriptor
from .errors import ExpectedError

if TYPE_CHECKING:
    # The commands name the table before anything is loaded.
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["DEFAULT", "TABLE", "Descriptor", "Entry", "by_name", "called", "of_index", "of_numbers", "recognised"]


class Entry(NamedTuple):
    """A line of the table."""

    maker: str
    """Module and class; a dot begins a module of this package."""
    name: str
    """The descriptor's own name, as an index knows it."""
    dimension: int
    finds: str = ""
    """In a few words, for whoever must choose one."""


DEFAULT = "color"

TABLE: dict[str, Entry] = {
    "color": Entry(".colordescriptor:ColorDescriptor", "hsv-8x12x3-5-regions", 1440, "like colours"),
    "color-root": Entry(
        ".rootdescriptor:ColorRootDescriptor", "root-hsv-8x12x3-5-regions", 1440, "the same, compared better"
    ),
    "deep": Entry(".deepdescriptor:DeepDescriptor", "efficientnet-lite0-lite1-lite2", 3840, "the same kind of thing"),
    "deep-small": Entry(".deepdescriptor:SmallDeepDescriptor", "efficientnet-lite0", 1280, "the same, quicker"),
    "best": Entry(
        ".fuseddescriptor:FusedDescriptor",
        "efficientnet-lite0-lite1-lite2+hsv-8x12x3-5-regions+thumbnail-12x16+orb-120-bits",
        6757,
        "all of this, and the very same thing in another photo first",
    ),
    "best-without-objects": Entry(
        ".fuseddescriptor:FusedDescriptorWithoutObjects",
        "efficientnet-lite0-lite1-lite2+hsv-8x12x3-5-regions+thumbnail-12x16",
        5856,
        "the same but for things in other photos, as it was once",
    ),
    "objects": Entry(".objectdescriptor:ObjectDescriptor", "orb-120-bits", 901, "only the very same thing, or nothing"),
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


def called(own_name: str) -> str:
    """Return what people call a descriptor that an index knows by a name; that name if it is none of the table's."""
    return next((name for name, entry in TABLE.items() if entry.name == own_name), own_name)


def of_index(own_name: str) -> Descriptor | None:
    """Make the descriptor that an index knows by a name; None if it is none of the table's."""
    return next((by_name(name) for name, entry in TABLE.items() if entry.name == own_name), None)


def recognised(features: NDArray[np.float32]) -> Descriptor | None:
    """Make the descriptor that recognises a feature vector, shape (n,), as one of its own; None if none does.

    One that is not set up here recognises nothing.
    """
    for name, entry in TABLE.items():
        if entry.dimension == len(features):
            with suppress(ExpectedError):
                descriptor = by_name(name)
                if descriptor.recognises(features):
                    return descriptor
    return None


def of_numbers(features: NDArray[np.float32]) -> Descriptor:
    """Make the descriptor that a feature vector, shape (n,), is most probably of; the default one if it is of none."""
    found = recognised(features)
    if found is not None:
        return found
    fitting = [name for name, entry in TABLE.items() if entry.dimension == len(features)]
    return by_name(DEFAULT if DEFAULT in fitting else [*fitting, DEFAULT][0])
