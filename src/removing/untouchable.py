"""Removing: the files that must stay, whatever the groups say."""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress

from ..duplicategroup import Group
from ..errors import ExpectedError
from .placeoffile import Place, place_of
from .reasons import Stays

Identity = tuple[int, int]


class Untouchable:
    """What no spare may be: a file that any group keeps, and one in a folder that must not lose a file.

    Parameters
    ----------
    groups : sequence of Group
    protect : sequence of str
        Folders.

    Raises
    ------
    ExpectedError
        If one of the folders cannot be looked at: what it holds would not be safe.
    """

    def __init__(self, groups: Sequence[Group], protect: Sequence[str]) -> None:
        self._protected = {_identity(folder): folder for folder in protect}
        self._known: dict[str, str | None] = {}
        self._kept: set[Place] = set()
        for group in groups:
            # What lies in no folder any more cannot be a spare either.
            with suppress(OSError):
                self._kept.add(place_of(group.keep.path))

    def check(self, path: str) -> None:
        """Raise Stays if a file must stay; OSError if its folder cannot be looked at."""
        if place_of(path) in self._kept:
            raise Stays("a group keeps it")
        if self._protected and (folder := self._folder_above(os.path.dirname(path))) is not None:
            raise Stays(f"it lies in {folder}, which is protected")

    def _folder_above(self, folder: str) -> str | None:
        if folder not in self._known:
            found = (self._protected.get(one) for one in folders_above(folder))
            self._known[folder] = next((one for one in found if one is not None), None)
        return self._known[folder]


def folders_above(path: str) -> Iterator[Identity]:
    """Return what tells a folder and all above it from others; those that are not there (yet) are left out."""
    for real in real_paths_above(path):
        with suppress(FileNotFoundError, NotADirectoryError):
            status = os.stat(real)
            yield status.st_dev, status.st_ino


def real_paths_above(path: str) -> Iterator[str]:
    """Return the paths of a folder and of all above it, without links."""
    real = os.path.realpath(path)
    yield real
    while (above := os.path.dirname(real)) != real:
        real = above
        yield real


def _identity(folder: str) -> Identity:
    try:
        os.scandir(folder).close()
        status = os.stat(folder)
    except OSError as error:
        raise ExpectedError(
            f"{folder}: {error.strerror}: a folder to protect must be there; nothing was touched"
        ) from error
    return status.st_dev, status.st_ino
