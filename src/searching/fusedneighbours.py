"""Step 4, search: the rows nearest to a query when nearness depends on the other rows, too; see `fusion`.

The nearest by the networks are the shortlist, found exactly. Rows whose thumbnails may be those of the same photo join
it, wherever they are, and so do rows that show the very same thing. These are ranked by all there is. What follows them
is ranked by the networks alone.

A row that equals the query is at distance 0, and says nothing of the others: the answer is the same whether or not the
query is in the index. Rows that equal each other are judged once, so they tie.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..distance import Component
from .fusion import (
    MAYBE_SAME,
    MOST_POINTS,
    MOST_POINTS_WITH_OBJECTS,
    REGION_WEIGHTS,
    SMALLEST,
    Floats,
    Likeness,
    below,
    colour_directions,
    colour_weight,
    deep_directions,
    distances_of,
    same_thing,
    scores,
)
from .parts import Ask, Parts, Pictures
from .reasons import Evidence, words
from .shortlist import Found, FusedFound, blocks_of

Rows = NDArray[np.intp]

DEEP, COLOUR, THUMBNAIL, OBJECTS = 0, 1, 2, 3  # the components of a row, by number; not all rows have the last one

SHORTLIST = 200
MOST_JOINING = 1000
MOST_THINGS = 100  # that show the same; more are hardly looked at


class FusedNeighbours:
    """Finds the nearest among the rows of an index, wherever they are; each has such components."""

    def __init__(self, parts: Parts, components: Sequence[Component]) -> None:
        self._parts = parts
        self._components = components
        self._most_points = MOST_POINTS_WITH_OBJECTS if len(components) > OBJECTS else MOST_POINTS

    def nearest_of_many(self, queries: Sequence[Floats], limit: int, max_distance: float = np.inf) -> list[FusedFound]:
        """Find the rows nearest to each of several queries.

        Parameters
        ----------
        queries : sequence of ndarray of float32, shape (dimension,)
            Query vectors, of numbers that are legal for the distance.
        limit : int
            How many rows to return at most. What is found for a smaller limit is the beginning of it.
        max_distance : float, optional
            Rows further away are not returned.

        Returns
        -------
        list of FusedFound
            Nearest first, ties in index order. A distance is 0 for a row that equals the query, and for no other.
        """
        if not queries:
            return []
        asks = [
            self._ask(DEEP, queries, max(limit, SHORTLIST), np.inf),
            self._ask(THUMBNAIL, queries, MOST_JOINING, 1 - MAYBE_SAME),
        ]
        if len(self._components) > OBJECTS:
            within = float(np.nextafter(self._components[OBJECTS].nothing_from, 0))
            asks.append(self._ask(OBJECTS, queries, MOST_THINGS, within))
        deep, photos, *others = self._parts.nearest(*asks)
        things = others[0] if others else [(np.empty(0, np.intp), np.empty(0))] * len(queries)
        ranked = [self._rank(*one) for one in zip(queries, deep, photos, things, strict=True)]
        return [_cut(one, limit, max_distance) for one in ranked]

    def reasons(self, query: Floats, row: Floats, weight: float, *, is_same_thing: bool = False) -> list[str]:
        """Return in words what decided for a row of this vector, when colours counted so much."""
        return words(self.evidence(query, row, weight)._replace(is_same_thing=is_same_thing))

    def evidence(self, query: Floats, row: Floats, weight: float) -> Evidence:
        """Return what speaks for a row of this vector, when colours counted so much, apart from its local features."""
        networks, colours, thumbnail = self._components[:OBJECTS]
        kind = 1 - float(networks.between(row[networks.place], query[networks.place]))
        correlation = 1 - float(thumbnail.between(row[thumbnail.place], query[thumbnail.place]))
        agreements = _agreements(row[colours.place], query[colours.place])
        return Evidence(kind, correlation, agreements, weight > 0)

    def _ask(self, component: int, queries: Sequence[Floats], limit: int, max_distance: float) -> Ask:
        place = self._components[component].place
        return Ask([query[place] for query in queries], limit, max_distance, component)

    def _rank(self, query: Floats, deep: Found, photos: Found, things: Found) -> FusedFound:
        shortlist = deep[0][:SHORTLIST]
        joining = np.setdiff1d(np.concatenate([photos[0], things[0]]), shortlist)
        candidates = np.concatenate([shortlist, joining])
        correlations, surely = _similarities_of(candidates, photos), _similarities_of(candidates, things)
        pictures = self._parts.at_hand(np.concatenate([candidates, deep[0][deep[1] == 0]]))
        networks = pictures.take(candidates, DEEP)
        # Networks may find nothing between two pictures of different colours.
        zero_away = correlations == 1
        zero_away[: len(shortlist)] |= deep[1][:SHORTLIST] == 0
        is_query = _are_equal(pictures, candidates, zero_away, query)
        others, numbers = _distinct(pictures, candidates, networks, np.flatnonzero(~is_query))
        points = np.full(len(candidates), 2.0)
        weight = 0.0
        if len(others):
            likeness = self._likeness(
                query, networks[others], pictures.take(candidates[others], COLOUR), correlations[others]
            )
            weight = colour_weight(likeness, int((others < len(shortlist)).sum()))
            # Of many rows that equal each other, some may not have been looked at.
            sure = np.zeros(len(others))
            np.maximum.at(sure, numbers, surely[~is_query])
            points[~is_query] = same_thing(scores(likeness, weight), likeness.correlations, sure)[numbers]
        distances = np.where(is_query, 0.0, distances_of(points, self._most_points))
        rest = ~np.isin(deep[0], candidates)
        rest_rows, away = deep[0][rest], deep[1][rest]
        rest_distances = distances_of(below(1 - away, float(points.min(initial=2.0))), self._most_points)
        rest_distances[_are_equal(pictures, rest_rows, away == 0, query)] = 0.0
        rows = np.concatenate([candidates, rest_rows])
        distances = np.concatenate([distances, rest_distances])
        is_rest = np.arange(len(rows)) >= len(candidates)
        order = np.lexsort((rows, is_rest, distances))
        same_things = frozenset(candidates[(points > MOST_POINTS) | (is_query & (surely > 0))].tolist())
        return FusedFound((rows[order], distances[order]), weight, same_things)

    def _likeness(
        self, query: Floats, networks: Floats, colours: Floats, correlations: NDArray[np.float64]
    ) -> Likeness:
        deep, colour = self._components[:THUMBNAIL]
        both = [
            np.concatenate([query[None, deep.place], networks]),
            np.concatenate([query[None, colour.place], colours]),
        ]
        return Likeness(
            deep_directions(both[0], networks.shape[1] // deep.block), colour_directions(both[1]), correlations
        )


def _similarities_of(candidates: Rows, found: Found) -> NDArray[np.float64]:
    """Return how similar each candidate is by what was found for some of them; 0 for all others."""
    similarities = np.zeros(len(candidates))
    places = np.argsort(candidates)
    similarities[places[np.searchsorted(candidates, found[0], sorter=places)]] = 1 - found[1]
    return similarities


def _distinct(pictures: Pictures, rows: Rows, networks: Floats, some: Rows) -> tuple[Rows, Rows]:
    """Return those of some places that hold no row again, and for each of some which of these holds its row."""
    # Whole numbers: these sums are exact.
    _, numbers, counts = np.unique(networks[some].sum(axis=1), return_inverse=True, return_counts=True)
    alike = some[counts[numbers] > 1]
    vectors = pictures.take(rows[alike]) if len(alike) else ()
    keys: dict[int, object] = {place: vector.tobytes() for place, vector in zip(alike.tolist(), vectors, strict=True)}
    known: dict[object, int] = {}
    first: list[int] = []
    which: list[int] = []
    for place, number in zip(some.tolist(), numbers.tolist(), strict=True):
        key = keys.get(place, number)
        if key not in known:
            known[key] = len(first)
            first.append(place)
        which.append(known[key])
    return np.array(first, np.intp), np.array(which, np.intp)


def _are_equal(pictures: Pictures, rows: Rows, may_be: NDArray[np.bool_], query: Floats) -> NDArray[np.bool_]:
    """Tell which of some rows equal the query, of those that may."""
    equal = np.zeros(len(rows), bool)
    for places in blocks_of(np.flatnonzero(may_be)):
        vectors = pictures.take(rows[places])
        # A query may have more local features than a row.
        equal[places] = (vectors == query[: vectors.shape[1]]).all(axis=1)
    return equal


def _agreements(a: Floats, b: Floats) -> list[float]:
    """Return how far the colours of each region agree: the sums of the roots of products of shares."""
    regions = [vector.astype(np.float64).reshape(len(REGION_WEIGHTS), -1) for vector in (a, b)]
    one, other = (counts / np.maximum(counts.sum(axis=1, keepdims=True), SMALLEST) for counts in regions)
    alike = (one == other).all(axis=1)
    return np.where(alike, 1.0, np.sqrt(one * other).sum(axis=1).clip(max=1.0)).tolist()  # type: ignore[no-any-return]


def _cut(fused: FusedFound, limit: int, max_distance: float) -> FusedFound:
    rows, distances = fused.found
    count = min(limit, int(np.searchsorted(distances, max_distance, "right")))
    return fused._replace(found=(rows[:count], distances[:count]))
