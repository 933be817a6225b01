"""Step 4, search: an index is opened, here or by others, and its descriptor is known."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from ..descriptors import Descriptor, of_index, of_numbers
from ..errors import IndexFileError
from ..indexfile import IndexInfo, open_index
from .localparts import LocalParts
from .parts import Parts

if TYPE_CHECKING:
    from .joinedparts import Elsewhere


class OpensParts(Protocol):
    """Who has an index opened elsewhere, as the workers of a cluster: `daskcluster.Cluster` does."""

    def open_parts(self, path: str) -> Parts:
        """Open an index; raise ExpectedError if that is impossible."""


def open_parts(
    path: str,
    descriptor: Descriptor | None,
    progress: Callable[[int, int], object] | None,
    threads: int | None,
    cluster: OpensParts | None,
) -> Parts:
    """Open an index; for parameters and errors see `searcher.Searcher`."""
    if cluster is not None:
        return cluster.open_parts(path)
    return LocalParts(open_index(path, lambda numbers: made_of(numbers, descriptor), progress), threads)


def joined_parts(
    path: str, info: IndexInfo, counts: Sequence[int], elsewhere: "Elsewhere", could_spread: Callable[[], bool]
) -> Parts:
    """Return the rows of an index whose parts are open elsewhere; for parameters see `JoinedParts`."""
    from .joinedparts import JoinedParts  # most indexes are open here

    return JoinedParts(path, info, counts, elsewhere, could_spread)


def made_of(numbers: NDArray[np.float32], descriptor: Descriptor | None = None) -> IndexInfo:
    """Return what an index is that says nothing of itself, by its first row, shape (dimension,).

    A descriptor is taken for the one that it is of, if the row can be of that.
    """
    maker = of_numbers(numbers)
    if descriptor is not None and (len(numbers) != descriptor.dimension or descriptor.recognises(numbers)):
        maker = descriptor
    return IndexInfo(maker.name, maker.dimension, maker.distance)


def descriptor_of(path: str, info: IndexInfo) -> Descriptor:
    """Return the descriptor of an index; IndexFileError if this program does not know it."""
    made = of_index(info.descriptor)
    if made is None:
        raise IndexFileError(
            f"{path} is of the descriptor {info.descriptor}, which is not known here: "
            "name its network with --model, index the folder again, or in Python give that descriptor to Searcher"
        )
    check_descriptor(path, info, made)
    return made


def check_descriptor(path: str, info: IndexInfo, descriptor: Descriptor) -> None:
    """Raise IndexFileError unless an index is of that descriptor."""
    made = info.descriptor, info.dimension, info.distance
    if made != (descriptor.name, descriptor.dimension, descriptor.distance):
        raise IndexFileError(
            f"{path}: {made[1]} numbers by the descriptor {made[0]}, compared by {made[2]}, but "
            f"{descriptor.dimension} by {descriptor.name}, compared by {descriptor.distance}, are needed; "
            "index the folder again"
        )
