"""Duplicates: pairs of pictures that may be copies of each other, found by their codes without comparing all.

A code is cut into overlapping slices. Pictures that share a slice meet in a bucket; as some bits of copies differ,
each picture is also put where it would be if its least certain bits were the other way round. Slices get longer as
pictures get more, so buckets stay small, and a bucket that is large all the same costs each of its pictures only so
many comparisons.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .codes import BITS, amplitudes, certainties, codes, window_codes

Codes = NDArray[np.uint64]
Rows = NDArray[np.int64]

SLICES = 6
FLIPS = 4  # the least certain bits of a slice
# Copies within the limits of `WINDOWS` differ by 13 bits at most, of those tried.
MOST_DIFFERENT = 15
# So many pictures of a bucket are compared with one that falls into it.
LARGEST_BUCKET = 128
# Each picture gets so many candidates at most, the closest.
MOST_CANDIDATES = 32
# Of a number that stands for a hit: how many bits tell by how many bits codes differ, and which window it is.
DIFFERING_BITS, WINDOW_BITS = 4, 7
BLOCK = 1024  # pictures whose windows are looked up at once


class Pairs(NamedTuple):
    """Pairs of pictures that may be copies: the second whole one looks like a window of the first one."""

    first: Rows
    second: Rows
    window: Rows
    """Number of that window in `WINDOWS`."""

    def of(self, chosen: NDArray[Any]) -> "Pairs":
        """Return some of them, by number or by a truth value for each."""
        return Pairs(*(column[chosen] for column in self))


class CodeTable:
    """Finds pictures by their codes.

    Parameters
    ----------
    greys : ndarray of uint8, shape (n, GREY, GREY)
        The pictures, turned as they are to be found.
    """

    def __init__(self, greys: NDArray[np.uint8]) -> None:
        found = amplitudes(greys)
        self._codes = codes(found)
        self._bits = int(np.clip(np.log2(max(len(greys), 1)) + 3, 16, 22))
        self._buckets = [self._fill(found, start) for start in self._starts]

    @property
    def _starts(self) -> list[int]:
        return [BITS * number // SLICES for number in range(SLICES)]

    def _slice(self, of: Codes, start: int) -> Codes:
        """Return so many bits from one on; after the last comes the first again."""
        turned = of if start == 0 else (of >> np.uint64(start)) | (of << np.uint64(BITS - start))
        return turned & np.uint64((1 << self._bits) - 1)

    def _fill(self, found: NDArray[np.float32], start: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return where the bucket of each key begins, and the rows of the pictures in all of them."""
        places = (np.arange(self._bits) + start) % BITS
        weakest = np.argsort(certainties(found)[:, places], axis=1)[:, :FLIPS].astype(np.uint64)
        key = self._slice(self._codes, start)
        bits = np.uint64(1) << weakest
        keys = [key, *(key ^ bits[:, one] for one in range(FLIPS)), key ^ bits[:, 0] ^ bits[:, 1]]
        keys.append(key ^ bits[:, 0] ^ bits[:, 2])
        rows = np.tile(np.arange(len(key)), len(keys))
        every = np.concatenate(keys)
        # Within a bucket by code, so that those next to each other are most alike.
        order = np.lexsort((self._codes[rows], every))
        begins = np.zeros((1 << self._bits) + 1, np.int32)
        begins[1:] = np.cumsum(np.bincount(every.astype(np.int64), minlength=1 << self._bits))
        return begins, rows[order].astype(np.int32)

    def pairs(self, greys: NDArray[np.uint8], owners: Rows, own: Rows) -> Iterator[tuple[int, Pairs]]:
        """Yield what may be copies among other pictures, first, and those of the table, second; and how many are done.

        Parameters
        ----------
        greys : ndarray of uint8, shape (n, GREY, GREY)
        owners, own : ndarray of int64, shapes (n,) and (pictures of the table,)
            Numbers of what they and those of the table belong to: what belongs together is never paired.
        """
        for start in range(0, len(greys), BLOCK):
            windows = window_codes(greys[start : start + BLOCK])
            some = [self._look_up(windows, number) for number in range(SLICES)]
            first, second, window = (np.concatenate(column) for column in zip(*some, strict=True))
            apart = owners[first + start] != own[second]
            first, second, window = first[apart], second[apart], window[apart]
            differing = np.bitwise_count(windows[first, window] ^ self._codes[second]).astype(np.int64)
            # One number a hit is sorted in less time than four are; of each pair, the closest window comes first.
            hits = np.sort((((first * len(own) + second) << DIFFERING_BITS | differing) << WINDOW_BITS) | window)
            hits = hits[_changes(hits >> (DIFFERING_BITS + WINDOW_BITS))]
            window, hits = hits & ((1 << WINDOW_BITS) - 1), hits >> WINDOW_BITS
            differing, hits = hits & ((1 << DIFFERING_BITS) - 1), hits >> DIFFERING_BITS
            first, second = np.divmod(hits, len(own))
            # Of all that was found for a picture, the closest.
            order = np.argsort(first << DIFFERING_BITS | differing, kind="stable")
            order = order[ranks(first[order]) < MOST_CANDIDATES]
            yield start + len(windows), Pairs(first[order] + start, second[order], window[order])

    def _look_up(self, windows: Codes, number: int) -> tuple[Rows, Rows, Rows]:
        """Return first, second and window of what meets in a slice and is near in all bits."""
        begins, rows = self._buckets[number]
        count = windows.shape[1]
        wanted = self._slice(windows, self._starts[number])
        # Windows of one picture share many keys: each is looked up once.
        both = np.arange(len(windows), dtype=np.uint64)[:, None] << np.uint64(self._bits) | wanted
        _, where = np.unique(both.ravel(), return_index=True)
        wanted = wanted.ravel()[where].astype(np.int64)
        begin, end = begins[wanted].astype(np.int64), begins[wanted + 1].astype(np.int64)
        sizes = end - begin
        large = sizes > LARGEST_BUCKET
        if large.any():
            # The part of a large bucket around the window's own code.
            middle = _rank_in(self._codes[rows], begin[large], end[large], windows.ravel()[where[large]])
            begin[large] = np.clip(middle - LARGEST_BUCKET // 2, begin[large], end[large] - LARGEST_BUCKET)
            sizes[large] = LARGEST_BUCKET
        hits = np.repeat(np.arange(len(where)), sizes)
        places = np.arange(len(hits)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + begin[hits]
        first, window, second = where[hits] // count, where[hits] % count, rows[places].astype(np.int64)
        near = np.bitwise_count(windows[first, window] ^ self._codes[second]) <= MOST_DIFFERENT
        return first[near], second[near], window[near]


def best_of(numbers: Rows, values: NDArray[np.float32], count: int, least: float) -> Rows:
    """Return the places of the highest values of each number, so many at most and none below `least`, in order."""
    order = np.lexsort((-values, numbers))
    order = order[ranks(numbers[order]) < count]
    return np.sort(order[values[order] >= least])


def ranks(numbers: Rows) -> Rows:
    """Return of each of some numbers, in which equal ones stand together, how many equal ones stand before it."""
    starts = np.flatnonzero(_changes(numbers))
    return np.arange(len(numbers)) - np.repeat(starts, np.diff(starts, append=len(numbers)))


def _changes(*columns: Rows) -> NDArray[np.bool_]:
    """Tell of each row whether it differs from the one before; the first one does."""
    changes = np.ones(len(columns[0]), bool)
    changes[1:] = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    return changes


def _rank_in(values: Codes, begin: Rows, end: Rows, wanted: Codes) -> Rows:
    """Return where numbers would stand in runs of `values`, each of which is in order."""
    low, high = begin.copy(), end.copy()
    while (low < high).any():
        middle = (low + high) // 2
        is_below = (low < high) & (values[np.minimum(middle, len(values) - 1)] < wanted)
        low, high = np.where(is_below, middle + 1, low), np.where(is_below, high, np.minimum(high, middle))
    return low
