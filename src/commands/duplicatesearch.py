"""How duplicates.py finds groups in fingerprints, and what somebody has decided about them."""

import argparse
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..duplicategroup import Copy, Group, Picture, counted
from ..errors import ExpectedError
from . import console

if TYPE_CHECKING:
    from ..duplicatefinder import Match, Wanted
    from ..duplicatetext import Decision, Found
    from ..fingerprints import Fingerprints


def wanted_of(arguments: argparse.Namespace) -> "Wanted":
    """Return what is looked for."""
    from ..decisions import read_pairs
    from ..duplicatefinder import DEFAULT_THRESHOLD, Wanted

    return Wanted(
        kind=arguments.kind,
        threshold=DEFAULT_THRESHOLD if arguments.threshold is None else arguments.threshold,
        any_orientation=arguments.any_orientation,
        keep=arguments.keep,
        protect=arguments.protect,
        different=read_pairs(arguments.ignore) if arguments.ignore is not None else frozenset(),
    )


def as_decided(
    arguments: argparse.Namespace,
    decisions: "Sequence[Decision]",
    groups: Sequence[Group],
    taken: "Fingerprints",
    wanted: "Wanted",
) -> list[Group]:
    """Return the groups as somebody has decided, and remember what is said to be no duplicate.

    Raises
    ------
    ExpectedError
        If the decisions do not fit the groups, or there is no file to remember pairs in. Nothing was done.
    """
    import numpy as np

    from ..decisions import Content, decided, remember_pairs
    from ..duplicatefinder import copy_of

    protected = [os.path.realpath(folder) for folder in arguments.protect]

    rows = {image_id: row for row, image_id in enumerate(taken.ids)}

    def what_is(keep: Picture, other: Picture) -> Copy:
        real = os.path.realpath(other.path)
        is_protected = any(real.startswith(os.path.join(folder, "")) for folder in protected)
        both = taken.only(np.array([rows[keep.id], rows[other.id]]))
        return copy_of(both, keep, other, wanted)._replace(is_protected=is_protected)

    found = decided(arguments.apply, decisions, groups, what_is)
    if found.different:
        if arguments.ignore is None:
            what = f"{arguments.apply} says what is no duplicate"
            raise ExpectedError(f"{what}: name the file that is to remember it, --ignore FILE; nothing was done")
        pairs = [(Content(one.digest, one.path), Content(other.digest, other.path)) for one, other in found.different]
        added = remember_pairs(arguments.ignore, pairs)
        if not arguments.quiet:
            console.report(f"{counted(added, 'pair')} remembered in {arguments.ignore}")
    return found.groups


def without_these(known: "Fingerprints", new: "Fingerprints") -> "Fingerprints":
    """Return what is known less the files of a folder itself, which may lie in the dataset, or be led to by links.

    No file is its own copy: whoever deletes what is known already would lose it. A link to a file that is known is one.
    """
    import numpy as np

    contents = set(map(bytes, new.digests))
    alike = [row for row, digest in enumerate(map(bytes, known.digests)) if digest in contents]
    files = {os.path.realpath(path) for path in map(new.path_of, range(len(new.ids))) if not os.path.islink(path)}
    own = [row for row in alike if os.path.realpath(known.path_of(row)) in files]
    return known.only(np.delete(np.arange(len(known.ids)), own)) if own else known


def as_found(match: "Match") -> "Found":
    """Return a picture of a folder with the one that is known as the one to keep."""
    if match.copy is None:
        return match.picture, None
    # How it is turned is told from the one to keep on, and all others lead to themselves.
    orientation = {6: 8, 8: 6}.get(match.copy.orientation, match.copy.orientation)
    copy = match.copy._replace(picture=match.picture, orientation=orientation)
    return match.picture, Group(match.copy.picture, (copy,))
