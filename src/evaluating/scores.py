"""How good the rankings of one index are: for every query, and summed up by class and overall."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .measures import CUTOFFS, average_precision, precision
from .questions import NO_ONE, Questions

# How many of what was found is kept for a query, and of how many the confusion of classes is counted: as many as
# search.py finds unless it is told otherwise.
KEPT, CONFUSED = 10, 3


class Scores(NamedTuple):
    """What the rankings of all queries are worth."""

    values: NDArray[np.float64]
    """Shape (queries, measures): precision at each of `CUTOFFS`, then average precision."""
    found: list[list[int]]
    """The first images of each ranking, by their numbers."""
    confusion: NDArray[np.intp]
    """Shape (classes, classes): how often queries of the one had images of the other among the first three."""

    def mean(self, chosen: NDArray[np.bool_] | None = None) -> list[float]:
        """Return the mean of each measure over all queries, or some of them."""
        return [float(one) for one in (self.values if chosen is None else self.values[chosen]).mean(axis=0)]

    def worst(self, count: int) -> list[int]:
        """Return the numbers of the queries of lowest average precision, worst first."""
        return [int(one) for one in np.argsort(self.values[:, -1], kind="stable")[:count]]


def score(
    rankings: Iterable[NDArray[np.intp]],
    places: NDArray[np.intp],
    questions: Questions,
    depth: int | None,
    progress: Callable[[int], object],
) -> Scores:
    """Judge the ranking of each query.

    Parameters
    ----------
    rankings : iterable of ndarray of int
        The rows of the index, nearest first, one ranking for each query; they may be cut.
    places : ndarray of int, shape (rows,)
        The number of each row among the images that count, or `NO_ONE`.
    questions : Questions
    depth : int or None
        How many ranks average precision looks at.
    progress : callable
        Called with how many queries are judged.
    """
    count = len(questions.classes)
    values = np.zeros((len(questions.queries), len(CUTOFFS) + 1))
    confusion = np.zeros((count, count), np.intp)
    kept = []
    for number, (query, rows) in enumerate(zip(questions.queries, rankings, strict=True)):
        ranked = places[rows]
        ranked = ranked[(ranked != NO_ONE) & (ranked != query.own)]
        hits = questions.hits(number, ranked)
        values[number, :-1] = [precision(hits, cutoff) for cutoff in CUTOFFS]
        values[number, -1] = average_precision(hits, query.relevant, depth)
        if count:
            np.add.at(confusion[query.label], questions.labels[ranked[:CONFUSED]], 1)
        kept.append(ranked[:KEPT].tolist())
        progress(number + 1)
    return Scores(values, kept, confusion)
