"""Duplicates: the distinct contents of files, and which of them are copies of each other."""

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from .groups import near_sets, taken
from .near import Progress
from .orientations import UPRIGHT

Set = tuple[list[int], list[int]]
"""Contents that are copies of each other, and how each is turned to look like the first one."""


class Contents:
    """The distinct contents of files, numbered in the order of their first rows.

    Parameters
    ----------
    digests : ndarray of uint8, shape (n, 16)
        Of the content of each file.
    prints : ndarray of `fingerprint.LAYOUT`, shape (n,)
    """

    def __init__(self, digests: NDArray[np.uint8], prints: NDArray[np.void]) -> None:
        keys = np.ascontiguousarray(digests).view("V16").reshape(-1)
        _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
        rank = np.argsort(np.argsort(first))
        self.first = np.sort(first)
        self._order = np.argsort(rank[inverse], kind="stable")
        self._starts = np.searchsorted(rank[inverse][self._order], np.arange(len(first) + 1))
        self.prints: NDArray[np.void] = taken(prints, self.first)
        self._number = {digest: number for number, digest in enumerate(map(bytes, digests[self.first]))}

    def rows(self, contents: Sequence[int]) -> list[list[int]]:
        """Return the rows of the files of each of some contents."""
        return [self._order[self._starts[one] : self._starts[one + 1]].tolist() for one in contents]

    def repeated(self) -> list[int]:
        """Return the contents of more than one file."""
        return np.flatnonzero(np.diff(self._starts) > 1).tolist()

    def pairs(self, different: Collection[frozenset[bytes]]) -> list[tuple[int, int]]:
        """Return pairs of digests as pairs of contents, where both are there."""
        known = [sorted(self._number[digest] for digest in pair if digest in self._number) for pair in different]
        return [(pair[0], pair[1]) for pair in known if len(pair) == 2]


def sets_of_copies(
    contents: Contents,
    apart: Collection[tuple[int, int]],
    *,
    with_pixels: bool,
    orientations: Sequence[int],
    least: float | None,
    progress: Progress = lambda done, total: None,
) -> list[Set]:
    """Find the sets of contents that are copies of each other.

    Parameters
    ----------
    contents : Contents
    apart : collection of tuple of two int
        Contents that are no copies of each other.
    with_pixels : bool
        Whether those of the same pixels are copies.
    orientations, least, progress
        See `groups.near_sets`; without `least`, near ones are no copies.
    """
    same = _same_pixels(contents, apart) if with_pixels else [[one] for one in range(len(contents.first))]
    sets: list[Set] = []
    in_sets: set[int] = set()
    if least is not None:
        firsts = np.array([some[0] for some in same], np.int64)
        place = {one: number for number, some in enumerate(same) for one in some}
        parts = [(place[one], place[other]) for one, other in apart]
        near = near_sets(taken(contents.prints, firsts), orientations, least, parts, progress)
        sets = [_spread(same, found.rows, found.poses) for found in near]
        in_sets = {row for found in near for row in found.rows}
    repeated = set(contents.repeated())
    for number, some in enumerate(same):
        if number not in in_sets and (len(some) > 1 or some[0] in repeated):
            sets.append((some, [UPRIGHT] * len(some)))
    return sets


def _same_pixels(contents: Contents, apart: Collection[tuple[int, int]]) -> list[list[int]]:
    """Return sets of contents that decode to the same pixels, but those that must be apart."""
    foes: dict[int, set[int]] = {}
    for one, other in apart:
        foes.setdefault(one, set()).add(other)
        foes.setdefault(other, set()).add(one)
    by_pixels: dict[bytes, list[list[int]]] = {}
    for number, pixels in enumerate(contents.prints["pixels"]):
        sets = by_pixels.setdefault(bytes(pixels), [])
        fitting = next((some for some in sets if not foes.get(number, set()).intersection(some)), None)
        if fitting is None:
            sets.append([number])
        else:
            fitting.append(number)
    return sorted(some for sets in by_pixels.values() for some in sets)


def _spread(same: list[list[int]], rows: list[int], poses: list[int]) -> Set:
    every = [(one, pose) for row, pose in zip(rows, poses, strict=True) for one in same[row]]
    return [one for one, _ in every], [pose for _, pose in every]
