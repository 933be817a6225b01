"""Replace a file so that a reader, at any moment and after any crash, finds the old one or the new one whole."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import BinaryIO


@contextmanager
def replacing(path: str, suffix: str = ".new", like: str | None = None, only_new: bool = False) -> Iterator[BinaryIO]:
    """Open a file beside `path` for writing, and put it in `path`'s place when all is written.

    The bytes are on the disk before the name changes, and the name before this returns, so a power cut leaves one
    whole file. If anything goes wrong, OSError or other, the new file is removed and the old one stays as it was.

    Parameters
    ----------
    path : str
        The file to replace or create. A link is replaced, not what it leads to.
    suffix : str, optional
        What the file is called until then: `path` with this at its end. Only one writer may use it at a time; what a
        dead one left under that name is removed.
    like : str, optional
        A file whose permissions the new one gets; by default the one at `path`, if there is one.
    only_new : bool, optional
        Replace nothing: FileExistsError if anything has the name by then.
    """
    new = path + suffix
    with suppress(FileNotFoundError):
        os.remove(new)
    try:
        # Exclusively: what somebody puts there meanwhile, a link above all, is not written through.
        with open(new, "xb", opener=partial(os.open, mode=permissions(like or path))) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if only_new:
            _claim(path)
        os.replace(new, path)
        sync_folder(os.path.dirname(path) or os.curdir)
    except BaseException:
        with suppress(OSError):
            os.remove(new)
        raise


def _claim(path: str) -> None:
    """Take a name that nothing has; FileExistsError if something does."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL))


def permissions(path: str) -> int:
    """Return the permissions of a file, for another one that holds the same; those of new files if it is not there."""
    with suppress(OSError):
        return os.stat(path).st_mode & 0o666
    return 0o666


def sync_folder(folder: str) -> None:
    """Put a folder's names on the disk, where the system can (Windows cannot open a folder)."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
