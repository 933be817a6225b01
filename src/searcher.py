"""Step 4, search: an index and a feature vector become the most similar images, nearest first."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .colordescriptor import REGIONS, ColorDescriptor
from .distance import by_name
from .errors import IndexFileError
from .indexfile import IndexInfo, open_index
from .searching.neighbours import Neighbours, nearest_of_parts
from .searching.shortlist import Found


class Result(NamedTuple):
    """One similar image."""

    distance: float
    image_id: str


class Explanation(NamedTuple):
    """One similar image, and why it is similar."""

    rank: int
    """1 for the nearest."""
    distance: float
    similarity: float
    """1.0 for the same picture, 0.0 when no colour bin is shared."""
    image_id: str
    region_distances: Sequence[float]
    """What each region carries of the distance, in the order of `REGIONS`; they sum to it."""


class Searcher:
    """Searches one index.

    Parameters
    ----------
    index_path : str
        The CSV that index.py wrote, or any other program in the same form.
    descriptor : ColorDescriptor, optional
        What the index and the queries are described by.
    progress : callable, optional
        Called while a CSV is parsed (which happens once), with the bytes read and the bytes there are.

    Attributes
    ----------
    folder : str or None
        The dataset folder, if the index knows it.
    full_resolution : bool
        Whether the images were decoded in full, as queries then should be.

    Raises
    ------
    IndexFileError
        If there is no index, or it is damaged, or of another descriptor.

    Examples
    --------
    >>> searcher = Searcher("index1.csv")  # doctest: +SKIP
    >>> searcher.search(ColorDescriptor().describe(image))  # doctest: +SKIP
    [Result(distance=0.0, image_id='coat.jpg'), Result(distance=1.93, image_id='trench.jpg'), ...]
    """

    def __init__(
        self,
        index_path: str,
        descriptor: ColorDescriptor | None = None,
        progress: Callable[[int, int], object] | None = None,
    ) -> None:
        descriptor = descriptor or ColorDescriptor()
        wanted = IndexInfo(descriptor.name, descriptor.dimension, descriptor.distance)
        self._index = open_index(index_path, lambda _: wanted, progress)
        self._info = self._index.info
        self._distance = by_name(self._info.distance)
        self._parts = [Neighbours(rows) for rows in self._index.parts]
        self._path = index_path
        self.folder = self._index.folder
        self.full_resolution = self._info.full_resolution
        made = self._info.descriptor, self._info.dimension, self._info.distance
        if made != (descriptor.name, descriptor.dimension, descriptor.distance):
            raise IndexFileError(
                f"{self._path}: {made[1]} numbers by the descriptor {made[0]}, compared by {made[2]}, but "
                f"{descriptor.dimension} by {descriptor.name}, compared by {descriptor.distance}, are needed; "
                "index the folder again"
            )

    def __len__(self) -> int:
        return len(self._index.ids)

    def __contains__(self, image_id: object) -> bool:
        return image_id in self._index.ids

    def search(self, features: NDArray[np.float32], limit: int = 3, max_distance: float = np.inf) -> list[Result]:
        """Find the images most similar to a query.

        Parameters
        ----------
        features : ndarray of float32, shape (dimension,)
            The query's feature vector.
        limit : int, optional
            How many images to return at most.
        max_distance : float, optional
            Images further away are not returned.

        Returns
        -------
        list of Result
            Nearest first; images at the same distance in the order of the index.

        Raises
        ------
        ValueError
            If `features` is no feature vector of this index, or `limit` is below 1.
        """
        return self.search_many([features], limit, max_distance)[0]

    def search_many(
        self, queries: Sequence[NDArray[np.float32]], limit: int = 3, max_distance: float = np.inf
    ) -> list[list[Result]]:
        """Search for each of several queries, sooner than one after the other.

        Parameters are those of `search`, and so is each of the results.
        """
        return [
            [Result(float(distance), self._index.ids[int(row)]) for row, distance in zip(rows, distances, strict=True)]
            for rows, distances in self._nearest([self._checked(query) for query in queries], limit, max_distance)
        ]

    def explain(self, features: NDArray[np.float32], limit: int = 3, max_distance: float = np.inf) -> list[Explanation]:
        """Search, and say of each image how similar it is and what each region carries of the distance.

        Parameters and errors are those of `search`.

        Returns
        -------
        list of Explanation
        """
        return self.explain_many([features], limit, max_distance)[0]

    def explain_many(
        self, queries: Sequence[NDArray[np.float32]], limit: int = 3, max_distance: float = np.inf
    ) -> list[list[Explanation]]:
        """Explain what is found for each of several queries.

        Parameters are those of `search`, and each of the results is one of `explain`.
        """
        queries = [self._checked(query) for query in queries]
        found = self._nearest(queries, limit, max_distance)
        return [self._explain(query, *nearest) for query, nearest in zip(queries, found, strict=True)]

    def _explain(
        self, query: NDArray[np.float32], rows: NDArray[np.intp], distances: NDArray[np.float64]
    ) -> list[Explanation]:
        explanations = []
        for rank, (row, distance) in enumerate(zip(rows.tolist(), distances.tolist(), strict=True), 1):
            features = self._index.rows(row, row + 1)[0]
            parts = self._distance.parts(query, features, len(REGIONS)).tolist()
            alike = self._distance.similarity(distance, query, features)
            explanations.append(Explanation(rank, distance, alike, self._index.ids[row], parts))
        return explanations

    def _nearest(self, queries: Sequence[NDArray[np.float32]], limit: int, max_distance: float) -> list[Found]:
        if limit < 1:
            raise ValueError(f"limit must be at least 1, not {limit}")
        return nearest_of_parts(self._parts, queries, limit, max_distance)

    def _checked(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        features = np.asarray(features, np.float32)
        try:
            self._distance.check(features, self._info.dimension)
        except ValueError as error:
            raise ValueError(f"{error}: {self._path} is of the descriptor {self._info.descriptor}") from None
        return features
