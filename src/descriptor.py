"""Step 1, describe: what every descriptor offers; `descriptors` has the table of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    # The commands name the table before anything is loaded.
    import numpy as np
    from numpy.typing import NDArray


Box = tuple[float, float, float, float]
"""Left, top, width and height, as fractions of a picture's width and height."""

WHOLE: Box = (0.0, 0.0, 1.0, 1.0)


class FeatureMap(NamedTuple):
    """What a network sees in the places of a picture: what a descriptor with `feature_maps(image)` gives of each."""

    network: str
    values: NDArray[np.floating[Any]]
    """Shape (features, rows, columns); their mean over the places has the direction of the feature vector."""
    window: Box = WHOLE
    """The part of the picture that the places are in: all that the network saw of it."""


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
