"""Removing: names that nothing has yet, and how a file gets one without anything being overwritten."""

import errno
import os
from collections.abc import Iterator
from contextlib import suppress
from itertools import count

from ..atomicfile import unfinished_name

LONGEST_NAME = 255  # bytes, on nearly all file systems
# What the system says where a file cannot have a second name: FAT, some network drives, files of others (EPERM).
NO_LINKS = (errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EMLINK)


def free_names(path: str) -> Iterator[str]:
    """Return names beside a path that nothing has at this moment: itself, then with (2), (3) ... before its ending."""
    folder, name = os.path.split(path)
    stem, ending = os.path.splitext(name)
    for number in count(1):
        one = name if number == 1 else _joined(stem, f" ({number})", ending)
        if not os.path.lexists(os.path.join(folder, one)):
            yield os.path.join(folder, one)


def _joined(stem: str, number: str, ending: str) -> str:
    while stem and len(os.fsencode(stem + number + ending)) > LONGEST_NAME:
        stem = stem[:-1]
    return stem + number + ending


def unfinished_of(path: str, run: str) -> str:
    """Return what a file is called by a run until it is whole and has its name: nobody else's name, beside it."""
    return unfinished_name(f"{path} {run}")


def take_name(old: str, new: str, status: os.stat_result) -> None:
    """Rename a file to a name that nothing has. Killed at any moment, it has one of both names, or both.

    Parameters
    ----------
    old, new : str
    status : os.stat_result
        Of the file. If another one has the old name by then, that one keeps it.

    Raises
    ------
    FileExistsError
        If anything has the new name.
    OSError
        If it cannot be renamed. It has its old name, and only that.
    """
    try:
        os.link(old, new)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        _replace_own(old, new)
        return
    if not os.path.samestat(os.lstat(new), status):
        os.unlink(new)
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), old)
    try:
        if os.path.samestat(os.lstat(old), status):
            os.unlink(old)
    except FileNotFoundError:
        return  # somebody else has taken the old name away: the new one is the last
    except OSError:
        os.unlink(new)
        raise


def _replace_own(old: str, new: str) -> None:
    """Rename over an empty file that has been put there for that, where there are no links."""
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    try:
        ours = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    try:
        os.replace(old, new)
    except BaseException:
        # An interrupt may come when it has been replaced already.
        with suppress(OSError):
            if os.path.samestat(os.lstat(new), ours):
                os.unlink(new)
        raise
