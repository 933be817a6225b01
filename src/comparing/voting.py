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
# A feature votes for the rows of so many features that look most alike.
NEAREST = 5
# Codes of the same place in two photos differ in fewer bits; those of any two in 60, by and large.
MOST_BITS = int(0.3 * CODE_BITS)


def candidates(
    chunks: Sequence[ObjectBlock], starts: Sequence[int], query: LocalFeatures, lists: ListedCodes | None = None
) -> NDArray[np.intp]:
    """Return the numbers of the rows with the most votes, those first; lists of the same codes are quicker."""
    if lists is None:
        pairs = nearest_codes([chunk.codes for chunk in chunks], query.codes, NEAREST, MOST_BITS)
    else:
        pairs = lists.nearest(query.codes, NEAREST, MOST_BITS)
    return most_voted(pairs, rows_of(chunks, starts, pairs.features), starts[-1])


def rows_of(chunks: Sequence[ObjectBlock], starts: Sequence[int], features: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the row of each of some features, which are numbered through."""
    rows = np.empty(len(features), np.intp)
    first = 0
    for chunk, start in zip(chunks, starts, strict=False):
        end = first + len(chunk.places)
        inside = (first <= features) & (features < end)
        rows[inside] = start + np.searchsorted(chunk.ends, features[inside] - first, "right") - 1
        first = end
    return rows


def most_voted(pairs: Pairs, rows: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    """Return the candidates among so many rows, the most votes first; the rows given are those of the pairs.

    A feature has one vote for each row, for the feature there that looks most alike: a tiled floor has no more.
    """
    # The nearest come first.
    _, firsts = np.unique(pairs.queries * count + rows, return_index=True)
    weights = (1 - pairs.bits[firsts] / MOST_BITS) ** 2
    votes = np.bincount(rows[firsts], weights, count)
    best = np.argsort(-votes, kind="stable")[:CANDIDATES]
    return best[votes[best] > 0]
