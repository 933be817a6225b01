"""Step 2, index: by what a CSV is known to be the one that its cache was written with."""

import os
import stat
import time

from ..errors import IndexFileError

# File times move in ticks of up to 10 ms (Linux at 100 Hz). Two ticks after its change time, a file that is changed
# again shows another time, so a stamp taken then cannot be mistaken.
TWO_TICKS_NS = 20_000_000

LINE_DIGEST_BYTES = 8


def file_stamp(path: str) -> dict[str, int]:
    """Return size and times of a CSV.

    Raises
    ------
    IndexFileError
        If it is not a regular file.
    OSError
        If it is not there, or cannot be looked at.
    """
    status = os.stat(path)
    if not stat.S_ISREG(status.st_mode):
        raise IndexFileError(f"{path} is no index: it is not a regular file")
    return {"size": status.st_size, "mtime_ns": status.st_mtime_ns, "ctime_ns": status.st_ctime_ns}


def settled_stamp(path: str) -> dict[str, int]:
    """Return the stamp of a CSV, taken when any later change must show in it."""
    wait = file_stamp(path)["ctime_ns"] + TWO_TICKS_NS - time.time_ns()
    # At most that long: the clock of a network drive may be ahead of ours.
    time.sleep(min(max(wait, 0), TWO_TICKS_NS) / 1e9)
    return file_stamp(path)


def line_digest(line: bytes) -> bytes:
    """Return the digest of a line, its line end included."""
    # Loads OpenSSL, which a search hardly ever needs.
    from hashlib import blake2b

    return blake2b(line, digest_size=LINE_DIGEST_BYTES).digest()
