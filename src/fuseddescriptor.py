"""Step 1, describe: a picture by what networks see in it, its colours, a thumbnail and its local features.

Each of the four knows something that the others do not: what kind of thing it is, which colours it has, whether it is
the very same photo, and whether it shows the very same thing. How much each of them counts is decided at search: see
`searching.fusion`.
"""

import copy
from collections.abc import Mapping, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from .colordescriptor import ColorDescriptor
from .deepdescriptor import DeepDescriptor
from .descriptor import Descriptor, FeatureMap
from .objectdescriptor import ObjectDescriptor

# The thumbnails of 1173 pairs of one photo (from 60 x 80 to 1.7 times the size, quality 30 to 90, brighter) correlated
# by 0.974 and more; those of one photo and another by 0.97 at most.
ROWS, COLUMNS = 12, 16
NUMBERS = ROWS * COLUMNS * 3


class LookDescriptor:
    """Describe a picture by its colours and a thumbnail: what `FusedDescriptorWithoutObjects` adds to `DeepDescriptor`.

    It has a picture read as they have. So where the networks' part of a row is known, this describes the rest.
    """

    distance = "chi-squared"
    parts: Sequence[str] = ()
    options: Mapping[str, Any] = {}
    fewest_pixels = max(DeepDescriptor.fewest_pixels, ColorDescriptor.fewest_pixels)
    shortest_side = max(DeepDescriptor.shortest_side, ColorDescriptor.shortest_side)

    def __init__(self) -> None:
        self._color = ColorDescriptor()
        self.name = f"{self._color.name}+thumbnail-{ROWS}x{COLUMNS}"
        self.dimension = self._color.dimension + NUMBERS

    def describe(self, image: NDArray[Any]) -> NDArray[np.float32]:
        """Turn a picture, uint8 of shape (height, width, 3), into its feature vector, shape (dimension,)."""
        return np.concatenate([self._color.describe(image), thumbnail(image)])

    def describe_many(self, images: Sequence[NDArray[Any]]) -> NDArray[np.float32]:
        """Turn n pictures into feature vectors, float32 of shape (n, dimension)."""
        return np.array([self.describe(image) for image in images], np.float32).reshape(-1, self.dimension)

    def recognises(self, features: NDArray[np.float32]) -> bool:
        """Tell whether a vector, shape (dimension,), may be one of these."""
        return self._color.recognises(features[:-NUMBERS]) and is_thumbnail(features[-NUMBERS:])


class ObjectsOfFused(ObjectDescriptor):
    """Describe a picture, read as it is for `FusedDescriptor`, by its local features: what that adds to the others."""

    fewest_pixels = LookDescriptor.fewest_pixels
    shortest_side = LookDescriptor.shortest_side


class JoinedDescriptor:
    """Describe a picture by two descriptors: a vector is that of the first, then that of the second.

    Attributes
    ----------
    name, dimension
        Of both together.
    fewest_pixels, shortest_side
        Of whichever two: a picture is read so that it serves networks, colours and local features alike.
    """

    parts: Sequence[str] = ()
    fewest_pixels = LookDescriptor.fewest_pixels
    shortest_side = LookDescriptor.shortest_side

    def __init__(self, first: Descriptor, second: Descriptor) -> None:
        self._first, self._second = first, second
        self.name = f"{first.name}+{second.name}"
        self.dimension = first.dimension + second.dimension

    def describe(self, image: NDArray[Any]) -> NDArray[np.float32]:
        """Turn a picture, uint8 of shape (height, width, 3), into its feature vector, shape (dimension,)."""
        return np.concatenate([self._first.describe(image), self._second.describe(image)])

    def describe_many(self, images: Sequence[NDArray[Any]]) -> NDArray[np.float32]:
        """Turn n pictures into feature vectors, float32 of shape (n, dimension)."""
        return np.array([self.describe(image) for image in images], np.float32).reshape(-1, self.dimension)

    def recognises(self, features: NDArray[np.float32]) -> bool:
        """Tell whether a vector, shape (dimension,), may be one of these: each part must be recognised."""
        first, second = features[: self._first.dimension], features[self._first.dimension :]
        return len(features) == self.dimension and self._first.recognises(first) and self._second.recognises(second)


class FusedDescriptor(JoinedDescriptor):
    """Describe a picture by three networks, by the colours of five regions, by a thumbnail, and by its local features.

    Parameters
    ----------
    runtime : str, optional
        What runs the networks; see `DeepDescriptor`.
    objects : mapping of str to any, optional
        Options of `ObjectDescriptor`.

    Attributes
    ----------
    dimension : int
        6757: 3840 of `DeepDescriptor`, 1440 of `ColorDescriptor`, 576 of `thumbnail`, 901 of `ObjectDescriptor`.
    distance : str
        'fused-with-objects': how near an image is depends on the others of the index, too.
    parts : sequence of str
        None: no part carries a share of its own. `Explanation.because` says what decided.
    for_queries : FusedDescriptor
        What describes queries: by more local features, see `ObjectDescriptor`.
    runtime, options, fewest_pixels, shortest_side
        See `DeepDescriptor` and `descriptor.Descriptor`.

    Raises
    ------
    ExpectedError
        If a network is not set up, or its file is damaged.
    """

    distance = "fused-with-objects"

    def __init__(self, runtime: str | None = None, objects: Mapping[str, Any] | None = None) -> None:
        self._begin, self._objects = FusedDescriptorWithoutObjects(runtime), ObjectsOfFused(**(objects or {}))
        super().__init__(self._begin, self._objects)
        self.options: Mapping[str, Any] = {"runtime": runtime, "objects": self._objects.options}

    @property
    def for_queries(self) -> "FusedDescriptor":
        made, objects = copy.copy(self), self._objects.for_queries
        JoinedDescriptor.__init__(made, self._begin, objects)
        made.options = {**self.options, "objects": objects.options}
        return made

    @property
    def runtime(self) -> str:
        """What runs the networks, with its version."""
        return self._begin.runtime

    def feature_maps(self, image: NDArray[Any]) -> Sequence[FeatureMap]:
        """Return what each network found in a picture place by place; see `DeepDescriptor.feature_maps`."""
        return self._begin.feature_maps(image)

    def begun_by(self, name: str) -> tuple[Descriptor | None, Descriptor | None]:
        """Return the descriptor of that name and what describes the rest, if vectors of it begin those of this one."""
        if name == self._begin.name:
            return self._begin, self._objects
        begun, _ = self._begin.begun_by(name)
        return begun, RestDescriptor() if begun is not None else None


class FusedDescriptorWithoutObjects(JoinedDescriptor):
    """Describe a picture as `FusedDescriptor` does, but for its local features: in less time and room."""

    distance = "fused"

    def __init__(self, runtime: str | None = None) -> None:
        self.options: Mapping[str, Any] = {"runtime": runtime}
        self.deep, self._look = DeepDescriptor(runtime=runtime), LookDescriptor()
        super().__init__(self.deep, self._look)

    @property
    def runtime(self) -> str:
        """What runs the networks, with its version."""
        return self.deep.runtime

    def feature_maps(self, image: NDArray[Any]) -> Sequence[FeatureMap]:
        """Return what each network found in a picture place by place; see `DeepDescriptor.feature_maps`."""
        return self.deep.feature_maps(image)

    def begun_by(self, name: str) -> tuple[Descriptor | None, Descriptor | None]:
        """Return the descriptor of that name and what describes the rest, if vectors of it begin those of this one."""
        return (self.deep, self._look) if name == self.deep.name else (None, None)


class RestDescriptor(JoinedDescriptor):
    """Describe a picture by its colours, a thumbnail and its local features: all but what networks see in it."""

    distance = "chi-squared"
    options: Mapping[str, Any] = {}

    def __init__(self) -> None:
        super().__init__(LookDescriptor(), ObjectsOfFused())


def thumbnail(image: NDArray[Any]) -> NDArray[np.float32]:
    """Shrink a picture to 16 x 12 pixels, whatever its shape.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, 3)
        Blue, green, red; any size from 1 x 1.

    Returns
    -------
    ndarray of float32, shape (576,)
        Whole numbers 0..255: the pixels row by row, blue, green and red of each. A pixel is the mean of what it covers.
    """
    small = cv2.resize(image, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA)
    return small.reshape(-1).astype(np.float32)


def is_thumbnail(numbers: NDArray[np.float32]) -> bool:
    """Tell whether numbers, shape (576,), may be a thumbnail: whole ones from 0 to 255."""
    return len(numbers) == NUMBERS and bool(((numbers >= 0) & (numbers <= 255) & (numbers == np.rint(numbers))).all())
