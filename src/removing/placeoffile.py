"""Removing: where a file lies, whatever path leads there, and whether two names are of two places."""

import os
import unicodedata
from typing import NamedTuple

from .heldfile import HeldFile
from .reasons import Stays


class Place(NamedTuple):
    """An entry of a folder. Two paths lead to one place through links to folders, or a folder that is mounted twice."""

    device: int
    folder: int
    """The inode of the folder."""
    name: str


def place_of(path: str) -> Place:
    """Return where a path leads; OSError if its folder cannot be looked at."""
    folder, name = os.path.split(path)
    status = os.stat(folder or os.curdir)
    return Place(status.st_dev, status.st_ino, name)


def check_apart(keep: HeldFile, spare: HeldFile) -> None:
    """Raise Stays unless the file to keep is still there when the name of the spare is gone."""
    if not os.path.samestat(keep.status, spare.status):
        return
    kept, going = place_of(keep.path), place_of(spare.path)
    same = Stays(f"it is the one to keep, {keep.path}, by another path")
    if kept == going or spare.status.st_nlink < 2:
        raise same
    # Where upper and lower case are the same, or accents are written in two ways, a folder lists one name of the two.
    is_alike = kept[:2] == going[:2] and _folded(kept.name) == _folded(going.name)
    if is_alike and not {kept.name, going.name} <= set(os.listdir(os.path.dirname(spare.path) or os.curdir)):
        raise same


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKD", name).casefold()
