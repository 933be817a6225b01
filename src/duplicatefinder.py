"""Duplicates: find every copy of a picture among fingerprints: the same file, the same picture, or near it.

Candidates share a part of a code, so not all are compared with all. A second look at each compares structure and
colours, and lays a cropped or bordered copy on its picture. Every two of a group are copies.
"""

import os
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .duplicategroup import FILE, KINDS, NEAR, PICTURE, Copy, Group, Picture
from .duplicates.contents import Contents, sets_of_copies
from .duplicates.groups import similarities
from .duplicates.keeping import RULES, to_keep
from .duplicates.near import links_between, look_at
from .duplicates.orientations import ALL, UPRIGHT, after, reverse
from .duplicates.secondlook import Look
from .duplicates.sharedfiles import Identity, is_behind_link, is_in, own_files
from .fingerprints import Fingerprints

__all__ = [
    "DEFAULT_THRESHOLD",
    "RULES",
    "Comparison",
    "Match",
    "Wanted",
    "compare",
    "copy_of",
    "find_groups",
    "find_known",
]

# Copies that were resized, recompressed, lighter or darker had a similarity of 0.96 and more, those that were cropped
# or bordered 0.9 and more in 98 of 100. The closest of real photos of other things had 0.88, of drawn things 0.95.
DEFAULT_THRESHOLD = 0.92


class Wanted(NamedTuple):
    """What counts as a copy, and which one of a group is to be kept."""

    kind: str = NEAR
    """The loosest of `KINDS` that counts."""
    threshold: float = DEFAULT_THRESHOLD
    """The smallest similarity of near pictures, up to 1."""
    any_orientation: bool = False
    """Whether turned and mirrored pictures are copies, too."""
    keep: str = "best"
    """Which one is to be kept: a key of `RULES`."""
    protect: Sequence[str] = ()
    """Folders that must not lose a file."""
    different: Collection[frozenset[bytes]] = ()
    """Pairs of digests of contents that are no copies of each other."""

    progress: Callable[[int, int], object] = lambda done, total: None
    """Called with how much was compared, and how much there is to be compared."""

    @property
    def orientations(self) -> Sequence[int]:
        """The orientations that are looked for."""
        return ALL if self.any_orientation else [UPRIGHT]


ALL_COPIES = Wanted()


class Match(NamedTuple):
    """A picture that was asked for, and the closest of those that are known."""

    picture: Picture
    copy: Copy | None
    """None if there is no copy of it."""


class Comparison(NamedTuple):
    """What two pictures are to each other."""

    kind: str | None
    """One of `KINDS`; None if they are no copies."""
    similarity: float
    """1.0 for the kinds file and picture, below 1 for others."""
    orientation: int
    """How the first one is to be turned to look like the second one."""
    look: Look
    """What of them was compared: first the part of the second picture, then that of the first one, turned."""


def find_groups(fingerprints: Fingerprints, wanted: Wanted = ALL_COPIES) -> list[Group]:
    """Find the groups of copies.

    Parameters
    ----------
    fingerprints : Fingerprints
    wanted : Wanted, optional

    Returns
    -------
    list of Group
        Every two of a group are copies, and no picture is in two groups. Strict kinds come first, and of a kind what
        takes most disk.
    """
    contents = Contents(fingerprints.digests, fingerprints.prints)
    sets = sets_of_copies(
        contents,
        contents.pairs(wanted.different),
        with_pixels=wanted.kind != FILE,
        orientations=wanted.orientations,
        least=wanted.threshold if wanted.kind == NEAR else None,
        progress=wanted.progress,
    )
    found = [_group(fingerprints, contents.rows(some), poses, wanted) for some, poses in sets]
    groups = [group for group in found if group is not None]
    return sorted(groups, key=lambda group: (KINDS.index(group.kind), -group.spare_bytes, group.keep.id))


def _group(fingerprints: Fingerprints, rows: list[list[int]], poses: list[int], wanted: Wanted) -> Group | None:
    """Make a group of the files of some contents; None if fewer than two are files of their own."""
    every = [(row, pose) for some, pose in zip(rows, poses, strict=True) for row in some]
    pictures = [fingerprints.picture(row) for row, _ in every]
    identities = own_files(pictures)
    places = list(identities)
    if len(places) < 2:
        return None
    folders = [os.path.realpath(folder) for folder in wanted.protect]
    protected = [is_in(pictures[place].path, folders) for place in places]
    colours = fingerprints.prints["colour"][[every[place][0] for place in places]]
    kept = places.pop(to_keep([pictures[place] for place in places], wanted.keep, protected, colours))
    # What a link leads to lies in a folder that nobody has named.
    must_stay = [one or is_behind_link(pictures[place]) for one, place in zip(protected, identities, strict=True)]
    is_protected = dict(zip(identities, must_stay, strict=True))
    row, pose = every[kept]
    orientations = [after(pose, reverse(every[place][1])) for place in places]
    kinds = [_kind(fingerprints, row, every[place][0]) for place in places]
    alike = _similarities(fingerprints, row, [every[place][0] for place in places], kinds, orientations, wanted)
    copies = [
        Copy(pictures[place], kind, similarity, orientation if kind == NEAR else UPRIGHT, is_protected[place])
        for place, kind, similarity, orientation in zip(places, kinds, alike, orientations, strict=True)
    ]
    frees = _frees([identities[kept]], [identities[place] for place in places], copies)
    copies = [copy._replace(takes_disk=takes) for copy, takes in zip(copies, frees, strict=True)]
    copies.sort(key=lambda copy: (KINDS.index(copy.kind), -copy.similarity, copy.picture.id))
    return Group(pictures[kept], tuple(copies))


def _frees(stays: Sequence[Identity], identities: Sequence[Identity], copies: Sequence[Copy]) -> list[bool]:
    """Tell of each copy whether its removal frees disk: not that of another name of what stays, or goes as well."""
    seen = {*stays, *(one for one, copy in zip(identities, copies, strict=True) if copy.is_protected)}
    found = []
    for identity in identities:
        found.append(identity not in seen)
        seen.add(identity)
    return found


def _kind(fingerprints: Fingerprints, one: int, other: int) -> str:
    if bytes(fingerprints.digests[one]) == bytes(fingerprints.digests[other]):
        return FILE
    pixels = fingerprints.prints["pixels"]
    return PICTURE if bytes(pixels[one]) == bytes(pixels[other]) else NEAR


def _similarities(
    fingerprints: Fingerprints, row: int, rows: list[int], kinds: list[str], orientations: list[int], wanted: Wanted
) -> list[float]:
    near = [place for place, kind in enumerate(kinds) if kind == NEAR]
    found = [1.0] * len(kinds)
    prints = fingerprints.prints
    measured = similarities(
        prints[[row]],
        prints[[rows[place] for place in near]],
        [orientations[place] for place in near],
        wanted.threshold,
    )
    for place, similarity in zip(near, measured, strict=True):
        found[place] = similarity
    return found


def find_known(new: Fingerprints, known: Fingerprints, wanted: Wanted = ALL_COPIES) -> list[Match]:
    """Find which pictures of one set are in another one already, each with the closest that is.

    Parameters
    ----------
    new, known : Fingerprints
    wanted : Wanted, optional
        Which one is to be kept does not matter.

    Returns
    -------
    list of Match
        One for each of the new ones, in their order.
    """
    by_digest: dict[bytes, int] = {}
    by_pixels: dict[bytes, int] = {}
    for row in range(len(known.ids) - 1, -1, -1):
        by_digest[bytes(known.digests[row])] = row
        by_pixels[bytes(known.prints["pixels"][row])] = row
    best: dict[int, tuple[float, int, int]] = {}
    if wanted.kind == NEAR:
        for link in links_between(new.prints, known.prints, wanted.orientations, wanted.threshold):
            pair = frozenset((bytes(new.digests[link.first]), bytes(known.digests[link.second])))
            found = link.similarity, -link.second, link.orientation
            if pair not in wanted.different and found > best.get(link.first, (0.0, 0, 0)):
                best[link.first] = found
    matches = []
    for row in range(len(new.ids)):
        copy = None
        if (same := by_digest.get(bytes(new.digests[row]))) is not None:
            copy = Copy(known.picture(same), FILE, 1.0)
        elif wanted.kind != FILE and (same := by_pixels.get(bytes(new.prints["pixels"][row]))) is not None:
            copy = Copy(known.picture(same), PICTURE, 1.0)
        elif row in best:
            similarity, other, orientation = best[row]
            copy = Copy(known.picture(-other), NEAR, similarity, reverse(orientation))
        matches.append(Match(new.picture(row), copy))
    return matches


def compare(
    one: NDArray[np.void], other: NDArray[np.void], is_same_file: bool, wanted: Wanted = ALL_COPIES
) -> Comparison:
    """Compare two pictures.

    Parameters
    ----------
    one, other : ndarray of `fingerprint.LAYOUT`, shape (1,)
    is_same_file : bool
        Whether their files are identical.
    wanted : Wanted, optional
    """
    if is_same_file:
        return Comparison(FILE, 1.0, UPRIGHT, Look(1.0))
    if bytes(one["pixels"][0]) == bytes(other["pixels"][0]):
        return Comparison(PICTURE if wanted.kind != FILE else None, 1.0, UPRIGHT, Look(1.0))
    # What is told of others is how near they come.
    look, orientation = look_at(other, one, wanted.orientations, wanted.threshold, always_back=True)
    is_near = look.similarity >= wanted.threshold and wanted.kind == NEAR
    return Comparison(NEAR if is_near else None, look.similarity, orientation, look)


def copy_of(fingerprints: Fingerprints, keep: Picture, other: Picture, wanted: Wanted = ALL_COPIES) -> Copy:
    """Tell what a picture of a group is to another one of it that is to be kept instead of the best."""
    rows = {fingerprints.ids[row]: row for row in range(len(fingerprints.ids))}
    one, two = rows[keep.id], rows[other.id]
    found = compare(fingerprints.prints[[one]], fingerprints.prints[[two]], keep.digest == other.digest, wanted)
    return Copy(other, found.kind or NEAR, found.similarity, found.orientation)
