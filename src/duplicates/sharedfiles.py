"""Duplicates: which names of files stand for a file of their own. Links that lead to a picture are not copies of it."""

import os
import stat
from collections.abc import Sequence
from contextlib import suppress

from ..duplicategroup import Picture

Identity = tuple[int, int]
"""Device and inode of a file."""


def own_files(pictures: Sequence[Picture]) -> dict[int, Identity]:
    """Return which of some pictures are files of their own, by their places, and the identity of each.

    What is gone, a link, or another way to a file that is there already, is left out: removing it, or what it leads
    to, would lose a picture. Another name of a file (a hard link) is one of its own, of the same identity.
    """
    found: dict[int, Identity] = {}
    paths: set[str] = set()
    names: dict[Identity, int] = {}
    for place, picture in enumerate(pictures):
        with suppress(OSError, ValueError):
            status = os.lstat(picture.path)
            path = os.path.realpath(picture.path)
            identity = status.st_dev, status.st_ino
            # The same folder may be mounted at two places: then a file has more paths than names.
            is_known = path in paths or (status.st_ino and names.get(identity, 0) >= status.st_nlink)
            if stat.S_ISREG(status.st_mode) and not is_known:
                paths.add(path)
                names[identity] = names.get(identity, 0) + 1
                # Windows gives no inode here.
                found[place] = identity if status.st_ino else (-1, place)
    return found


def is_behind_link(picture: Picture) -> bool:
    """Tell whether a picture of a dataset folder is reached through a link in it, so that it lies somewhere else."""
    within = picture.id.rpartition("//")[2].replace("/", os.sep)
    top = picture.path.removesuffix(within)
    return os.path.join(os.path.realpath(top), within) != os.path.realpath(picture.path)


def is_in(path: str, folders: Sequence[str]) -> bool:
    """Tell whether a file lies in one of some folders, given as real paths."""
    real = os.path.realpath(path)
    return any(real.startswith(os.path.join(folder, "")) for folder in folders)
