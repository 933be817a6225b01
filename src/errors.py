"""Errors that have their cause outside the program: a file that gives no picture, an index that cannot be used."""

import errno
import os
import stat

# Why a file gives no picture. A category is short and stable: the summary of a run counts by it.
EMPTY = "empty"
NOT_AN_IMAGE = "not an image"
UNSUPPORTED = "unsupported format"
DAMAGED = "damaged"
TRUNCATED = "truncated"
TOO_LARGE = "too large"
TOO_SLOW = "too slow"
CHANGING = "changing"
NO_PERMISSION = "no permission"
NOT_A_FILE = "not a regular file"
LINK = "link not followed"
VANISHED = "not there"
UNREADABLE = "cannot be read"
NOT_DESCRIBED = "not described"
CRASHED = "crashed"
NO_MEMORY = "no memory"

KINDS = (
    EMPTY, NOT_AN_IMAGE, UNSUPPORTED, DAMAGED, TRUNCATED, TOO_LARGE, TOO_SLOW, CHANGING, NO_PERMISSION, NOT_A_FILE,
    LINK, VANISHED, UNREADABLE, NOT_DESCRIBED, CRASHED, NO_MEMORY,
)  # fmt: skip

# The kinds that say nothing about the picture: it could not be looked at this time, and another time it may. All others
# are verdicts: the file was looked at, or is known to be gone, and there is no picture to index.
COULD_NOT_LOOK = frozenset({NO_PERMISSION, UNREADABLE, CHANGING, TOO_SLOW, CRASHED, NO_MEMORY})

# What the system says of a file that another program holds for a moment, as Samba does by a lease.
BUSY = (errno.EAGAIN, errno.EBUSY, errno.ETXTBSY)

# What is not a regular file, by the type bits of its mode.
_SPECIAL = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFDIR: "a folder",
}


class ExpectedError(Exception):
    """An error for the user: its message is one line that tells what happened, to which file, and what to do."""


class IndexFileError(ExpectedError):
    """An index that cannot be used, told in one line: which file, which line of it, what to do."""


class UnreadableImage(Exception):
    """A file that gives no picture: a category of this module, and a reason in one line that does not name the file."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(kind, reason)
        self.kind = kind
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


def explain_os_error(error: OSError) -> tuple[str, str]:
    """Put what the system said about a file or folder into (kind, reason)."""
    if isinstance(error, PermissionError):
        return NO_PERMISSION, "no permission to open it"
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return VANISHED, "it is not there (any more)"
    if error.errno == errno.ELOOP:
        return LINK, "a link that leads back to itself"
    if error.errno == errno.ENAMETOOLONG:
        return UNREADABLE, "its path is longer than the system can open"
    if error.errno in BUSY:
        return UNREADABLE, f"another program holds it ({os.strerror(error.errno)})"
    if error.errno == errno.ENXIO:
        return NOT_A_FILE, "a socket or device, not a file"
    return UNREADABLE, os.strerror(error.errno) if error.errno else "the system cannot read it"


def explain_mode(mode: int) -> tuple[str, str]:
    """Put the mode of what is not a regular file into (kind, reason)."""
    return NOT_A_FILE, f"{_SPECIAL.get(stat.S_IFMT(mode), 'something special')}, not a file"
