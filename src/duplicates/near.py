"""Duplicates: which pictures are near each other: candidates by their codes, each looked at a second time."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .candidates import CodeTable, Pairs
from .codes import window_codes
from .orientations import UPRIGHT, reverse, turned_box
from .secondlook import NOTHING, Look, SecondLook
from .views import Views

Prints = NDArray[np.void]
Progress = Callable[[int, int], object]
BLOCK = 65536  # pairs whose windows are compared at once


class Link(NamedTuple):
    """Two pictures that are near each other, by their rows."""

    first: int
    second: int
    similarity: float
    orientation: int
    """How the second one is turned to look like the first one."""

    @property
    def reversed(self) -> "Link":
        """The same, the second one first."""
        return Link(self.second, self.first, self.similarity, reverse(self.orientation))


def links_within(
    prints: Prints, orientations: Sequence[int], least: float, progress: Progress = lambda done, total: None
) -> list[Link]:
    """Find the pictures that are near each other.

    Parameters
    ----------
    prints : ndarray of `fingerprint.LAYOUT`, shape (n,)
    orientations : sequence of int
        As EXIF counts them: those of copies that are to be found.
    least : float
        The smallest similarity, up to 1, of pictures that are near.
    progress : callable, optional
        Called with how many views were compared with all others, and how many there are, in all orientations.

    Returns
    -------
    list of Link
        One for each pair, the first row below the second.
    """
    views = Views(prints)
    best: dict[tuple[int, int], Link] = {}
    for link in _links(views, views, orientations, least, progress):
        _keep_best(best, link if link.first < link.second else link.reversed)
    return list(best.values())


def links_between(first: Prints, second: Prints, orientations: Sequence[int], least: float) -> list[Link]:
    """Find the pictures of one set, first, that are near those of another one, second; see `links_within`."""
    if not (len(first) and len(second)):
        return []
    views, others = Views(first), Views(second)
    best: dict[tuple[int, int], Link] = {}
    for link in _links(views, others, orientations, least):
        _keep_best(best, link)
    for link in _links(others, views, [reverse(one) for one in orientations], least):
        _keep_best(best, link.reversed)
    return list(best.values())


def _keep_best(best: dict[tuple[int, int], Link], link: Link) -> None:
    known = best.get(link[:2])
    if known is None or known.similarity < link.similarity:
        best[link[:2]] = link


def _links(
    first: Views,
    second: Views,
    orientations: Sequence[int],
    least: float,
    progress: Progress = lambda done, total: None,
) -> Iterator[Link]:
    # What belongs together is not paired: of two sets, nothing does.
    own = second.owners if first is second else np.full(len(second.owners), -1)
    total = len(orientations) * len(first.greys)
    for turn, orientation in enumerate(orientations):
        second_look = SecondLook(first, second, orientation)
        table = CodeTable(second_look.greys)
        for done, pairs in table.pairs(first.greys, first.owners, own):
            similarities = second_look.looks(pairs, least).similarities
            near = np.flatnonzero(similarities >= least)
            one, other = first.owners[pairs.first[near]], second.owners[pairs.second[near]]
            for row, column, similarity in zip(one.tolist(), other.tolist(), similarities[near].tolist(), strict=True):
                yield Link(row, column, similarity, orientation)
            progress(turn * len(first.greys) + done, total)


def look_at(
    first: Prints, second: Prints, orientations: Sequence[int], least: float, *, always_back: bool = False
) -> tuple[Look, int]:
    """Look at two pictures without asking whether they are candidates.

    Parameters
    ----------
    first, second : ndarray of `fingerprint.LAYOUT`, shape (1,)
    orientations, least
        As for `links_within`.
    always_back : bool, optional
        Whether to look from the second one as well if the first look is near already: what is told to people must not
        depend on which one comes first.

    Returns
    -------
    Look
        The closest; a similarity below `least` may be told as less.
    int
        How the second one is turned to look like the first one.
    """
    views, others = Views(first), Views(second)
    best, how = NOTHING, UPRIGHT
    for orientation in orientations:
        look = _closest(views, others, orientation, least)
        if always_back or look.similarity < least:
            # The first one may show a window of the second one.
            back = _closest(others, views, reverse(orientation), least)
            look = max(look, _seen_from_the_other(back, reverse(orientation)), key=_rank)
        if _rank(look) > _rank(best):
            best, how = look, orientation
    return best, how


def _rank(look: Look) -> tuple[float, bool]:
    return look.similarity, look.is_other_colour


def _closest(first: Views, second: Views, orientation: int, least: float) -> Look:
    second_look = SecondLook(first, second, orientation)
    ones, others = np.indices((len(first.greys), len(second.greys))).reshape(2, -1)
    pairs = _pairs_of(first, second_look, ones, others)
    looks = second_look.looks(pairs, least, at_all=True)
    found = [second_look.look(pairs, looks, place) for place in range(len(pairs.first))]
    return max(found, key=_rank, default=NOTHING)


def _seen_from_the_other(look: Look, orientation: int) -> Look:
    """Return a look at the second picture first: its parts are told of the first one upright, the second one turned."""
    first = turned_box(look.second, reverse(orientation))
    return look._replace(first=first, second=turned_box(look.first, reverse(orientation)))


def similarities_of(
    first: Prints, second: Prints, pairs: NDArray[np.int64], orientation: int, least: float
) -> NDArray[np.float32]:
    """Look at many pairs without asking whether they are candidates.

    Parameters
    ----------
    first, second : ndarray of `fingerprint.LAYOUT`
    pairs : ndarray of int64, shape (k, 2)
        Rows of the first ones and of the second ones.
    orientation, least
        As for `look_at`.

    Returns
    -------
    ndarray of float32, shape (k,)
        The similarity of each pair; what is below `least` may be told as less.
    """
    views, others = Views(first), Views(second)
    found = np.zeros(len(pairs), np.float32)
    _look_through(views, others, pairs, orientation, least, found)
    left = np.flatnonzero(found < least)
    # The first one may show a window of the second one.
    back = np.zeros(len(left), np.float32)
    _look_through(others, views, pairs[left][:, ::-1], reverse(orientation), least, back)
    found[left] = np.maximum(found[left], back)
    return found


def _look_through(
    first: Views, second: Views, wanted: NDArray[np.int64], orientation: int, least: float, found: NDArray[np.float32]
) -> None:
    """Put the similarity of pairs of pictures into `found`: that of their most similar views."""
    second_look = SecondLook(first, second, orientation)
    of_first, of_second = _by_owner(first), _by_owner(second)
    every = [
        (place, one, other)
        for place, (row, column) in enumerate(wanted.tolist())
        for one in of_first.get(row, ())
        for other in of_second.get(column, ())
    ]
    if not every:
        return
    places, ones, others = np.array(every).T
    looks = second_look.looks(_pairs_of(first, second_look, ones, others), least, at_all=True)
    np.maximum.at(found, places, looks.similarities)


def _pairs_of(first: Views, second_look: SecondLook, ones: NDArray[np.int64], others: NDArray[np.int64]) -> Pairs:
    """Return pairs of views, each with the window of the first one that looks most like the second one."""
    windows = np.empty(len(ones), np.int64)
    own = window_codes(first.greys)
    for start in range(0, len(ones), BLOCK):
        some = slice(start, start + BLOCK)
        windows[some] = np.bitwise_count(own[ones[some]] ^ second_look.codes[others[some], None]).argmin(axis=1)
    return Pairs(ones, others, windows)


def _by_owner(views: Views) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for view, owner in enumerate(views.owners.tolist()):
        found.setdefault(owner, []).append(view)
    return found
