"""Duplicates: sets of pictures that grow by links, as long as every two of a set are copies."""

from collections.abc import Callable, Iterable

Check = Callable[[list[int], list[int]], bool]
"""Tells whether every picture of one set is a copy of every one of another set."""


class Clusters:
    """Pictures in disjoint sets, each on its own at the beginning.

    Parameters
    ----------
    count : int
        How many pictures there are; they are numbers from 0.
    apart : iterable of tuple of two int
        Pictures that must never be in one set.
    """

    def __init__(self, count: int, apart: Iterable[tuple[int, int]] = ()) -> None:
        self._root = list(range(count))
        self._members: dict[int, list[int]] = {}
        self._apart: dict[int, set[int]] = {}
        for one, other in apart:
            self._part(one, other)

    def of(self, one: int) -> int:
        """Return the number of the set that a picture is in."""
        while self._root[one] != one:
            self._root[one] = self._root[self._root[one]]
            one = self._root[one]
        return one

    def members(self, one: int) -> list[int]:
        """Return all pictures of the set that one of them is in."""
        root = self.of(one)
        return self._members.get(root, [root])

    def sets(self) -> list[list[int]]:
        """Return all sets of more than one picture."""
        return list(self._members.values())

    def join(self, one: int, other: int, are_copies: Check = lambda first, second: True) -> bool:
        """Make one set of the sets of two pictures, if they may be one; tell whether they are one now.

        Sets that could not be joined will not be: they only grow.
        """
        first, second = self.of(one), self.of(other)
        if first == second:
            return True
        if second in self._apart.get(first, ()):
            return False
        ours, theirs = self.members(first), self.members(second)
        if not are_copies(ours, theirs):
            self._part(first, second)
            return False
        if len(ours) < len(theirs):
            first, second, ours, theirs = second, first, theirs, ours
        self._root[second] = first
        self._members[first] = ours + theirs
        self._members.pop(second, None)
        for foe in self._apart.pop(second, set()):
            self._apart[foe].discard(second)
            self._part(first, foe)
        return True

    def _part(self, one: int, other: int) -> None:
        self._apart.setdefault(one, set()).add(other)
        self._apart.setdefault(other, set()).add(one)
