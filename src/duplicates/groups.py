"""Duplicates: which pictures are copies of each other: sets of rows, every two of which are near, and how they are."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .clusters import Clusters
from .colours import agree, are_grey, chromas, strengths
from .frequencies import structure
from .leaders import leaders
from .near import Progress, links_within, similarities_of
from .orientations import UPRIGHT, after, reverse, turned

Prints = NDArray[np.void]
Rows = list[int]

# Two copies of one picture may differ from each other by so much more than each of them from that.
SLACK = 0.15
# Of pairs that are not plainly alike, so many are looked at before two sets become one.
MOST_LOOKS = 5000


class Poses(NamedTuple):
    """Pictures of a set."""

    rows: Rows
    poses: list[int]
    """How each is turned to look like the first one."""


def taken(prints: Prints, rows: NDArray[np.int64]) -> Prints:
    """Return some fingerprints, in order; all of them without a copy."""
    return prints if len(rows) == len(prints) else prints[rows]


def near_sets(
    prints: Prints,
    orientations: Sequence[int],
    least: float,
    apart: Collection[tuple[int, int]],
    progress: Progress = lambda done, total: None,
) -> list[Poses]:
    """Find sets of pictures of which every two are near.

    The closest are joined first. Sets become one if a picture of one and a picture of the other are near, and all
    others of them are about as near: so a chain of copies whose ends differ is not one set.

    Parameters
    ----------
    prints : ndarray of `fingerprint.LAYOUT`, shape (n,)
    orientations : sequence of int
        Those that count, as EXIF counts them.
    least : float
        The smallest similarity of near ones.
    apart : collection of tuple of two int
        Rows that are no copies of each other, whatever they look like.
    progress : callable, optional
        See `near.links_within`.
    """
    alone = np.zeros(len(prints), bool)
    alone[[row for pair in apart for row in pair]] = True
    followed = leaders(prints, alone, least)
    rows, place = np.unique(followed, return_inverse=True)
    number = dict(zip(rows.tolist(), range(len(rows)), strict=True))
    led = taken(prints, rows)
    sets = _Sets(led, least, [(number[one], number[other]) for one, other in apart])
    for link in sorted(links_within(led, orientations, least, progress), key=lambda link: -link.similarity):
        sets.join(link.first, link.second, link.orientation)
    followers: dict[int, Rows] = {}
    for row, leader in enumerate(place.tolist()):
        followers.setdefault(leader, []).append(row)
    found = []
    for members in sets.all():
        whole = [(row, sets.poses[one]) for one in members for row in followers[one]]
        first = whole[0][1]
        found.append(Poses([row for row, _ in whole], [after(pose, reverse(first)) for _, pose in whole]))
    in_sets = {one for members in sets.all() for one in members}
    found += [
        Poses(rows, [UPRIGHT] * len(rows))
        for leader, rows in followers.items()
        if len(rows) > 1 and leader not in in_sets
    ]
    return found


class _Sets:
    """Sets of pictures that follow none, and how each is turned to look like the others of its set."""

    def __init__(self, prints: Prints, least: float, apart: Collection[tuple[int, int]]) -> None:
        self._prints, self._loose = prints, least - SLACK
        self._clusters = Clusters(len(prints), apart)
        self.poses = [UPRIGHT] * len(prints)
        self._known: dict[int, NDArray[np.float32]] = {}
        # The angle of no picture of a set to that of its root is larger: looked up by the root.
        self._angles: dict[int, float] = {}
        # What is most colourful of a set stands for its colours: looked up by the root.
        self._colourful: dict[int, int] = {}
        self._strengths = strengths(prints["colour"])

    def all(self) -> list[Rows]:
        """Return all sets of more than one."""
        return self._clusters.sets()

    def join(self, one: int, other: int, orientation: int) -> None:
        """Make one set of two, if that is true of all of them; the other one turned so looks like the first one."""
        first, second = self._clusters.of(one), self._clusters.of(other)
        if first == second:
            return
        turn = after(after(reverse(self.poses[other]), orientation), self.poses[one])
        turned_rows = self._clusters.members(other)
        self._turn(turned_rows, turn)
        angle = self._angle_between(first, second)
        furthest = {root: angle + self._angles.get(root, 0.0) for root in (first, second)}
        together = self._angles.get(first, 0.0) + furthest[second]
        # Angles add up at most: where all are near enough by that, none need be compared.
        is_near = np.cos(min(together, np.pi)) >= self._loose
        colourful = [self._colourful.get(root, root) for root in (first, second)]

        def check(ours: Rows, theirs: Rows) -> bool:
            is_told = {one, other} == set(colourful) or self._are_of_one_colour(*colourful)
            return is_told and (is_near or self._are_near(ours, theirs))

        if self._clusters.join(one, other, check):
            root = self._clusters.of(one)
            self._colourful[root] = max(colourful, key=lambda row: float(self._strengths[row]))
            joined = second if root == first else first
            self._angles[root] = max(self._angles.get(root, 0.0), furthest[joined])
        else:
            self._turn(turned_rows, reverse(turn))

    def _turn(self, rows: Rows, turn: int) -> None:
        """Turn some pictures as seen in their set."""
        if turn == UPRIGHT:
            return
        for row in rows:
            self.poses[row] = after(self.poses[row], turn)
            self._known.pop(row, None)

    def _angle_between(self, one: int, other: int) -> float:
        return float(np.arccos(np.clip(self._vector(one) @ self._vector(other), -1, 1)))

    def _are_of_one_colour(self, one: int, other: int) -> bool:
        """Tell whether two pictures have the same colours, or one of them none: a copy in grey joins no others."""
        colours = self._prints["colour"][[one, other]]
        if are_grey(colours).any():
            return True
        both = (chromas(turned(colours[[place]], self.poses[row])) for place, row in enumerate((one, other)))
        if agree(*both)[0].all():
            return True
        turn = after(self.poses[other], reverse(self.poses[one]))
        return self._are_alike([one], [other], np.zeros((1, 2), np.int64), turn)

    def _are_near(self, ours: Rows, theirs: Rows) -> bool:
        alike = np.array([self._vector(row) for row in ours]) @ np.array([self._vector(row) for row in theirs]).T
        doubtful = np.argwhere(alike < self._loose)
        if len(doubtful) > MOST_LOOKS:
            return False
        turns = np.array([
            after(self.poses[theirs[second]], reverse(self.poses[ours[first]])) for first, second in doubtful.tolist()
        ])  # fmt: skip
        return all(self._are_alike(ours, theirs, doubtful[turns == turn], turn) for turn in set(turns.tolist()))

    def _are_alike(self, ours: Rows, theirs: Rows, pairs: NDArray[np.int64], turn: int) -> bool:
        first, one = np.unique(pairs[:, 0], return_inverse=True)
        second, other = np.unique(pairs[:, 1], return_inverse=True)
        both = self._prints[np.array(ours)[first]], self._prints[np.array(theirs)[second]]
        return bool((similarities_of(*both, np.stack([one, other], axis=1), turn, self._loose) >= self._loose).all())

    def _vector(self, row: int) -> NDArray[np.float32]:
        if row not in self._known:
            self._known[row] = structure(turned(self._prints["grey"][[row]], self.poses[row]))[0]
        return self._known[row]


def similarities(keep: Prints, copies: Prints, orientations: Sequence[int], least: float) -> list[float]:
    """Return how alike copies are to the one to keep, which is turned so to look like each; near ones, below 1.

    Parameters
    ----------
    keep : ndarray of `fingerprint.LAYOUT`, shape (1,)
    copies : the same, shape (n,)
    orientations : sequence of int, one for each copy
    least : float
        See `near_sets`.
    """
    found = np.zeros(len(copies), np.float32)
    turns = np.array(orientations)
    # What comes out far below the one bar may be told more exactly by the other.
    for bar in (least, least - SLACK):
        for turn in set(orientations):
            some = np.flatnonzero((turns == turn) & (found < least))
            pairs = np.stack([np.arange(len(some)), np.zeros(len(some), np.int64)], axis=1)
            found[some] = np.maximum(found[some], similarities_of(copies[some], keep, pairs, turn, bar))
    return found.tolist()
