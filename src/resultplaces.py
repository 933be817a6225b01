"""Step 4, search: a query and the pictures found for it are looked at again, for where networks find them similar.

An index has no maps, only their means. So the picture of a result is read as it was for the index, and explained only
if its vector is still the one in the index. What has been replaced since is not explained by what stands there now.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .description import Recipe
from .descriptor import FeatureMap
from .errors import UnreadableImage
from .filebytes import read_bytes
from .imagereader import decode_image, name_format
from .places import Places, are_of, shares

CHANGED = "the file has changed since it was indexed"
UNCLEAR = "the query's own map does not give its vector"


class NotExplained(Exception):
    """There is no explanation by places of a result; the text is the reason."""


def has_places(recipe: Recipe) -> bool:
    """Tell whether a descriptor sees places, as networks with a map do."""
    return hasattr(recipe.descriptor, "feature_maps")


class QueryPlaces:
    """Explains what is found for one query by its places.

    Parameters
    ----------
    recipe : Recipe
        How the images of the index were described; see `has_places`.
    picture : ndarray of uint8, shape (height, width, 3)
        The query, as it was described.
    features : ndarray of float32, shape (dimension,)
        Its feature vector, which begins with a block for each of the networks.
    """

    def __init__(self, recipe: Recipe, picture: NDArray[np.uint8], features: NDArray[np.float32]) -> None:
        self._recipe = recipe
        self._maps = self._maps_of(picture)
        self._features = self._seen(features)
        self._is_clear = are_of(self._maps, self._features)

    def __bool__(self) -> bool:
        """Tell whether there are places: a user's network may have no map."""
        return bool(self._maps)

    def explain(self, path: str, features: NDArray[np.float32]) -> Places:
        """Return where a result, the picture file of a feature vector in the index, and the query are similar.

        Raises
        ------
        NotExplained
            If the file cannot be read or is no longer the picture of this vector, or there are no maps.
        """
        if not self._is_clear:
            raise NotExplained(UNCLEAR)
        try:
            picture = decode_image(read_bytes(path, check_head=name_format), self._recipe.reading)
        except UnreadableImage as error:
            raise NotExplained(error.reason) from error
        maps, own = self._maps_of(picture), self._seen(features)
        if not are_of(maps, own):
            raise NotExplained(CHANGED)
        return Places(shares(self._maps, self._features, own), shares(maps, own, self._features))

    def _maps_of(self, picture: NDArray[np.uint8]) -> Sequence[FeatureMap]:
        maps: Sequence[FeatureMap] = getattr(self._recipe.descriptor, "feature_maps")(picture)  # noqa: B009
        return maps

    def _seen(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return what networks have given of a feature vector; colours may follow it."""
        return features[: sum(len(one.values) for one in self._maps)]
