"""Step 3, compare: the codes of local features that differ least from those of a query, found by comparing all.

The codes are compared in blocks, of few features of the query and many of the index, which a CPU's cache holds. A
feature keeps the nearest that it has found so far. Nothing further away than those is looked at again.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..threads import share, usable_cores

# Of the query and of the index. Rows of some thousand are what numpy is quickest with.
QUERY_BLOCK, BLOCK = 20, 4096
# Copied at once, so that words of codes lie side by side: 1 MB.
COPIED = 16 * BLOCK
# So many pairs are kept until they are sorted out.
MOST_KEPT = 1 << 12
# A thread is worth starting for so many pairs, about a millisecond of work.
PAIRS_FOR_A_THREAD = 1 << 20


class Pairs(NamedTuple):
    """Features of a query, each with some of an index that look alike; ordered by the first, the nearest first."""

    queries: NDArray[np.intp]
    """Numbers of features of the query, shape (n,)."""
    features: NDArray[np.intp]
    """Numbers of features of the index."""
    bits: NDArray[np.uint8]
    """In how many bits their codes differ."""

    def nearest(self, count: int) -> "Pairs":
        """Return so many pairs of each feature of the query, of those with equally many bits the first."""
        order = np.lexsort((self.features, self.bits, self.queries))
        queries = self.queries[order]
        starts = np.searchsorted(queries, queries)
        kept = order[np.arange(len(order)) - starts < count]
        return Pairs(self.queries[kept], self.features[kept], self.bits[kept])


def nearest_codes(parts: Iterable[NDArray[np.uint8]], codes: NDArray[np.uint8], count: int, most_bits: int) -> Pairs:
    """Return the nearest features of each feature of a query.

    Parameters
    ----------
    parts : iterable of ndarray of uint8, shape (any, 16)
        The codes of an index, whose features are numbered through.
    codes : ndarray of uint8, shape (n, 16)
        Those of the query.
    count : int
        How many of each, at most.
    most_bits : int
        Codes that differ in more bits are left out.
    """
    parts = [*parts]
    groups = range(0, len(codes), QUERY_BLOCK)
    found: dict[int, Pairs] = {}

    def search(numbers: range) -> None:
        some = [_Group(codes, groups[number], count, most_bits) for number in numbers]
        scratch = _Scratch.new()
        for first, words in _blocks(parts):
            for group in some:
                group.compare(first, words, scratch)
        found.update((number, group.nearest()) for number, group in zip(numbers, some, strict=True))

    pairs = len(codes) * sum(map(len, parts))
    share(len(groups), min(usable_cores(), 1 + pairs // PAIRS_FOR_A_THREAD), search)
    return _joined([found[number] for number in sorted(found)])


def _joined(some: Iterable[Pairs]) -> Pairs:
    nothing = Pairs(np.empty(0, np.intp), np.empty(0, np.intp), np.empty(0, np.uint8))
    return Pairs(*(np.concatenate(arrays) for arrays in zip(nothing, *some, strict=True)))


def _blocks(parts: Iterable[NDArray[np.uint8]]) -> Iterator[tuple[int, NDArray[np.uint64]]]:
    """Yield the number of the first code of a block, and the block: shape (2, codes)."""
    first = 0
    for part in parts:
        for start in range(0, len(part), COPIED):
            some = np.ascontiguousarray(part[start : start + COPIED]).view(np.uint64)
            words = np.ascontiguousarray(some.T)
            for block in range(0, len(some), BLOCK):
                yield first + start + block, words[:, block : block + BLOCK]
        first += len(part)


class _Scratch(NamedTuple):
    """What comparing writes to: memory that each thread uses again and again."""

    differing: NDArray[np.uint64]
    bits: NDArray[np.uint8]
    more: NDArray[np.uint8]

    @classmethod
    def new(cls) -> "_Scratch":
        shape = QUERY_BLOCK, BLOCK
        return cls(np.empty(shape, np.uint64), np.empty(shape, np.uint8), np.empty(shape, np.uint8))


class _Group:
    """Some features of a query, and the nearest of them so far."""

    def __init__(self, codes: NDArray[np.uint8], start: int, count: int, most_bits: int) -> None:
        own = np.ascontiguousarray(codes[start : start + QUERY_BLOCK])
        self._words = own.view(np.uint64).T[:, :, None]
        self._start, self._count = start, count
        # Beyond these bits, features are not looked at. They hold 120 at most.
        self._limits = np.full((len(own), 1), most_bits + 1, np.uint8)
        self._kept: list[Pairs] = []
        self._waiting = 0

    def compare(self, first: int, words: NDArray[np.uint64], scratch: "_Scratch") -> None:
        """Compare them with the codes of a block, whose first has that number."""
        own, size = len(self._limits), words.shape[1]
        differing, bits, more = scratch.differing[:own, :size], scratch.bits[:own, :size], scratch.more[:own, :size]
        np.bitwise_count(np.bitwise_xor(self._words[0], words[0], out=differing), out=bits)
        np.bitwise_count(np.bitwise_xor(self._words[1], words[1], out=differing), out=more)
        bits += more
        queries, features = np.nonzero(bits < self._limits)
        if not len(queries):
            return
        self._kept.append(Pairs(queries, first + features, bits[queries, features]))
        self._waiting += len(queries)
        if self._waiting > MOST_KEPT:
            self._keep_nearest()

    def _keep_nearest(self) -> None:
        pairs = _joined(self._kept).nearest(self._count)
        self._kept, self._waiting = [pairs], 0
        counts = np.bincount(pairs.queries, minlength=len(self._limits))
        ends = np.cumsum(counts)
        full = np.flatnonzero(counts == self._count)
        # What is just as far away stands behind what was found before.
        self._limits[full, 0] = pairs.bits[ends[full] - 1]

    def nearest(self) -> Pairs:
        """Return what was found."""
        self._keep_nearest()
        (pairs,) = self._kept
        return pairs._replace(queries=pairs.queries + self._start)
