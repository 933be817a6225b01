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


class FusedDescriptor:
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
    parts: Sequence[str] = ()

    def __init__(self, runtime: str | None = None, objects: Mapping[str, Any] | None = None) -> None:
        self._begin = FusedDescriptorWithoutObjects(runtime)
        self._objects: ObjectDescriptor = ObjectsOfFused(**(objects or {}))
        self.options: Mapping[str, Any] = {"runtime": runtime, "objects": self._objects.options}
        self.name = f"{self._begin.name}+{self._objects.name}"
        self.dimension = self._begin.dimension + self._objects.dimension
        self.fewest_pixels, self.shortest_side = self._begin.fewest_pixels, self._begin.shortest_side

    @property
    def for_queries(self) -> "FusedDescriptor":
        made = copy.copy(self)
        made._objects = self._objects.for_queries
        made.options = {**self.options, "objects": made._objects.options}
        made.dimension = self._begin.dimension + made._objects.dimension
        return made

    @property
    def runtime(self) -> str:
        """What runs the networks, with its version."""
        return self._begin.runtime

    def describe(self, image: NDArray[Any]) -> NDArray[np.float32]:
        """Turn a picture, uint8 of shape (height, width, 3), into its feature vector, shape (dimension,)."""
        return np.concatenate([self._begin.describe(image), self._objects.describe(image)])

    def describe_many(self, images: Sequence[NDArray[Any]]) -> NDArray[np.float32]:
        """Turn n pictures into feature vectors, float32 of shape (n, dimension)."""
        return np.array([self.describe(image) for image in images], np.float32).reshape(-1, self.dimension)

    def feature_maps(self, image: NDArray[Any]) -> Sequence[FeatureMap]:
        """Return what each network found in a picture place by place; see `DeepDescriptor.feature_maps`."""
        return self._begin.feature_maps(image)

    def begun_by(self, name: str) -> tuple[Descriptor | None, Descriptor | None]:
        """Return the descriptor of that name and what describes the rest, if vectors of it begin those of this one."""
        if name == self._begin.name:
            return self._begin, self._objects
        begun, _ = self._begin.begun_by(name)
        return begun, RestDescriptor() if begun is not None else None

    def recognises(self, features: NDArray[np.float32]) -> bool:
        """Tell whether a vector, shape (dimension,), may be one of these: each part must be recognised."""
        begin, objects = features[: self._begin.dimension], features[self._begin.dimension :]
        return self._begin.recognises(begin) and self._objects.recognises(objects)


class FusedDescriptorWithoutObjects:
    """Describe a picture as `FusedDescriptor` does, but for its local features: in less time and room."""

    distance = "fused"
    parts: Sequence[str] = ()

    def __init__(self, runtime: str | None = None) -> None:
        self.options: Mapping[str, Any] = {"runtime": runtime}
        self.deep, self._look = DeepDescriptor(runtime=runtime), LookDescriptor()
        self.name = f"{self.deep.name}+{self._look.name}"
        self.dimension = self.deep.dimension + self._look.dimension
        self.fewest_pixels, self.shortest_side = self._look.fewest_pixels, self._look.shortest_side

    @property
    def runtime(self) -> str:
        """What runs the networks, with its version."""
        return self.deep.runtime

    def describe(self, image: NDArray[Any]) -> NDArray[np.float32]:
        """Turn a picture, uint8 of shape (height, width, 3), into its feature vector, shape (dimension,)."""
        return np.concatenate([self.deep.describe(image), self._look.describe(image)])

    def describe_many(self, images: Sequence[NDArray[Any]]) -> NDArray[np.float32]:
        """Turn n pictures into feature vectors, float32 of shape (n, dimension)."""
        return np.array([self.describe(image) for image in images], np.float32).reshape(-1, self.dimension)

    def feature_maps(self, image: NDArray[Any]) -> Sequence[FeatureMap]:
        """Return what each network found in a picture place by place; see `DeepDescriptor.feature_maps`."""
        return self.deep.feature_maps(image)

    def begun_by(self, name: str) -> tuple[Descriptor | None, Descriptor | None]:
        """Return the descriptor of that name and what describes the rest, if vectors of it begin those of this one."""
        return (self.deep, self._look) if name == self.deep.name else (None, None)

    def recognises(self, features: NDArray[np.float32]) -> bool:
        """Tell whether a vector, shape (dimension,), may be one of these: each part must be recognised."""
        deep, look = features[: self.deep.dimension], features[self.deep.dimension :]
        return len(features) == self.dimension and self.deep.recognises(deep) and self._look.recognises(look)


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


class RestDescriptor:
    """Describe a picture by its colours, a thumbnail and its local features: all but what networks see in it."""

    distance = "chi-squared"
    parts: Sequence[str] = ()
    options: Mapping[str, Any] = {}
    fewest_pixels = LookDescriptor.fewest_pixels
    shortest_side = LookDescriptor.shortest_side

    def __init__(self) -> None:
        self._look, self._objects = LookDescriptor(), ObjectsOfFused()
        self.name = f"{self._look.name}+{self._objects.name}"
        self.dimension = self._look.dimension + self._objects.dimension

    def describe(self, image: NDArray[Any]) -> NDArray[np.float32]:
        """Turn a picture, uint8 of shape (height, width, 3), into its feature vector, shape (dimension,)."""
        return np.concatenate([self._look.describe(image), self._objects.describe(image)])

    def describe_many(self, images: Sequence[NDArray[Any]]) -> NDArray[np.float32]:
        """Turn n pictures into feature vectors, float32 of shape (n, dimension)."""
        return np.array([self.describe(image) for image in images], np.float32).reshape(-1, self.dimension)

    def recognises(self, features: NDArray[np.float32]) -> bool:
        """Tell whether a vector, shape (dimension,), may be one of these."""
        look, objects = features[: self._look.dimension], features[self._look.dimension :]
        return self._look.recognises(look) and self._objects.recognises(objects)


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
