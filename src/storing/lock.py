"""Step 2, index: a file that one process at a time may have open."""

import errno
import os
import stat
from contextlib import suppress
from typing import BinaryIO

from ..atomicfile import share_as


class IndexBusy(Exception):
    """Another run writes this index at this moment."""


def open_locked(path: str, like: str) -> BinaryIO:
    """Open a file for reading and writing, and lock it until it is closed or the process ends.

    If it is not there, it is created with the permissions of the file `like`. IndexBusy is raised if another process
    has locked it, OSError if it cannot be opened or is no regular file.
    """
    while True:
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
        # Until it shares what `like` has, it is nobody else's to open.
        descriptor = os.open(path, flags, 0o600 if os.path.exists(like) else 0o666)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise FileExistsError(errno.EEXIST, "something other than a file has this name", path)
        file = os.fdopen(descriptor, "r+b")
        try:
            _lock(file)
            if os.fstat(descriptor).st_size == 0:
                share_as(like, descriptor)
        except BaseException:
            file.close()
            raise
        # The run before us may have removed the file between our opening and our locking it.
        with suppress(FileNotFoundError):
            if os.path.samestat(os.stat(path), os.fstat(file.fileno())):
                return file
        file.close()


def _lock(file: BinaryIO) -> None:
    try:
        if os.name == "nt":
            import msvcrt

            # One byte, far behind all records: Windows forbids everybody else to read what is locked.
            file.seek(1 << 40)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
            file.seek(0)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        raise IndexBusy from None
    except OSError:
        # Some network drives know no locks; there the user must see to it that only one run writes.
        return


def remove_locked(path: str, file: BinaryIO) -> None:
    """Remove a file that `open_locked` opened; it must be locked still, or others might lock what loses its name."""
    if os.name == "nt":
        file.close()  # Windows does not remove an open file
    os.remove(path)
