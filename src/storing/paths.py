"""Step 2, index: where the files of an index are, and which of them are this program's to write and to remove."""

import errno
import os
import stat
from contextlib import suppress
from typing import BinaryIO

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

    @property
    def unfinished(self) -> list[str]:
        """What an interrupted run may have left."""
        return [unfinished_name(path) for path in (self.csv, *self.derived)]

    @property
    def all(self) -> list[str]:
        """Whatever belongs to the index."""
        return [self.csv, *self.derived, *self.unfinished, self.journal]


def remove_if_there(*paths: str) -> None:
    """Remove files of an index that have served; its journal must be held."""
    for path in paths:
        with suppress(FileNotFoundError):
            os.remove(path)


def skip_hole(file: BinaryIO) -> None:
    """Move on to the next bytes of a file that are on the disk, or to its end, where the system can tell."""
    if not hasattr(os, "SEEK_DATA"):
        return
    try:
        file.seek(file.tell(), os.SEEK_DATA)
    except OSError as error:
        if error.errno == errno.ENXIO:
            file.seek(0, os.SEEK_END)


def is_ours(path: str) -> bool:
    """Tell whether a file may be written anew: it is not there, or empty, or a power cut left zeros, or it is ours."""
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return False
        with open(path, "rb") as file:
            start = file.read(BLOCK_BYTES)
            if start.startswith(START):
                return True
            # Zeros are followed to their end: other files begin with some. Holes of a file are zeros nobody wrote.
            while start and not start.strip(b"\0"):
                skip_hole(file)
                start = file.read(BLOCK_BYTES)
            return not start
    except FileNotFoundError:
        return True
