"""How good one ranking is: precision among the first, and average precision; and how sure a difference is.

Definitions are those of the field (Manning, Raghavan, Schütze: Introduction to Information Retrieval, chapter 8).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

CUTOFFS = (1, 3, 10)

# Each resample of the queries takes a moment; of 2000, the ends of a 95 % interval are off by a few percent of its
# length.
RESAMPLES = 2000
SEED = 1
LEVEL = 0.95
AT_ONCE = 1 << 22  # numbers of resamples that are held


class Interval(NamedTuple):
    """A mean difference and the ends of its interval."""

    difference: float
    low: float
    high: float


def precision(hits: NDArray[np.bool_], cutoff: int) -> float:
    """Return the share of relevant images among the first `cutoff` of a ranking.

    It is a share of `cutoff` even where there are not so many relevant images, or results.
    """
    return float(hits[:cutoff].sum() / cutoff)


def average_precision(hits: NDArray[np.bool_], relevant: int, depth: int | None = None) -> float:
    """Return the average precision of a ranking: the mean over the relevant images of the precision at their ranks.

    Parameters
    ----------
    hits : ndarray of bool, shape (n,)
        Which of the ranked images are relevant, nearest first.
    relevant : int
        How many relevant images there are, at least 1. One that is not ranked counts as 0.
    depth : int, optional
        Look at so many ranks only. Then 1 is for a ranking in which all of them that can be relevant are.
    """
    if depth is not None:
        hits, relevant = hits[:depth], min(relevant, depth)
    ranks = np.flatnonzero(hits) + 1
    return float((np.arange(1, len(ranks) + 1) / ranks).sum() / relevant)


def intervals(differences: NDArray[np.float64]) -> list[Interval]:
    """Return the mean of each column of differences, and its 95 % interval by the bootstrap over the rows.

    Parameters
    ----------
    differences : ndarray of float64, shape (queries, columns)
        Paired: what one ranking of a query is better than another one of the same query.

    Returns
    -------
    list of Interval
        The same in every run, as the resamples are.
    """
    count = len(differences)
    random = np.random.default_rng(SEED)
    means: list[NDArray[np.float64]] = []
    left = RESAMPLES
    while left:
        some = min(max(AT_ONCE // count, 1), left)
        drawn = random.multinomial(count, np.full(count, 1 / count), size=some)
        means.append(drawn @ differences / count)
        left -= some
    ends = np.quantile(np.concatenate(means), [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    mean = differences.mean(axis=0)
    return [Interval(*(float(one) for one in three)) for three in zip(mean, *ends, strict=True)]
