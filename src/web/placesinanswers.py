"""The service: an answer is told with the places where its results are similar, if networks have found them."""

from typing import Any

import anyio.to_thread

from ..imagepart import Part
from ..resultplaces import has_places
from .describedquery import Described
from .explainedplaces import ExplainPlaces
from .openedindex import OpenedIndex
from .problems import ProblemError
from .searchschemas import read_places
from .servedfiles import path_of_served

# Of further results it is not told: each is read and seen by the networks again.
MOST_EXPLAINED = 12
# Explained at once by one thread of the process, which finds the query's own places for them.
EXPLAINED_AT_ONCE = 3
TOO_MANY = f"places are told of the first {MOST_EXPLAINED} results"
NOT_THERE = "its file is not there, or is none that can be shown"


async def add_places(
    index: OpenedIndex, query: bytes | str, part: Part | None, described: Described, results: list[dict[str, Any]]
) -> None:
    """Say of results, as JSON has them, where they are similar to a query, an encoded picture or its file."""
    if not has_places(index.recipe):
        return
    known = await anyio.to_thread.run_sync(_known, index, results[:MOST_EXPLAINED])
    for start in range(0, len(known), EXPLAINED_AT_ONCE):
        some = known[start : start + EXPLAINED_AT_ONCE]
        paths, features = [path for _, path, _ in some], [vector for _, _, vector in some]
        work = ExplainPlaces(query, part, described.features, paths, features, index.max_megapixels)
        told = read_places(await index.worker.do(work), len(some))
        if not told:
            return  # the network sees none
        for (result, _, _), places in zip(some, told, strict=True):
            result.update(places)
    for number, result in enumerate(results):
        if "places" not in result:
            result.update(places=None, unexplained=NOT_THERE if number < MOST_EXPLAINED else TOO_MANY)


def _known(index: OpenedIndex, results: list[dict[str, Any]]) -> list[tuple[dict[str, Any], str, Any]]:
    """Return the results whose files are there, with where they are and their feature vectors."""
    known = []
    for result in results:
        try:
            path = path_of_served(index, result["id"])
        except ProblemError:
            continue
        known.append((result, path, index.searcher.features_of(result["id"])))
    return known
