"""Step 2, index: which rows of an index stay though a run over its folder has not found their pictures.

A row leaves when its picture is known to be gone. What could not be looked at in this run stays. So does what is gone
if that is much at once, as when a disk is not mounted: nobody deletes a tenth of a collection without knowing.
"""

import errno
import os
import stat
from collections import Counter
from collections.abc import Callable, Collection, Container, Iterable, Mapping
from typing import NamedTuple

from ..indexfile import MARK, NOTHING_KNOWN, FileState

# So many images may always leave; of more than that, only this share of an index.
FEW = 20
SHARE = 1 / 10
# So many folders are named in one line.
MOST_NAMED = 3


class Staying(NamedTuple):
    """The rows that stay, by image id, and a line for people if some of them stay because so many are gone."""

    states: dict[str, FileState]
    warning: str | None


def staying_rows(
    before: Mapping[str, FileState],
    found: Mapping[str, FileState],
    unlooked: Collection[str],
    path_of: Callable[[str], str],
    *,
    left_out: Container[str] = (),
    prune: bool,
) -> Staying:
    """Choose the rows that stay of those whose pictures a run has not found.

    Parameters
    ----------
    before : mapping of str to FileState
        What the index lists, by image id.
    found : mapping of str to FileState
        What the run has found.
    unlooked : collection of str
        Ids of images that could not be looked at.
    path_of : callable
        Tells where the file of an image id is, or what folder the start of one names.
    left_out : container of str
        Ids of images that are not to be in the index any more.
    prune : bool
        Whether what is gone leaves even if it is much.
    """
    absent = [image_id for image_id in before if image_id not in found and image_id not in left_out]
    if not absent:
        return Staying({}, None)
    unknown = {one for one in absent if one in unlooked}
    gone = []
    for image_id in absent:
        if image_id not in unknown and (is_there := _is_there(path_of(image_id))) is not True:
            gone.append(image_id) if is_there is False else unknown.add(image_id)
    lost = _lost(before, found, gone, [*found, *unknown])
    warning = None
    if len(lost) > max(FEW, SHARE * len(before)) and not prune:
        warning = _warning(
            lost, len(before), sorted({path_of(one).rstrip("/") for one in lost.values() if one is not None})
        )
        unknown.update(lost)
    return Staying({one: before[one] for one in absent if one in unknown}, warning)


def _is_there(path: str) -> bool | None:
    """Tell whether there is a file, which then was left out by choice or is no picture; None if nobody knows."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: a NUL
        return False
    except OSError as error:
        return False if error.errno == errno.ELOOP else None


def _lost(
    before: Mapping[str, FileState], found: Mapping[str, FileState], gone: Collection[str], present: Iterable[str]
) -> dict[str, str | None]:
    """Return which images of those that are gone were not just renamed, and were no copies of one that is there.

    With each is the topmost folder above it that has no picture any more. The copies in such a folder count all the
    same: it may be a disk with a second copy of everything.
    """
    if len(gone) <= FEW:
        return {}
    renamed = Counter(state.digest for image_id, state in found.items() if image_id not in before)
    there = {state.digest for state in found.values()}
    filled = {folder for image_id in present for folder in _folders(image_id)}
    lost = {}
    for image_id in gone:
        digest = before[image_id].digest
        emptied = next((folder for folder in _folders(image_id) if folder not in filled), None)
        if renamed[digest]:
            renamed[digest] -= 1
        # Of a row that another program wrote, nobody can say whether its picture was renamed.
        elif before[image_id] != NOTHING_KNOWN and (emptied is not None or digest not in there):
            lost[image_id] = emptied
    return lost


def _folders(image_id: str) -> list[str]:
    """Return the folders above an image, from the dataset folder down."""
    root = image_id.find(MARK) + len(MARK) if MARK in image_id else 0
    ends = [end for end in range(root, len(image_id)) if image_id[end] == "/"]
    return [image_id[:end] for end in (root, *ends)]


def _warning(lost: Collection[str], count: int, emptied: list[str]) -> str:
    named = ", ".join(emptied[:MOST_NAMED])
    if len(emptied) > MOST_NAMED:
        named += f" and {len(emptied) - MOST_NAMED:,} more"
    empty = f" ({named} {'is' if len(emptied) == 1 else 'are'} empty now: is a disk not mounted?)" if emptied else ""
    return f"{len(lost):,} of {count:,} images are no longer there{empty}; they stay in the index: --prune removes them"
