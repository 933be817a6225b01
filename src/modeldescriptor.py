"""Step 1, describe: a picture becomes what a network of the user's own gives of it: CLIP, DINOv2, or any other as ONNX.

An index knows the network by a digest of its file and of how pictures are put before it: another one is another
descriptor. Nothing but the user names a file to be loaded, so no index makes the program open one.
"""

import os
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .descriptor import FeatureMap
from .errors import ExpectedError, UnreadableImage
from .filebytes import read_bytes
from .network.modelsettings import read_settings, settings_path
from .network.network import Network
from .network.runtimes import NoNetwork, name_runtime

DIGEST_DIGITS = 16  # in the descriptor's name: two networks will not share them by chance
LARGEST_BYTES = 2**31  # what the format, one protobuf message, can hold


class ModelDescriptor:
    """Describe a picture by a network of one's own.

    Parameters
    ----------
    path : str
        An ONNX file with one input, float32 of shape (1, 3, size, size). It gives a vector, (1, n), or a map of which
        the mean over the places is taken, (1, n, height, width).
    settings : mapping of str to JSON values, optional
        How pictures are put before it, and which output is taken; see `modelsettings.read_settings`. What is not given
        here is read from the JSON file beside it.
    runtime : str, optional
        What runs it, 'onnxruntime' or 'opencv'; by default the first that is there.
    dimension, digest : int and str, optional
        What is known of it, in the process that makes it again: it is not tried then, but must be the same file.

    Attributes
    ----------
    name : str
        'onnx-' and a digest.
    dimension : int
        Of what it gives, without rounding.
    distance : str
        'cosine'.
    parts, options, fewest_pixels, shortest_side
        See `descriptor.Descriptor`.

    Raises
    ------
    ExpectedError
        If the file cannot be read, is no network, or gives what cannot be compared: one line that says so.
    """

    distance = "cosine"
    parts: Sequence[str] = ()
    fewest_pixels = 700_000

    def __init__(
        self,
        path: str,
        settings: Mapping[str, Any] | None = None,
        runtime: str | None = None,
        dimension: int | None = None,
        digest: str | None = None,
    ) -> None:
        preprocessing, output = read_settings(path, settings or {})
        try:
            data = read_bytes(path, max_bytes=LARGEST_BYTES)
        except UnreadableImage as error:
            raise ExpectedError(f"the network {path} cannot be read: {error.reason}") from None
        made = sha256(sha256(data).digest() + repr((preprocessing, output)).encode()).hexdigest()[:DIGEST_DIGITS]
        if digest not in (None, made):
            raise ExpectedError(f"the network {path} was changed meanwhile: try again")
        self._path, self._runtime = path, runtime
        self._network = Network(path, data, preprocessing, output, runtime)
        self.name = f"onnx-{made}"
        self.shortest_side = preprocessing.shorter
        self.dimension = dimension or len(self._tried(preprocessing.side))
        self.options: Mapping[str, Any] = {
            "path": path, "settings": dict(settings or {}), "runtime": runtime, "dimension": self.dimension,
            "digest": made,
        }  # fmt: skip

    def _tried(self, side: int) -> NDArray[np.float32]:
        """Return what the network gives of a picture that is not of one colour, of which some find no deviation."""
        shades = np.linspace(0, 255, side, dtype=np.uint8)
        image = np.stack(np.broadcast_arrays(shades[:, None], shades, shades[::-1]), axis=-1)
        try:
            features = self._network.pooled(np.ascontiguousarray(image))
        except NoNetwork as error:
            hint = f" ({settings_path(self._path)} may hold other settings)"
            raise ExpectedError(f"the network {self._path} cannot be used: {error}{hint}") from None
        if not np.isfinite(features).all():
            raise ExpectedError(f"the network {self._path} cannot be used: it gives numbers that are not finite")
        return features

    @property
    def runtime(self) -> str:
        """What runs the network, with its version."""
        return name_runtime(self._runtime)

    def describe(self, image: NDArray[Any]) -> NDArray[np.float32]:
        """Turn a picture, uint8 of shape (height, width, 3), into what the network gives of it, shape (dimension,)."""
        return self._network.pooled(image)

    def describe_many(self, images: Sequence[NDArray[Any]]) -> NDArray[np.float32]:
        """Turn n pictures into feature vectors, float32 of shape (n, dimension); see `describe`."""
        return np.array([self.describe(image) for image in images], np.float32).reshape(-1, self.dimension)

    def feature_maps(self, image: NDArray[Any]) -> list[FeatureMap]:
        """Return what the network found in a picture place by place; nothing if it gives a vector, and no map."""
        found = self._network.feature_map(image)
        return [found._replace(network=os.path.basename(self._path))] if found.values.ndim == 3 else []

    def recognises(self, features: NDArray[np.float32]) -> bool:
        """Tell whether a vector may be one of these: any of as many finite numbers may."""
        return features.shape == (self.dimension,) and bool(np.isfinite(features).all())
