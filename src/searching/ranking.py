"""Step 4, search: a ranking of all rows by estimates of their distances, put right where these cannot decide."""

import numpy as np
from numpy.typing import NDArray

from ..distance import Comparison
from .shortlist import blocks_of


def ranked(comparison: Comparison, estimates: NDArray[np.float64], limit: int) -> NDArray[np.intp]:
    """Return the rows nearest to a query, nearest first, ties in index order, as comparing with all in full does.

    Parameters
    ----------
    comparison : Comparison
    estimates : ndarray of float64, shape (rows,)
        Of all distances; see `Rows.estimate`.
    limit : int
        How many rows to return at most.
    """
    if not np.isfinite(estimates).all():
        # Numbers so large that their products are beyond double precision.
        return np.argsort(_distances(comparison, np.arange(len(estimates))), kind="stable")[:limit]
    order = np.argsort(estimates, kind="stable")
    sorted_estimates = estimates[order]
    errors = comparison.estimate_errors(sorted_estimates)
    # Rows of two groups are in the right order, those of one may not be.
    apart = np.diff(sorted_estimates) > errors[:-1] + errors[1:]
    groups = np.concatenate([[0], np.cumsum(apart)])
    undecided = np.flatnonzero((np.bincount(groups) > 1)[groups] & (groups <= groups[min(limit, len(order)) - 1]))
    rows = order[undecided]
    order[undecided] = rows[np.lexsort((rows, _distances(comparison, rows), groups[undecided]))]
    return order[:limit]


def _distances(comparison: Comparison, rows: NDArray[np.intp]) -> NDArray[np.float64]:
    return np.concatenate([np.empty(0), *map(comparison.distances, blocks_of(rows))])
