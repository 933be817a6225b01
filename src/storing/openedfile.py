"""Step 2, index: a file that is read as long as it is open, and whether somebody writes over it meanwhile."""

import errno
import os
import stat
from typing import BinaryIO, NamedTuple


class OpenedFile(NamedTuple):
    """A file as it was when it was opened."""

    path: str
    device: int
    node: int
    size: int
    mtime_ns: int

    @classmethod
    def of(cls, path: str, file: BinaryIO) -> "OpenedFile":
        """Return what tells a file that was opened by a path."""
        return cls(path, *_told(os.fstat(file.fileno())))

    def is_written_over(self) -> bool:
        """Tell whether somebody has written into it since.

        Where another file has taken its place, or nothing has, what is open stays as it is.
        """
        try:
            now = _told(os.stat(self.path))
        except OSError:
            return False
        return now[:2] == self[1:3] and now != self[1:]


def _told(status: os.stat_result) -> tuple[int, int, int, int]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def open_regular(path: str) -> BinaryIO:
    """Open a file for reading; OSError is raised, and nothing waited for, if it is a pipe, a device or a folder."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "it is not a regular file", path)
    return os.fdopen(descriptor, "rb")
