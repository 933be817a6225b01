"""Which files beside an index are this program's to write and to remove."""

import os
import stat

# How all of them begin but the CSV itself and what is not finished.
START = b"image similarity"


def is_ours(path: str) -> bool:
    """Tell whether a file may be written anew: it is not there, or empty, or a power cut left zeros, or it is ours."""
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return False
        with open(path, "rb") as file:
            start = file.read(len(START))
    except FileNotFoundError:
        return True
    return start == START or not start.strip(b"\0")
