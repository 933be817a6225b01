"""Duplicates: which pictures are near each other: candidates by their codes, each looked at a second time."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .candidates import CodeTable, Pairs
from .codes import amplitudes, codes, window_codes
from .orientations import UPRIGHT, reverse, turned
from .secondlook import NOTHING, Look, SecondLook
from .views import Views

Prints = NDArray[np.void]


class Link(NamedTuple):
    """Two pictures that are near each other, by their rows."""

    first: int
    second: int
    similarity: float
    orientation: int
    """How the second one is turned to look like the first one."""


def links_within(prints: Prints, orientations: Sequence[int], least: float) -> list[Link]:
    """Find the pictures that are near each other.

    Parameters
    ----------
    prints : ndarray of `fingerprint.LAYOUT`, shape (n,)
    orientations : sequence of int
        As EXIF counts them: those of copies that are to be found.
    least : float
        The smallest similarity, up to 1, of pictures that are near.

    Returns
    -------
    list of Link
        One for each pair, the first row below the second.
    """
    views = Views(prints)
    best: dict[tuple[int, int], Link] = {}
    for found in _links(views, views, prints["colour"], orientations, least):
        link = found
        if link.first > link.second:
            link = Link(link.second, link.first, link.similarity, reverse(link.orientation))
        _keep_best(best, link)
    return list(best.values())


def links_between(first: Prints, second: Prints, orientations: Sequence[int], least: float) -> list[Link]:
    """Find the pictures of one set, first, that are near those of another one, second; see `links_within`."""
    if not (len(first) and len(second)):
        return []
    views, others = Views(first), Views(second)
    # What belongs together is not paired: none does here.
    others.owners = others.owners + len(first)
    colours = np.concatenate([first["colour"], second["colour"]])
    best: dict[tuple[int, int], Link] = {}
    for link in _links(views, others, colours, orientations, least):
        _keep_best(best, link._replace(second=link.second - len(first)))
    backwards = [reverse(one) for one in orientations]
    for link in _links(others, views, colours, backwards, least):
        turned_back = Link(link.second, link.first - len(first), link.similarity, reverse(link.orientation))
        _keep_best(best, turned_back)
    return list(best.values())


def _keep_best(best: dict[tuple[int, int], Link], link: Link) -> None:
    known = best.get(link[:2])
    if known is None or known.similarity < link.similarity:
        best[link[:2]] = link


def _links(
    first: Views,
    second: Views,
    colours: NDArray[np.uint8],
    orientations: Sequence[int],
    least: float,
) -> Iterator[Link]:
    for orientation in orientations:
        look = SecondLook(first, second, colours, colours, orientation)
        table = CodeTable(look.turned_greys)
        for pairs in table.pairs(first.greys, first.owners, second.owners):
            similarities = [one.similarity for one in look.looks(pairs, least)]
            near = np.flatnonzero(np.array(similarities) >= least)
            for place in near.tolist():
                rows = int(first.owners[pairs.first[place]]), int(second.owners[pairs.second[place]])
                yield Link(*rows, similarities[place], orientation)


def look_at(first: Prints, second: Prints, orientations: Sequence[int], least: float) -> tuple[Look, int]:
    """Look at two pictures without asking whether they are candidates.

    Parameters
    ----------
    first, second : ndarray of `fingerprint.LAYOUT`, shape (1,)
    orientations, least
        As for `links_within`.

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
        forward = SecondLook(views, others, first["colour"], second["colour"], orientation)
        for look in forward.looks(_all_pairs(views.greys, forward.turned_greys), least):
            if look.similarity > best.similarity or (best is NOTHING and look.is_other_colour):
                best, how = look, orientation
        if best.similarity >= least:
            continue
        # The first one may show a window of the second one.
        back = SecondLook(others, views, second["colour"], first["colour"], reverse(orientation))
        for look in back.looks(_all_pairs(others.greys, back.turned_greys), least):
            if look.similarity > best.similarity:
                best, how = _seen_from_the_other(look, reverse(orientation)), orientation
    return best, how


def _seen_from_the_other(look: Look, orientation: int) -> Look:
    """Return a look at the second picture first: its parts are told of the first one upright, the second one turned."""
    from .orientations import turned_box

    first = turned_box(look.second, reverse(orientation))
    return look._replace(first=first, second=turned_box(look.first, reverse(orientation)))


def _all_pairs(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> Pairs:
    if not len(first) or not len(second):
        return Pairs(*(np.empty(0, np.int64) for _ in range(3)))
    differing = np.bitwise_count(window_codes(first)[:, None] ^ codes(amplitudes(second))[None, :, None])
    rows, columns = np.indices(differing.shape[:2])
    return Pairs(rows.ravel(), columns.ravel(), differing.argmin(axis=2).ravel())


def plain_similarity(one: NDArray[np.uint8], others: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return how alike small grey pictures are to one of them, as they are."""
    from .frequencies import structure

    return np.asarray(structure(others) @ structure(one[None])[0])


__all__ = ["Link", "Look", "links_between", "links_within", "look_at", "plain_similarity", "turned"]
