"""Step 3, compare: which rows of local features may show what a query shows, by the votes of its features."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..localfeatures import CODE_BITS, LocalFeatures
from .listedcodes import ListedCodes
from .nearestcodes import Pairs, nearest_codes
from .objectblock import ObjectBlock

# Rows that are verified, at most.
CANDIDATES = 50
# A feature votes for the rows of so many features that look most alike. The next one tells how alike chance is. Of 222
# covers in bad photos, small ones, and nine in one, 177 are candidates among 5,000; 173 with 2, and 172 with 8.
NEAREST = 5
# Codes of the same place in two photos differ in fewer bits; those of any two in 60, by and large.
MOST_BITS = int(0.4 * CODE_BITS)
# The features of a thing are all turned by the same angle, give or take one of so many sectors. Angles have 32 steps.
SECTORS, ANGLES = 8, 32


def candidates(
    chunks: Sequence[ObjectBlock], starts: Sequence[int], query: LocalFeatures, lists: ListedCodes | None = None
) -> NDArray[np.intp]:
    """Return the numbers of the rows with the most votes, ascending; lists of the same codes are quicker."""
    if lists is None:
        pairs = nearest_codes([chunk.codes for chunk in chunks], query.codes, NEAREST + 1, MOST_BITS)
    else:
        pairs = lists.nearest(query.codes, NEAREST + 1, MOST_BITS)
    rows, angles = _looked_up(chunks, starts, pairs.features)
    turned = np.rint(query.angles[pairs.queries] * (ANGLES / 360)).astype(np.intp) - angles
    return most_voted(pairs, rows, turned % ANGLES, starts[-1])


def _looked_up(
    chunks: Sequence[ObjectBlock], starts: Sequence[int], features: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the row of each of some features, which are numbered through, and its angle in steps."""
    rows, angles = np.empty(len(features), np.intp), np.empty(len(features), np.intp)
    first = 0
    for chunk, start in zip(chunks, starts, strict=False):
        end = first + len(chunk.places)
        inside = (first <= features) & (features < end)
        own = features[inside] - first
        rows[inside] = start + np.searchsorted(chunk.ends, own, "right") - 1
        angles[inside] = chunk.places[own] % ANGLES
        first = end
    return rows, angles


def most_voted(pairs: Pairs, rows: NDArray[np.intp], turned: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    """Return the candidates among so many rows, ascending.

    Of each pair, its row is given, and by how many steps it is turned. Half of the candidates are chosen by how much
    nearer features are than the next one, as in a ratio test, which finds more. It fails where an index has many
    pictures of the same, which are equally near: the others are chosen by bits alone.
    """
    rank = np.arange(len(rows)) - np.searchsorted(pairs.queries, pairs.queries)
    chance = np.full(pairs.queries.max(initial=0) + 1, MOST_BITS)
    chance[pairs.queries[rank == NEAREST]] = pairs.bits[rank == NEAREST]
    voting = np.flatnonzero(rank < NEAREST)
    # A feature has one vote for each row, for what looks most alike there: a tiled floor has no more.
    _, firsts = np.unique(pairs.queries[voting] * count + rows[voting], return_index=True)
    kept = voting[firsts]
    sectors = rows[kept] * SECTORS + turned[kept] * SECTORS // ANGLES
    bits = pairs.bits[kept].astype(np.float64)
    by_chance = _most(1 - bits / np.maximum(chance[pairs.queries[kept]], 1), sectors, count, CANDIDATES // 2)
    by_bits = _most((1 - bits / MOST_BITS) ** 2, sectors, count, CANDIDATES)
    others = by_bits[~np.isin(by_bits, by_chance)][: CANDIDATES - len(by_chance)]
    return np.sort(np.concatenate([by_chance, others]))


def _most(weights: NDArray[np.float64], sectors: NDArray[np.intp], count: int, most: int) -> NDArray[np.intp]:
    """Return the rows with the most votes in two sectors side by side, at most so many."""
    votes = np.bincount(sectors, weights, count * SECTORS).reshape(count, SECTORS)
    together = (votes + np.roll(votes, 1, axis=1)).max(axis=1)
    best = np.argsort(-together, kind="stable")[:most]
    voted: NDArray[np.intp] = best[together[best] > 0]
    return voted
