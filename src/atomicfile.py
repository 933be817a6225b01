"""Replace a file so that a reader, at any moment and after any crash, finds the old one or the new one whole."""

import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import BinaryIO

STEM_BYTES = 100  # of a name: with what is put around them, far from the 255 that file systems allow


@contextmanager
def replacing(
    path: str, suffix: str | None = None, like: str | None = None, only_new: bool = False
) -> Iterator[BinaryIO]:
    """Open a file beside `path` for writing, and put it in `path`'s place when all is written.

    The bytes are on the disk before the name changes, and the name before this returns, so a power cut leaves one
    whole file. If anything goes wrong, OSError or other, the new file is removed and the old one stays as it was.

    Parameters
    ----------
    path : str
        The file to replace or create. A link is replaced, not what it leads to.
    suffix : str, optional
        What the file is called until then: `path` with this at its end, or else `unfinished_name`. Only one writer may
        use it at a time; what a dead one left under that name is removed.
    like : str, optional
        A file whose permissions and group the new one gets; by default the one at `path`, if there is one.
    only_new : bool, optional
        Replace nothing: FileExistsError if anything has the name by then.
    """
    new, like = unfinished_name(path) if suffix is None else path + suffix, like or path
    with suppress(FileNotFoundError):
        os.remove(new)
    try:
        # Exclusively: what somebody puts there meanwhile, a link above all, is not written through.
        with open(new, "xb", opener=partial(_create, is_private=os.path.exists(like))) as file:
            share_as(like, file.fileno())
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


def _create(path: str, flags: int, *, is_private: bool) -> int:
    """Open a file that is not there; until it shares what another one has, it is nobody else's to open."""
    return os.open(path, flags, 0o600 if is_private else 0o666)


def _claim(path: str) -> None:
    """Take a name that nothing has; FileExistsError if something does."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL))


def unfinished_name(path: str) -> str:
    """Return what a file is called until it is whole: a name beside it that fits wherever its own does.

    It begins with a dot and ends in a checksum of the name, so it is nobody else's.
    """
    folder, name = os.path.split(path)
    stem = name
    while len(os.fsencode(stem)) > STEM_BYTES:
        stem = stem[:-1]
    return os.path.join(folder, f".{stem}-{zlib.crc32(os.fsencode(name)):08x}.new")


def share_as(like: str, descriptor: int) -> None:
    """Give an open file the permissions, group and owner of another one, whatever the umask, as far as we may.

    If there is no other one, the file stays as it was created.
    """
    if not hasattr(os, "fchown"):  # Windows
        return
    with suppress(FileNotFoundError, NotADirectoryError):
        wanted = os.stat(like)
        mode = stat.S_IMODE(wanted.st_mode) & 0o777
        # Only root may give a file away, and others only a group of their own.
        for owner, group in ((wanted.st_uid, wanted.st_gid), (-1, wanted.st_gid)):
            with suppress(OSError):
                os.fchown(descriptor, owner, group)
                break
        if os.fstat(descriptor).st_gid != wanted.st_gid:
            # What was meant for one group is not for another. Whoever was in the one is among all others now, and the
            # other way round: they may do what both might.
            both = mode & mode >> 3 & 0o007
            mode = mode & 0o700 | both << 3 | both
        with suppress(OSError):
            os.fchmod(descriptor, mode)


def sync_folder(folder: str) -> None:
    """Put a folder's names on the disk, where the system can (Windows cannot open a folder)."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
