"""Step 4, search: the rows nearest to a query, exactly, though only a few rows are compared in full.

Every row gets a lower bound of its distance (see `comparing.chunks`). The few rows of lowest bounds are compared in
full. The k-th distance among them is the **reach**: k rows lie within it. A row whose bound exceeds it cannot be among
the k nearest, not even as a tie. The remaining candidates get a closer bound. Those still within reach are
compared in full, lowest bounds first, while the reach shrinks. A bad bound costs time, never an answer.
"""

from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from ..distance import Comparison, Rows
from ..threads import share, usable_cores
from .ranking import ranked
from .shortlist import MOST_ROWS, Found, Shortlist

# A thread is worth starting for about half a millisecond of work.
ROWS_FOR_A_THREAD, CLOSER_ROWS_FOR_A_THREAD = 30_000, 3000
FIRST_ROWS = 192  # that are looked at before there is a k-th distance
FEWEST_ROWS = 16  # compared in full at once, to begin with; each may shrink the reach
MOST_BYTES = 1 << 27  # held at once for many queries: 128 MB
# All distances are estimated if more than one of so many rows is asked for. Of histograms, so many rows are 3 MB.
ROWS_FOR_A_RANK, ESTIMATED_ROWS = 8, 256

Floats = NDArray[np.float32]


class Neighbours:
    """Finds the nearest among the rows of one file, on so many threads at most; by default, on all usable cores."""

    def __init__(self, rows: Rows, threads: int | None = None) -> None:
        self._rows = rows
        self.threads = threads or usable_cores()

    def __len__(self) -> int:
        return len(self._rows)

    def nearest(self, query: Floats, limit: int, max_distance: float = np.inf) -> Found:
        """Find the rows nearest to a query, exactly as comparing it with every row does.

        Parameters
        ----------
        query : ndarray of float32, shape (dimension,)
            The query vector, of numbers that are legal for the distance.
        limit : int
            How many rows to return at most.
        max_distance : float, optional
            Rows further away are not returned.

        Returns
        -------
        Found
            Nearest first, ties in index order.
        """
        return self._nearest(query, limit, max_distance, self.threads)

    def nearest_of_many(
        self, queries: Sequence[Floats], limit: int, max_distance: float | Sequence[float] = np.inf
    ) -> list[Found]:
        """Find the rows nearest to each of several queries, faster than one after the other.

        Parameters and each of the results are those of `nearest`; each query may have a largest distance of its own.
        """
        max_distances = list(max_distance) if isinstance(max_distance, Sequence) else [max_distance] * len(queries)
        if len(queries) < self._rows.fewest_together:
            return self._nearest_of_each(queries, limit, max_distances)
        at_once = max(MOST_BYTES // max(len(self._rows) * self._rows.bytes_held, 1), 1)
        parts = [slice(start, start + at_once) for start in range(0, len(queries), at_once)]
        return [one for some in parts for one in self._nearest_of_some(queries[some], limit, max_distances[some])]

    def _nearest(self, query: Floats, limit: int, max_distance: float, threads: int) -> Found:
        comparison = self._rows.compare(query)
        bounds = np.empty(len(self._rows), np.float32)
        self._share_chunks(lambda chunks: comparison.bound(chunks, bounds), threads)
        return self._select(comparison, bounds, limit, max_distance, threads)

    def _nearest_of_each(self, queries: Sequence[Floats], limit: int, max_distances: Sequence[float]) -> list[Found]:
        """Search one by one: each thread has queries of its own, or all threads one query."""
        found: dict[int, Found] = {}

        def search(numbers: range) -> None:
            for number in numbers:
                found[number] = self._nearest(queries[number], limit, max_distances[number], threads)

        threads = self.threads if len(queries) == 1 else 1
        share(len(queries), self.threads, search)
        return [found[number] for number in range(len(queries))]

    def _nearest_of_some(self, queries: Sequence[Floats], limit: int, max_distances: Sequence[float]) -> list[Found]:
        comparisons = [self._rows.compare(query) for query in queries]
        bounds = np.empty((len(queries), len(self._rows)), np.float32)
        self._share_chunks(lambda chunks: self._rows.bound_many(comparisons, chunks, bounds), self.threads)
        found: dict[int, Found] = {}

        def select(numbers: range) -> None:
            for number in numbers:
                found[number] = self._select(comparisons[number], bounds[number], limit, max_distances[number], 1)

        share(len(queries), self.threads, select)
        return [found[number] for number in range(len(queries))]

    def compare(self, query: Floats) -> Comparison:
        """Return what compares a query with the rows."""
        return self._rows.compare(query)

    def estimated(self, comparisons: Sequence[Comparison], estimates: NDArray[np.float64]) -> bool:
        """Write estimates of all distances into `estimates`, shape (queries, rows); return False if there are none."""
        if len(self._rows) == 0:
            return True
        if self._rows.estimate(comparisons[:1], range(1)) is None:
            return False

        def estimate(blocks: range) -> None:
            for block in blocks:
                rows = range(block * ESTIMATED_ROWS, min((block + 1) * ESTIMATED_ROWS, len(self._rows)))
                estimates[:, rows.start : rows.stop] = self._rows.estimate(comparisons, rows)

        share(-(-len(self._rows) // ESTIMATED_ROWS), self.threads, estimate)
        return True

    def _share_chunks(self, work: Callable[[range], object], threads: int) -> None:
        threads = min(threads, 1 + len(self._rows) // ROWS_FOR_A_THREAD)
        share(len(self._rows.chunks), threads, work)

    def _select(self, comparison: Comparison, bounds: Floats, limit: int, max_distance: float, threads: int) -> Found:
        shortlist = Shortlist(comparison, limit, max_distance)

        def compare_within_reach(rows: NDArray[np.intp]) -> None:
            closer = self._closer_bounds(comparison, rows, bounds[rows], threads)
            order = np.argsort(closer)
            rows, closer = rows[order], closer[order]
            start, size = 0, max(FEWEST_ROWS, shortlist.missing)
            while start < (within := int(np.searchsorted(closer, shortlist.reach, "right"))):
                shortlist.add(rows[:within][start : start + size])
                start, size = start + size, min(2 * size, MOST_ROWS)

        first = _lowest(bounds, max(FIRST_ROWS, 2 * limit))
        compare_within_reach(first)
        bounds[first] = np.inf
        compare_within_reach(np.flatnonzero(bounds <= shortlist.reach))
        return shortlist.nearest()

    def _closer_bounds(self, comparison: Comparison, rows: NDArray[np.intp], bounds: Floats, threads: int) -> Floats:
        """Raise the bounds of some rows, ascending, as far as it can be done; return them."""
        first_rows = self._rows.starts
        starts = np.searchsorted(rows, first_rows).tolist()

        def bound(chunks: range) -> None:
            for chunk in chunks:
                inside = slice(starts[chunk], starts[chunk + 1])
                if inside.start < inside.stop:
                    comparison.bound_closer(chunk, rows[inside] - first_rows[chunk], bounds[inside])

        share(len(self._rows.chunks), min(threads, 1 + len(rows) // CLOSER_ROWS_FOR_A_THREAD), bound)
        return bounds


def nearest_of_parts(
    parts: Sequence[Neighbours], queries: Sequence[Floats], limit: int, max_distance: float
) -> list[Found]:
    """Find the rows nearest to each of several queries among the rows of several files, numbered through.

    One part is searched after the other. The k-th distance so far is the largest distance for the next part. A row
    there that is just as far away stands behind, as it does in the index. Parameters and results are those of
    `Neighbours.nearest_of_many`.
    """
    best = parts[0].nearest_of_many(queries, limit, max_distance)
    start = len(parts[0])
    for part in parts[1:]:
        max_distances = [float(away[-1]) if len(away) == limit else max_distance for _, away in best]
        more = part.nearest_of_many(queries, limit, max_distances)
        best = [merged([one, (rows + start, away)], limit) for one, (rows, away) in zip(best, more, strict=True)]
        start += len(part)
    return best


def ranked_of_parts(parts: Sequence[Neighbours], queries: Sequence[Floats], limit: int) -> list[NDArray[np.intp]]:
    """Return the rows that `nearest_of_parts` finds, without their distances.

    It is quicker where most rows are asked for: then all distances are estimated, and only rows that estimates cannot
    tell apart are compared in full.
    """
    starts = [*accumulate(map(len, parts), initial=0)]
    found: list[NDArray[np.intp]] = [np.empty(0, np.intp)] * len(queries)
    is_whole = limit * ROWS_FOR_A_RANK >= starts[-1] > 0 and len(queries) > 0
    comparisons = [[part.compare(query) for query in queries] for part in parts] if is_whole else []
    estimates = np.empty((len(queries), starts[-1] if is_whole else 0))
    shares = zip(parts, comparisons, pairwise(starts), strict=False)
    if not is_whole or not all(part.estimated(own, estimates[:, start:end]) for part, own, (start, end) in shares):
        return [rows for rows, _ in nearest_of_parts(parts, queries, limit, np.inf)]

    def rank(numbers: range) -> None:
        for number in numbers:
            found[number] = ranked([own[number] for own in comparisons], starts[:-1], estimates[number], limit)

    share(len(queries), parts[0].threads, rank)
    return found


def merged(found: Sequence[Found], limit: int) -> Found:
    """Return the nearest of what was found among the rows of several parts, which follow each other."""
    rows, distances = (np.concatenate(some) for some in zip(*found, strict=True))
    order = np.argsort(distances, kind="stable")[:limit]
    return rows[order], distances[order]


def _lowest(bounds: Floats, count: int) -> NDArray[np.intp]:
    """Return at least `count` rows (if there are) of low bounds, not certainly the lowest."""
    if len(bounds) <= 2 * count:
        return np.arange(len(bounds))
    # The lowest of every 64 rows are quickly found; the next best of so many are seldom better.
    groups = len(bounds) // 64
    lowest = bounds[: groups * 64].reshape(64, groups).min(axis=0) if groups > 4 * count else bounds
    level = np.partition(lowest, count - 1)[count - 1]
    return np.flatnonzero(bounds <= level)[: 4 * count]
