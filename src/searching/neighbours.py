"""Step 4, search: the rows nearest to a query, exactly, though only a few rows are compared in full.

Every row gets a lower bound of its distance (see `comparing.chunks`). The few rows of lowest bounds are compared in
full. The k-th best of their distances is the **reach**: k rows lie within it, so a row whose bound exceeds it cannot be
among the k nearest, not even as a tie. Rows that remain get a closer bound, and those still within reach are compared
in full, likeliest first, while the reach shrinks. Nothing is left to chance: a bad bound costs time, never an answer.
"""

from collections.abc import Callable, Sequence
from threading import Thread

import numpy as np
from numpy.typing import NDArray

from ..distance import Comparison, Rows
from ..threads import usable_cores
from .shortlist import MOST_ROWS, Found, Shortlist

# A thread is worth starting for about half a millisecond of work.
ROWS_FOR_A_THREAD, CLOSER_ROWS_FOR_A_THREAD = 30_000, 3000
# Rows that are looked at before there is a reach.
FIRST_ROWS = 192
# Rows compared in full at once, to begin with; each may shrink the reach.
FEWEST_ROWS = 16
# Bounds held at once for many queries: 128 MB.
MOST_BOUNDS = 1 << 25


class Neighbours:
    """Finds nearest rows.

    Parameters
    ----------
    rows : Rows
        Of one file; see `nearest_of_parts` for several.
    threads : int, optional
        How many threads to use at most; by default as many as there are cores that may be used.
    """

    def __init__(self, rows: Rows, threads: int | None = None) -> None:
        self._rows = rows
        self._threads = threads or usable_cores()

    def __len__(self) -> int:
        return len(self._rows)

    def nearest(self, query: NDArray[np.float32], limit: int, max_distance: float = np.inf) -> Found:
        """Find the rows nearest to a query, exactly as comparing it with every row does.

        Parameters
        ----------
        query : ndarray of float32, shape (dimension,)
            The vector to compare with; numbers that are legal for the distance.
        limit : int
            How many rows to return at most.
        max_distance : float, optional
            Rows further away than this are not returned.

        Returns
        -------
        rows : ndarray of int
            Row numbers, nearest first; rows at the same distance in the order of the index.
        distances : ndarray of float64
            Their distances.
        """
        comparison = self._rows.compare(query)
        bounds = np.empty(len(self._rows), np.float32)
        self._share_chunks(lambda chunks: comparison.bound(chunks, bounds))
        return self._select(comparison, bounds, limit, max_distance, self._threads)

    def nearest_of_many(
        self, queries: Sequence[NDArray[np.float32]], limit: int, max_distance: float | Sequence[float] = np.inf
    ) -> list[Found]:
        """Find the rows nearest to each of several queries, sooner than one after the other.

        Parameters are those of `nearest`, and so is each of the results. Each query may have a largest distance of its
        own.
        """
        furthest = list(max_distance) if isinstance(max_distance, Sequence) else [max_distance] * len(queries)
        if len(queries) == 1:
            return [self.nearest(queries[0], limit, furthest[0])]
        found: list[Found] = []
        at_once = max(MOST_BOUNDS // max(len(self._rows), 1), 1)
        for start in range(0, len(queries), at_once):
            some = slice(start, start + at_once)
            found += self._nearest_of_some(queries[some], limit, furthest[some])
        return found

    def _nearest_of_some(
        self, queries: Sequence[NDArray[np.float32]], limit: int, furthest: Sequence[float]
    ) -> list[Found]:
        comparisons = [self._rows.compare(query) for query in queries]
        bounds = np.empty((len(queries), len(self._rows)), np.float32)
        bounded: list[bool] = []
        self._share_chunks(lambda chunks: bounded.append(self._rows.bound_many(comparisons, chunks, bounds)))
        if not all(bounded):
            return [self.nearest(query, limit, one) for query, one in zip(queries, furthest, strict=True)]
        found: list[Found] = [(np.empty(0, np.intp), np.empty(0))] * len(queries)

        def select(numbers: range) -> None:
            for number in numbers:
                found[number] = self._select(comparisons[number], bounds[number], limit, furthest[number], 1)

        _share(len(queries), self._threads, select)
        return found

    def _share_chunks(self, work: Callable[[range], object]) -> None:
        threads = 1 + len(self._rows) // ROWS_FOR_A_THREAD
        _share(len(self._rows.starts) - 1, min(self._threads, threads), work)

    def _select(
        self, comparison: Comparison, bounds: NDArray[np.float32], limit: int, furthest: float, threads: int
    ) -> Found:
        shortlist = Shortlist(comparison, limit, furthest)

        def compare_within_reach(rows: NDArray[np.intp]) -> None:
            closer = self._closer_bounds(comparison, rows, bounds[rows], threads)
            order = np.argsort(closer)
            rows, closer = rows[order], closer[order]
            start, size = 0, max(FEWEST_ROWS, shortlist.missing)
            while (stop := min(start + size, _count_within(closer, shortlist.reach))) > start:
                shortlist.add(rows[start:stop])
                start, size = stop, min(2 * size, MOST_ROWS)

        first = _lowest(bounds, max(FIRST_ROWS, 2 * limit))
        compare_within_reach(first)
        bounds[first] = np.inf
        compare_within_reach(np.flatnonzero(bounds <= _as_bound(shortlist.reach)))
        return shortlist.nearest()

    def _closer_bounds(
        self, comparison: Comparison, rows: NDArray[np.intp], bounds: NDArray[np.float32], threads: int
    ) -> NDArray[np.float32]:
        """Return the bounds of some rows, ascending, as close as they can be had."""
        first_rows = self._rows.starts
        starts = np.searchsorted(rows, first_rows).tolist()

        def bound(chunks: range) -> None:
            for chunk in chunks:
                inside = slice(starts[chunk], starts[chunk + 1])
                if inside.start < inside.stop:
                    comparison.bound_closer(chunk, rows[inside] - first_rows[chunk], bounds[inside])

        _share(len(first_rows) - 1, min(threads, 1 + len(rows) // CLOSER_ROWS_FOR_A_THREAD), bound)
        return bounds


def nearest_of_parts(
    parts: Sequence[Neighbours], queries: Sequence[NDArray[np.float32]], limit: int, max_distance: float
) -> list[Found]:
    """Find the rows nearest to each of several queries among the rows of several files, numbered through.

    One part is searched after the other. What has been found in those before is the largest distance for the next, and
    a row that is as far away as the last one found stands behind it, as it does in the index.

    Parameters and results are those of `Neighbours.nearest_of_many`.
    """
    best = parts[0].nearest_of_many(queries, limit, max_distance)
    start = len(parts[0])
    for part in parts[1:]:
        furthest = [_kth_distance(found, limit, max_distance) for found in best]
        more = part.nearest_of_many(queries, limit, furthest)
        best = [_merged(one, (rows + start, away), limit) for one, (rows, away) in zip(best, more, strict=True)]
        start += len(part)
    return best


def _kth_distance(found: Found, limit: int, max_distance: float) -> float:
    return min(max_distance, float(found[1][-1])) if len(found[1]) == limit else max_distance


def _merged(best: Found, more: Found, limit: int) -> Found:
    rows, distances = (np.concatenate(both) for both in zip(best, more, strict=True))
    order = np.argsort(distances, kind="stable")[:limit]
    return rows[order], distances[order]


def _as_bound(reach: float) -> np.float32:
    # Rounded as a float32 bound within reach would be, that is, never to below it.
    return np.float32(min(reach, 1e30))


def _count_within(ascending: NDArray[np.float32], reach: float) -> int:
    return int(np.searchsorted(ascending, _as_bound(reach), "right"))


def _lowest(bounds: NDArray[np.float32], count: int) -> NDArray[np.intp]:
    """Return at least `count` rows (if there are) of low bounds, not certainly the lowest."""
    if len(bounds) <= 2 * count:
        return np.arange(len(bounds))
    # The lowest of every 64 rows are quickly found; the next best of so many are seldom better.
    groups = len(bounds) // 64
    lowest = bounds[: groups * 64].reshape(64, groups).min(axis=0) if groups > 4 * count else bounds
    level = np.partition(lowest, count - 1)[count - 1]
    return np.flatnonzero(bounds <= level)[: 4 * count]


def _share(count: int, threads: int, work: Callable[[range], object]) -> None:
    """Do work on the numbers 0..count, an equal run of them in each of some threads."""
    threads = max(min(threads, count), 1)
    ends = [count * part // threads for part in range(threads + 1)]
    errors: list[BaseException] = []

    def run(numbers: range) -> None:
        try:
            work(numbers)
        except BaseException as error:  # noqa: BLE001
            errors.append(error)

    others = [Thread(target=run, args=(range(ends[part], ends[part + 1]),)) for part in range(1, threads)]
    for other in others:
        other.start()
    run(range(ends[0], ends[1]))
    for other in others:
        other.join()
    if errors:
        raise errors[0]
