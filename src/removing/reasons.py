"""Removing: why a spare stays, and why a run ends before all are done."""

import errno

from ..errors import explain_os_error

# What is told of a target folder in which nothing fits any more: the next file would not fit either.
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)

CHANGED = "it has been changed since its fingerprint was taken"
BUSY = "another run works on it at this moment"
LINK = "it is a symbolic link now"


class Stays(Exception):
    """A spare stays as it is: one line that says why and does not name it."""


class Stops(Exception):
    """No spare can go any more: one line that says why."""


def reason_of(error: OSError) -> str:
    """Put what the system said, as a file was to be touched, into a line that does not name it."""
    if isinstance(error, PermissionError):
        return "no permission to touch it, or to take it out of its folder"
    if error.errno == errno.EROFS:
        return "its disk can only be read"
    if error.errno == errno.EIO:
        return error.strerror or "the disk cannot read or write it"
    return explain_os_error(error)[1]


def left_line(path: str, reason: str) -> str:
    """Return the line that tells of a spare that stays."""
    return f"{path} is left as it is: {reason}"
