"""Step 2, index: where the files of an index are, and which of them are this program's to write and to remove."""

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass

# How all of them begin but the CSV itself and what is not finished.
START = b"image similarity"

JOURNAL_SUFFIX = ".partial"
UNFINISHED_SUFFIX = ".new"


@dataclass(frozen=True)
class IndexPaths:
    """The files of one index."""

    csv: str
    """The index itself."""

    @property
    def cache(self) -> str:
        """The same in binary form, and what is known of the image files."""
        return self.csv + ".cache"

    @property
    def added(self) -> str:
        """A second cache, of the rows that follow those of the first."""
        return self.cache + ".added"

    @property
    def adding(self) -> str:
        """The rows that a run is appending to the CSV."""
        return self.csv + ".adding"

    @property
    def journal(self) -> str:
        """What an unfinished run has done; also the lock of the index."""
        return self.csv + JOURNAL_SUFFIX

    @property
    def derived(self) -> Sequence[str]:
        """What may lie beside the CSV, the journal apart."""
        return self.cache, self.added, self.adding

    @property
    def unfinished(self) -> Sequence[str]:
        """What a dead run may have left."""
        return [path + UNFINISHED_SUFFIX for path in (self.csv, *self.derived)]

    @property
    def all(self) -> Sequence[str]:
        """Everything that belongs to the index."""
        return [self.csv, *self.derived, *self.unfinished, self.journal]


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
