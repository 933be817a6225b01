"""Step 4, search: a ranking of all rows by estimates of their distances, put right where these cannot decide."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..distance import Comparison
from .shortlist import blocks_of


def ranked(
    comparisons: Sequence[Comparison], starts: Sequence[int], estimates: NDArray[np.float64], limit: int
) -> NDArray[np.intp]:
    """Return the rows nearest to a query, nearest first, ties in index order, as comparing with all in full does.

    Parameters
    ----------
    comparisons : sequence of Comparison
        Of the query with the rows of each part.
    starts : sequence of int
        The first row of each part.
    estimates : ndarray of float64, shape (rows,)
        Of all distances; see `Rows.estimate`.
    limit : int
        How many rows to return at most.
    """
    if not np.isfinite(estimates).all():
        # Numbers so large that their products are beyond double precision.
        return np.argsort(_distances(comparisons, starts, np.arange(len(estimates))), kind="stable")[:limit]
    order = np.argsort(estimates, kind="stable")
    sorted_estimates = estimates[order]
    errors = comparisons[0].estimate_errors(sorted_estimates)  # which depend on the query, not on rows
    # Rows of two groups are in the right order, those of one may not be.
    apart = np.diff(sorted_estimates) > errors[:-1] + errors[1:]
    groups = np.concatenate([[0], np.cumsum(apart)])
    undecided = np.flatnonzero((np.bincount(groups) > 1)[groups] & (groups <= groups[min(limit, len(order)) - 1]))
    rows = order[undecided]
    order[undecided] = rows[np.lexsort((rows, _distances(comparisons, starts, rows), groups[undecided]))]
    return order[:limit]


def _distances(comparisons: Sequence[Comparison], starts: Sequence[int], rows: NDArray[np.intp]) -> NDArray[np.float64]:
    distances = np.empty(len(rows))
    whose = np.searchsorted(starts, rows, "right") - 1
    for part in np.unique(whose).tolist():
        blocks = blocks_of(rows[whose == part] - starts[part])
        distances[whose == part] = np.concatenate([*map(comparisons[part].distances, blocks)])
    return distances
