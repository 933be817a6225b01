"""Removing: a file that is held open while it is looked at and touched, so that both are about the same file."""

import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType

from ..filebytes import DIGEST_BYTES
from .reasons import BUSY, CHANGED, LINK, Stays

_PIECE_BYTES = 1 << 20
# A file that was written to this lately may be written to once more without another time: file systems count in steps
# of up to 2 seconds (FAT).
_LATELY_NS = 2_000_000_000
_FLAGS = os.O_RDONLY
for _flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"):
    _FLAGS |= getattr(os, _flag, 0)

State = tuple[int, int, int]


class HeldFile:
    """A regular file, open for reading.

    Parameters
    ----------
    path : str
    size : int
    digest : bytes
        What its content must be, as `filebytes.content_digest` has it.

    Attributes
    ----------
    status : os.stat_result
        Of the open file, when it was last looked at.

    Raises
    ------
    Stays
        If it is a link or not a regular file.
    OSError
        If it cannot be opened.
    """

    def __init__(self, path: str, size: int, digest: bytes) -> None:
        self.path, self.size, self.digest = path, size, digest
        if os.path.islink(path):
            raise Stays(LINK)
        self._descriptor: int | None = os.open(path, _FLAGS)
        self.status = os.fstat(self._descriptor)
        self._seen: State | None = None
        if not stat.S_ISREG(self.status.st_mode):
            self.close()
            raise Stays("it is not a file any more")

    def __enter__(self) -> "HeldFile":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let it go, and its lock with it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def look(self) -> None:
        """Raise Stays unless its content is what it must be, and its path leads to it.

        The content is read anew, unless it has been read before and nothing has happened to the file since.
        """
        before = self._stated()
        if before[0] != self.size:
            raise Stays(CHANGED)
        is_quiet = time.time_ns() - max(before[1:]) > _LATELY_NS
        if not (is_quiet and before == self._seen):
            if self.read() != self.digest or self._stated() != before:
                raise Stays(CHANGED)
            self._seen = before
        self.look_again()

    def look_again(self) -> None:
        """Raise Stays unless its path leads to it still, and it has the times and the size that it had.

        To be called right before it is touched.
        """
        # The third, when anything was said of it, changes with every name that we give it.
        if self._seen is None or self._stated()[:2] != self._seen[:2]:
            raise Stays(CHANGED)
        if not self.has_name():
            raise Stays(CHANGED)
        if os.name == "nt":
            self.close()  # Windows neither removes nor replaces what is open

    def has_name(self) -> bool:
        """Tell whether its path leads to it."""
        try:
            return os.path.samestat(os.lstat(self.path), self.status)
        except (FileNotFoundError, NotADirectoryError):
            return False

    def read(self, write: Callable[[bytes], object] = lambda piece: None) -> bytes:
        """Read it from the beginning to the end, hand every piece on, and return the digest of all."""
        from hashlib import blake2b

        found = blake2b(digest_size=DIGEST_BYTES)
        descriptor = self._opened()
        os.lseek(descriptor, 0, os.SEEK_SET)
        while piece := os.read(descriptor, _PIECE_BYTES):
            found.update(piece)
            write(piece)
        return found.digest()

    def _stated(self) -> State:
        self.status = os.fstat(self._opened())
        return self.status.st_size, self.status.st_mtime_ns, self.status.st_ctime_ns

    def _opened(self) -> int:
        if self._descriptor is None:
            self._descriptor = os.open(self.path, _FLAGS)
        return self._descriptor

    def lock(self, *, alone: bool) -> None:
        """Lock it against other runs until it is closed or unlocked; raise Stays if one has it.

        Some network drives and Windows know no such locks: there the user must see to it that only one run is at work.
        """
        flock(self._descriptor, "LOCK_EX" if alone else "LOCK_SH")

    def unlock(self) -> None:
        """Unlock it."""
        flock(self._descriptor, "LOCK_UN")


def flock(descriptor: int | None, operation: str) -> None:
    if os.name == "nt" or descriptor is None:
        return
    import fcntl

    try:
        fcntl.flock(descriptor, getattr(fcntl, operation) | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Stays(BUSY) from None
    except OSError:
        return


@contextmanager
def locked(keep: HeldFile, spare: HeldFile) -> Iterator[None]:
    """Lock the file to keep, which other runs may keep as well, and the spare, which is touched by one alone.

    Of two runs with opposite decisions one gets both files at most, so the other one finds what has become of them.
    """
    if os.path.samestat(keep.status, spare.status):
        # Two names of one file, which is open twice: the locks would be in each other's way.
        spare.lock(alone=True)
        yield
        return
    order = [(keep, False), (spare, True)]
    try:
        for held, alone in sorted(order, key=lambda one: (one[0].status.st_dev, one[0].status.st_ino)):
            held.lock(alone=alone)
        yield
    finally:
        keep.unlock()
        spare.unlock()
