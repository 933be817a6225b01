"""Removing: what each way does with one spare that has been looked at."""

import errno
import os
import stat
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Protocol

from ..duplicategroup import Group, Picture
from .heldfile import HeldFile
from .newname import NO_LINKS, unfinished_of
from .reasons import Stays
from .targetfolder import TargetFolder
from .trash import Bin
from .ways import Link, MoveTo, Trash, Way


class Worker(Protocol):
    """Does one thing with spares, one after the other."""

    def targets(self, picture: Picture) -> Iterable[str | None]:
        """Return where a spare may go; None where it has no other name. Stays if it cannot go, Stops if none can."""

    def act(self, keep: HeldFile, spare: HeldFile, target: str | None) -> None:
        """Let a spare go to one of its targets.

        FileExistsError is raised if that is taken by now; Stays, Stops or OSError if it is where it was.
        """


def worker_of(way: Way, groups: Sequence[Group], run: str, datasets: Sequence[str]) -> Worker:
    """Return who goes a way; ExpectedError if it cannot be gone."""
    if isinstance(way, MoveTo):
        return _Mover(TargetFolder(way.folder, groups, run, datasets))
    if isinstance(way, Link):
        return _Linker(run)
    return _Binner() if isinstance(way, Trash) else _Deleter()


class _Mover:
    def __init__(self, folder: TargetFolder) -> None:
        self._folder = folder

    def targets(self, picture: Picture) -> Iterable[str | None]:
        return self._folder.names_for(picture)

    def act(self, keep: HeldFile, spare: HeldFile, target: str | None) -> None:
        assert target is not None
        self._folder.take(spare, target)


class _InPlace:
    def targets(self, picture: Picture) -> Iterable[str | None]:
        return (None,)


class _Linker(_InPlace):
    def __init__(self, run: str) -> None:
        self._run = run

    def act(self, keep: HeldFile, spare: HeldFile, target: str | None) -> None:
        _check_rights(keep, spare)
        new = unfinished_of(spare.path, self._run)
        try:
            keep.look_again()
            os.link(keep.path, new)
            if not os.path.samestat(os.lstat(new), keep.status):
                raise Stays(f"the one to keep, {keep.path}, is being changed")
            spare.look_again()
            os.replace(new, spare.path)
        except BaseException as error:
            with suppress(OSError):
                os.unlink(new)
            if isinstance(error, OSError) and error.errno == errno.EXDEV:
                raise Stays(f"it is on another file system than the one to keep, {keep.path}") from error
            if isinstance(error, OSError) and error.errno in NO_LINKS:
                raise Stays("its file system makes no hard link of it") from error
            raise


def _check_rights(keep: HeldFile, spare: HeldFile) -> None:
    """Raise Stays if other people could read or write a spare once it is a link than may do so now."""
    one, other = keep.status, spare.status
    if (one.st_uid, one.st_gid, stat.S_IMODE(one.st_mode)) != (other.st_uid, other.st_gid, stat.S_IMODE(other.st_mode)):
        raise Stays(f"its owner or permissions are not those of the one to keep, {keep.path}, as a link's would be")


class _Binner(_InPlace):
    def __init__(self) -> None:
        self._trash = Bin()

    def act(self, keep: HeldFile, spare: HeldFile, target: str | None) -> None:
        self._trash.take(spare)


class _Deleter(_InPlace):
    def act(self, keep: HeldFile, spare: HeldFile, target: str | None) -> None:
        spare.look_again()
        os.unlink(spare.path)
