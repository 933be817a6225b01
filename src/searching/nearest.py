"""Step 4, search: the images nearest to queries, and why, whatever decides that: a row alone, or others with it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..distance import Component, by_name
from .neighbours import Floats
from .parts import Ask, Parts, Pictures, RowNumbers
from .results import Explanation
from .shortlist import FusedFound

if TYPE_CHECKING:
    from .fusedneighbours import FusedNeighbours


class Nearest(NamedTuple):
    """What is found for one query."""

    query: Floats
    """The query vector, checked."""
    rows: RowNumbers
    distances: list[float]
    colour_weight: float
    """How much colours counted."""
    same_things: frozenset[int]
    """The rows that are known to show the very same thing, where the distance asks several questions."""


class NearestImages:
    """Finds the images of an index that are nearest.

    Parameters
    ----------
    path : str
        What people call the index.
    parts : Parts
    """

    def __init__(self, path: str, parts: Parts) -> None:
        self._path, self._parts = path, parts
        self._distance = by_name(parts.info.distance)
        self._fused = _open_fused(parts, self._distance.components) if self._distance.depends_on_others else None

    @property
    def gives_reasons(self) -> bool:
        """Whether explanations say in words what decided."""
        return self._fused is not None

    def find(
        self, queries: Sequence[Floats], limit: int, max_distance: float, *, vectors: bool
    ) -> tuple[list[Nearest], Pictures]:
        """Return what is nearest to each query, and what is known of that; vectors only if they are wanted.

        Raises
        ------
        ValueError
            If a query is no feature vector of this index, or `limit` is below 1.
        """
        queries = [self._checked(query) for query in queries]
        if limit < 1:
            raise ValueError(f"limit must be at least 1, not {limit}")
        # What is as far away as anything can be is no answer.
        max_distance = min(max_distance, float(np.nextafter(self._distance.nothing_from, 0)))
        with self._parts.reading():
            if self._fused is None:
                found, pictures = self._parts.nearest_pictures(Ask(queries, limit, max_distance), vectors=vectors)
                fused = [FusedFound(one, 0.0) for one in found]
            else:
                fused = self._fused.nearest_of_many(queries, limit, max_distance)
                rows = np.concatenate([np.empty(0, np.intp), *(one.found[0] for one in fused)])
                pictures = self._parts.at_hand(rows, vectors=vectors)
        nearest = [
            Nearest(query, one.found[0], one.found[1].tolist(), one.colour_weight, one.same_things)
            for query, one in zip(queries, fused, strict=True)
        ]
        return nearest, pictures

    def rank(self, queries: Sequence[Floats], limit: int) -> list[RowNumbers]:
        """Return the rows that `find` finds, for each query: quicker where they are many."""
        if limit < 1 or self._fused is not None or self._distance.nothing_from < np.inf:
            return [one.rows for one in self.find(queries, limit, np.inf, vectors=False)[0]]
        with self._parts.reading():
            return self._parts.ranked(Ask([self._checked(query) for query in queries], limit))

    def explain(self, one: Nearest, pictures: Pictures, names: Sequence[str]) -> list[Explanation]:
        """Say of each image that was found why it is near; the names are those of the parts of a vector."""
        return [
            self._explain(one, row, rank, distance, pictures.names([row])[0], pictures.take([row])[0], len(names))
            for rank, (row, distance) in enumerate(zip(one.rows.tolist(), one.distances, strict=True), 1)
        ]

    def _explain(
        self, asked: Nearest, row: int, rank: int, distance: float, image_id: str, features: Floats, count: int
    ) -> Explanation:
        query = asked.query
        is_same_thing = row in asked.same_things
        found = Explanation(rank, distance, self._distance.similarity(distance, query), image_id, [])
        if self._distance.outline is not None and (is_same_thing or self._fused is None):
            found = found._replace(outline=self._distance.outline(features, query))
        if self._fused is not None:
            reasons = self._fused.reasons(query, features, asked.colour_weight, is_same_thing=is_same_thing)
            found = found._replace(because=reasons)
        if not count:
            return found
        parts = self._distance.parts(query, features, count)
        similarities = self._distance.part_similarities(parts, query, features)
        return found._replace(region_distances=parts.tolist(), region_similarities=similarities.tolist())

    def _checked(self, features: Floats) -> Floats:
        features, info = np.asarray(features, np.float32), self._parts.info
        dimension = info.dimension
        if self._distance.query_dimension is not None:
            dimension = self._distance.query_dimension
            if len(features) == info.dimension:
                features = np.pad(features, (0, dimension - len(features)))
        try:
            self._distance.check(features, dimension)
        except ValueError as error:
            raise ValueError(f"{error}: {self._path} is of the descriptor {info.descriptor}") from None
        return features


def _open_fused(parts: Parts, components: Sequence[Component]) -> "FusedNeighbours":
    from .fusedneighbours import FusedNeighbours  # a search by colours starts faster without

    return FusedNeighbours(parts, components)
