"""Step 2, index: where the files of an index are, and which of them are this program's to write and to remove."""

import os
import stat
from contextlib import suppress

from ..atomicfile import unfinished_name
from ..errors import IndexFileError

# How all of them begin but the CSV itself and what is not finished.
START = b"image similarity"

JOURNAL_SUFFIX = ".partial"

BLOCK_BYTES = 1 << 16


def csv_path(path: str) -> str:
    """Return where the CSV that a user names really is; IndexFileError for `a/`, which names a folder and not `a`."""
    if path.endswith(("/", os.sep)):
        raise IndexFileError(f"{path} names a folder, not an index: leave out what stands at its end")
    return os.path.realpath(path)


class IndexPaths:
    """The files of one index: its CSV, and what may lie beside that."""

    def __init__(self, csv: str) -> None:
        self.csv = csv
        # The same in binary form, and what is known of the image files; then the same of the rows that follow those.
        self.cache, self.added = csv + ".cache", csv + ".cache.added"
        # The rows that a run is appending to the CSV.
        self.adding = csv + ".adding"
        # What an unfinished run has done; also the lock of the index.
        self.journal = csv + JOURNAL_SUFFIX
        self.derived = [self.cache, self.added, self.adding]  # The files beside the CSV, except the journal.
        # What an interrupted run may have left.
        self.unfinished = [unfinished_name(path) for path in (csv, *self.derived)]
        self.all = [csv, *self.derived, *self.unfinished, self.journal]


def remove_if_there(*paths: str) -> None:
    """Remove files of an index that have served; its journal must be held."""
    for path in paths:
        with suppress(FileNotFoundError):
            os.remove(path)


def is_ours(path: str) -> bool:
    """Tell whether a file may be written anew: it is not there, or empty, or a power cut left zeros, or it is ours."""
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return False
        with open(path, "rb") as file:
            # Zeros are followed to their end: other files begin with some.
            while (start := file.read(BLOCK_BYTES)) and not start.strip(b"\0"):
                pass
            return not start or (file.tell() <= BLOCK_BYTES and start.startswith(START))
    except FileNotFoundError:
        return True
