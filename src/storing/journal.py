"""Step 2, index: what an interrupted run has done so far, one record for each described picture.

A run that is killed leaves its journal; the next one resumes from its records. Each is appended as it comes and has a
checksum, so a record that was cut by the kill is seen, and only whole ones count. The journal is also the lock of the
index: it exists, and is locked, while one run writes that index.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from .info import FileState
from .lock import open_locked, remove_locked
from .paths import JOURNAL_SUFFIX, is_ours
from .records import Place, Record, Recorded, read_record, read_records, record_bytes

TITLE = b"image similarity journal 2"
SYNC_BYTES = 16_000_000  # some seconds of work: what a power cut may cost


class Journal:
    """The journal of one index, open for appending and locked.

    Parameters
    ----------
    path : str
        The journal's file; created if it is not there.
    key : str
        Names what makes the features. Records written under another key, or of another dimension, are dropped.
    dimension : int
        Length of a feature vector.
    fresh : bool, optional
        Whether to drop all.
    like : str, optional
        A file whose permissions and group a new journal gets; by default the index that it lies beside.

    Attributes
    ----------
    name : str
        Of the file, in its folder.
    recorded : Recorded
        What is in it.

    Raises
    ------
    IndexBusy
        If another run has it open.
    OSError
        If it cannot be written, or is no journal.
    """

    def __init__(self, path: str, key: str, dimension: int, *, fresh: bool = False, like: str | None = None) -> None:
        self._path, self.name = path, os.path.basename(path)
        self._key, self._dimension = key, dimension
        self._file = open_locked(path, like=like or path.removesuffix(JOURNAL_SUFFIX))
        self.recorded = Recorded()
        try:
            if fresh:
                self._file.truncate(0)
            self._read(title_of(key))
        except BaseException:
            if os.fstat(self._file.fileno()).st_size == 0:
                remove_locked(self._path, self._file)
            self._close()
            raise
        self._unsynced = 0

    def append(self, file_path: str, state: FileState, features: NDArray[np.float32], text: bytes) -> None:
        """Record one described picture: the path, the state of the file, the vector as numbers and as CSV text."""
        record = record_bytes(file_path, state, features, text)
        start = self._file.seek(0, os.SEEK_END)
        self._file.write(record)
        self.recorded.remember(state, Place(self.name, file_path, start, start + len(record)))
        self._unsynced += len(record)
        if self._unsynced > SYNC_BYTES:
            self.flush()
            os.fsync(self._file.fileno())
            self._unsynced = 0

    def flush(self) -> None:
        """Let whoever opens the file read all records."""
        self._file.flush()

    def pieces(self, size: int) -> Iterator[bytes]:
        """Yield what is recorded as journals of about so many bytes each."""
        title = title_of(self._key)
        piece: list[bytes] = [title]
        for place in sorted(self.recorded.places.values(), key=lambda place: place.start):
            self._file.seek(place.start)
            piece.append(self._file.read(place.end - place.start))
            if sum(map(len, piece)) > size:
                yield b"".join(piece)
                piece = [title]
        if len(piece) > 1:
            yield b"".join(piece)

    def clear(self) -> None:
        """Drop all records, which are elsewhere now."""
        self._file.truncate(len(title_of(self._key)))
        self._file.flush()
        self.recorded.states.clear()
        self.recorded.places.clear()

    def load(self, place: Place) -> Record:
        """Return a record of this journal."""
        self._file.seek(place.start)
        record = read_record(self._file, self._dimension)
        assert record is not None
        return record

    def close(self, *, finished: bool) -> None:
        """Release the index.

        A journal that is `finished`, because the work is done or given up for good, is removed. Otherwise it stays for
        the next run, if there is anything in it.
        """
        if finished or not self.recorded.places:
            # Removed before it is unlocked, so that nobody locks a file that is about to lose its name.
            remove_locked(self._path, self._file)
        self._close()

    def _close(self) -> None:
        # What cannot be written any more, on a full disk, is work to be done again and no harm.
        with suppress(OSError):
            self._file.close()

    def _read(self, title: bytes) -> None:
        self._file.seek(0)
        good = 0
        first = self._file.readline(len(title) + 100)
        # A power cut may have left zeros.
        is_nothing = not first.strip(b"\0") and is_ours(self._path)
        if not is_nothing and not first.startswith(TITLE[:-2]):
            raise FileExistsError(errno.EEXIST, "a file of another program has this name", self._path)
        if first == title:
            good = len(title)
            for record in read_records(self._file, self._dimension):
                self.recorded.remember(record.state, Place(self.name, record.path, good, record.end))
                good = record.end
        # What follows the last whole record was cut, or was written under another key.
        self._file.truncate(good)
        self._file.seek(good)
        if not good:
            self._file.write(title)
            self._file.flush()


def title_of(key: str) -> bytes:
    """Return how a journal of vectors that this key names begins."""
    return TITLE + f", {key}\n".encode()


def has_records(path: str) -> bool:
    """Tell whether a journal has anything in it but its title."""
    if not os.path.isfile(path):  # to open a pipe would take forever
        return False
    with suppress(OSError), open(path, "rb") as file:
        return len(file.readline(10_000)) < os.fstat(file.fileno()).st_size
    return False
