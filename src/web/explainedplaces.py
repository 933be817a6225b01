"""The service: where results are similar, for networks that see places; by the process that may die.

Maps are not in the index, so the pictures are read again. It imports no web.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..answertext import values_of
from ..description import Recipe, Work
from ..imagepart import Part
from ..imagereader import MemoryBudget
from ..resultplaces import NotExplained, QueryPlaces
from .describedquery import encoded_query, recipe_of, within
from .visitorwords import words_for_unexplained


@dataclass(frozen=True)
class ExplainPlaces(Work):
    """Tell of some results of a query where they are similar."""

    query: bytes | str
    """The encoded picture, or where its file is."""
    part: Part | None
    own: NDArray[np.float32]
    """What the query is described by, shape (dimension,)."""
    paths: Sequence[str]
    """Where the results are."""
    features: Sequence[NDArray[np.float32]]
    """Theirs, each of shape (dimension,)."""
    max_megapixels: float
    """Of pictures of the index."""

    def run(self, recipe: Recipe, budget: MemoryBudget) -> bytes:
        """Return JSON: for each result what `search.py --json` has of places; nothing if the network sees none."""
        of_query = recipe_of(self.query, recipe, self.max_megapixels)
        described = of_query.describe(encoded_query(self.query), budget, self.part)
        places = QueryPlaces(within(recipe, self.max_megapixels), described.picture, self.own)
        if not places:
            return b"[]"
        return json.dumps([_told(places, *one) for one in zip(self.paths, self.features, strict=True)]).encode()

    def check(self, made: bytes, recipe: Recipe) -> None:
        """Raise ValueError for what no sound process makes."""
        from .searchschemas import read_places  # only who asks needs it

        read_places(made, len(self.paths))


def _told(places: QueryPlaces, path: str, features: NDArray[np.float32]) -> dict[str, Any]:
    try:
        return {"places": values_of(places.explain(path, features))}
    except NotExplained as error:
        return {"places": None, "unexplained": words_for_unexplained(error)}
