"""Removing: a copy of a file on another file system, which is whole and on the disk before it counts."""

import errno
import os
from contextlib import suppress
from functools import partial

from ..atomicfile import share_as
from .heldfile import HeldFile
from .reasons import CHANGED, Stays


def copy_whole(held: HeldFile, unfinished: str) -> os.stat_result:
    """Copy a file, with its permissions, times and attributes, and read the copy back; return the status of the copy.

    Parameters
    ----------
    held : HeldFile
    unfinished : str
        Where the copy is put. If anything goes wrong, nothing is left there.

    Raises
    ------
    Stays
        If the file is not what it was.
    OSError
        If the copy cannot be written, or reads back as something else.
    """
    with suppress(FileNotFoundError):
        os.unlink(unfinished)  # of a run before, which was killed
    try:
        with open(unfinished, "xb", opener=partial(os.open, mode=0o600)) as file:
            if held.read(file.write) != held.digest:
                raise Stays(CHANGED)
            file.flush()
            share_as(held.path, file.fileno())
            _copy_attributes(held.path, unfinished)
            os.utime(unfinished, ns=(held.status.st_atime_ns, held.status.st_mtime_ns))
            os.fsync(file.fileno())
            # So that it is read from the disk, not from memory.
            if hasattr(os, "posix_fadvise"):
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        with HeldFile(unfinished, held.size, held.digest) as copy:
            if copy.read() != held.digest:
                raise OSError(errno.EIO, "it does not read back as it was written", unfinished)
            return copy.status
    except BaseException:
        with suppress(OSError):
            os.unlink(unfinished)
        raise


def _copy_attributes(source: str, target: str) -> None:
    """Copy what desktops and photo programs note beside the content: tags, ratings, where it came from."""
    if not hasattr(os, "listxattr"):
        return
    with suppress(OSError):
        for name in os.listxattr(source):
            with suppress(OSError):
                os.setxattr(target, name, os.getxattr(source, name))
