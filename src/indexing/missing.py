"""Step 2, index: which rows of an index stay though a run over its folder has not found their pictures.

A row leaves when its picture is known to be gone. What could not be looked at in this run stays. So does what is gone
if that is much at once, as when a disk is not mounted: nobody deletes a tenth of a collection without knowing.
"""

import errno
import os
import stat
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple

from ..indexfile import NOTHING_KNOWN, FileState

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
    prune : bool
        Whether what is gone leaves even if it is much.
    """
    absent = [image_id for image_id in before if image_id not in found]
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
        warning = _warning(lost, len(before), [path_of(one) for one in _emptied(lost, [*found, *unknown])])
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
) -> list[str]:
    """Return which images of those that are gone were not just renamed, and were no copies of one that is there.

    The copies in a folder that is empty now count all the same: it may be a disk with a second copy of everything.
    """
    if len(gone) <= FEW:
        return []
    renamed = Counter(state.digest for image_id, state in found.items() if image_id not in before)
    there = {state.digest for state in found.values()}
    emptied = tuple(f"{folder}/" for folder in _emptied(gone, present))
    lost = []
    for image_id in gone:
        digest = before[image_id].digest
        if renamed[digest]:
            renamed[digest] -= 1
        # Of a row that another program wrote, nobody can say whether its picture was renamed.
        elif before[image_id] != NOTHING_KNOWN and (digest not in there or image_id.startswith(emptied)):
            lost.append(image_id)
    return lost


def _emptied(gone: Iterable[str], present: Iterable[str]) -> list[str]:
    """Return the topmost folders that had pictures which are gone, and have none now."""
    filled = {folder for image_id in present for folder in _folders(image_id)}
    topmost = (next((folder for folder in _folders(one) if folder not in filled), None) for one in gone)
    return sorted({folder for folder in topmost if folder is not None})


def _folders(image_id: str) -> list[str]:
    """Return the folders above an image, topmost first."""
    return [image_id[:end] for end, character in enumerate(image_id) if character == "/"]


def _warning(lost: Collection[str], count: int, emptied: list[str]) -> str:
    named = ", ".join(emptied[:MOST_NAMED])
    if len(emptied) > MOST_NAMED:
        named += f" and {len(emptied) - MOST_NAMED:,} more"
    empty = f" ({named} {'is' if len(emptied) == 1 else 'are'} empty now: is a disk not mounted?)" if emptied else ""
    return f"{len(lost):,} of {count:,} images are no longer there{empty}; they stay in the index: --prune removes them"
