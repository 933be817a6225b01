"""Step 4, search: the rows nearest to a query, exactly, though only a few rows are compared in full.

Every row gets a lower bound of its distance from 24 merged bins (see `comparing.lowerbounds`). The few rows of lowest
bounds are compared in full; the k-th best of their distances is the **reach**: k rows lie within it, so a row whose
bound exceeds it cannot be among the k nearest, not even as a tie. Rows that remain get a closer bound from 192 merged
bins, and those still within reach are compared in full, likeliest first, while the reach shrinks. Nothing is left to
chance: a bad bound costs time, never an answer.
"""

from collections.abc import Callable, Sequence
from threading import Thread

import numpy as np
from numpy.typing import NDArray

from ..comparing.lowerbounds import Query, coarse_bounds, fine_bounds, make_query, root_bounds
from ..comparing.sparserows import Features
from ..comparing.sparsewriter import CHUNK_ROWS
from ..threads import usable_cores
from .shortlist import MOST_ROWS, Found, Shortlist

# Rows bounded at once for many queries: 192 bins of 1024 rows are 0.8 MB, which stays in a CPU's own cache.
ROOT_ROWS = 1024
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
    features : Features
        The rows.
    threads : int, optional
        How many threads to use at most; by default as many as there are cores that may be used.
    """

    def __init__(self, features: Features, threads: int | None = None) -> None:
        self._features = features
        self._threads = threads or usable_cores()

    def nearest(self, query: NDArray[np.float32], limit: int, max_distance: float = np.inf) -> Found:
        """Find the rows nearest to a query, exactly as comparing it with every row does.

        Parameters
        ----------
        query : ndarray of float32, shape (dimension,)
            The vector to compare with; finite numbers from 0 up.
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
        merged = make_query(query, self._features.merging)
        return self._select(query, merged, self._bounds(merged), limit, max_distance, self._threads)

    def nearest_of_many(
        self, queries: Sequence[NDArray[np.float32]], limit: int, max_distance: float = np.inf
    ) -> list[Found]:
        """Find the rows nearest to each of several queries, sooner than one after the other.

        Parameters are those of `nearest`, and so is each of the results.
        """
        found: list[Found] = []
        at_once = max(MOST_BOUNDS // max(len(self._features), 1), 1)
        for start in range(0, len(queries), at_once):
            found += self._nearest_of_some(queries[start : start + at_once], limit, max_distance)
        return found

    def _nearest_of_some(self, queries: Sequence[NDArray[np.float32]], limit: int, max_distance: float) -> list[Found]:
        merged = [make_query(query, self._features.merging) for query in queries]
        usual = [query for query in merged if query is not None]
        if len(usual) < len(queries) or len(queries) == 1:
            return [self.nearest(query, limit, max_distance) for query in queries]
        bounds = np.empty((len(queries), len(self._features)), np.float32)

        def bound(numbers: range) -> None:
            for number in numbers:
                half_sums, _, fine = self._features.chunks[number].columns
                for first in range(0, len(half_sums), ROOT_ROWS):
                    block = slice(first, first + ROOT_ROWS)
                    start = self._features.starts[number] + first
                    some = half_sums[block]
                    root_bounds(usual, fine[block], some, bounds[:, start : start + len(some)])

        self._share_chunks(bound)
        found: list[Found] = [(np.empty(0, np.intp), np.empty(0))] * len(queries)

        def select(numbers: range) -> None:
            for number in numbers:
                found[number] = self._select(queries[number], usual[number], bounds[number], limit, max_distance, 1)

        _share(len(queries), self._threads, select)
        return found

    def _bounds(self, query: Query | None) -> NDArray[np.float32]:
        count = len(self._features)
        if query is None:
            return np.full(count, -np.inf, np.float32)
        bounds = np.empty(count, np.float32)

        def bound(numbers: range) -> None:
            scratch = np.empty((self._features.merging.coarse, min(CHUNK_ROWS, count)), np.float32)
            for number in numbers:
                half_sums, coarse, _ = self._features.chunks[number].columns
                start, size = self._features.starts[number], len(half_sums)
                coarse_bounds(query, coarse, half_sums, bounds[start : start + size], scratch[:, :size])

        self._share_chunks(bound)
        return bounds

    def _share_chunks(self, work: Callable[[range], None]) -> None:
        threads = 1 + len(self._features) // ROWS_FOR_A_THREAD
        _share(len(self._features.chunks), min(self._threads, threads), work)

    def _select(
        self,
        query: NDArray[np.float32],
        merged: Query | None,
        bounds: NDArray[np.float32],
        limit: int,
        furthest: float,
        threads: int,
    ) -> Found:
        shortlist = Shortlist(self._features, query, limit, furthest)

        def compare_within_reach(rows: NDArray[np.intp]) -> None:
            closer = bounds[rows] if merged is None else self._closer_bounds(merged, rows, threads)
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

    def _closer_bounds(self, query: Query, rows: NDArray[np.intp], threads: int) -> NDArray[np.float32]:
        bounds = np.empty(len(rows), np.float32)
        chunks, first_rows = self._features.chunks, self._features.starts
        starts = np.searchsorted(rows, first_rows).tolist()

        def bound(numbers: range) -> None:
            for number in numbers:
                inside = rows[starts[number] : starts[number + 1]] - first_rows[number]
                if len(inside):
                    half_sums, _, fine = chunks[number].columns
                    some = fine_bounds(query, fine.take(inside, axis=0), half_sums.take(inside))
                    bounds[starts[number] : starts[number + 1]] = some

        _share(len(chunks), min(threads, 1 + len(rows) // CLOSER_ROWS_FOR_A_THREAD), bound)
        return bounds


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


def _share(count: int, threads: int, work: Callable[[range], None]) -> None:
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
