"""Step 2, index: what an interrupted run has done so far, one record for each described picture.

A run that is killed leaves its journal; the next one resumes from its records. Each is appended as it comes and has a
checksum, so a record that was cut by the kill is seen, and only whole ones count. The journal is also the lock of the
index: it exists, and is locked, while one run writes that index.
"""

import errno
import os
import struct
import zlib
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from .info import FileState
from .lock import open_locked, remove_locked
from .nametext import packed_name, unpacked_name
from .paths import JOURNAL_SUFFIX, is_ours

TITLE = b"image similarity journal 2"
# A record: length and CRC-32 of what follows, then size, two times, digest and three lengths, then the three parts.
FRAME = struct.Struct("<II")
HEAD = struct.Struct("<qqq16sIII")
LONGEST_PATH, LONGEST_NUMBER = 1 << 16, 32  # bytes, as text
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

    Attributes
    ----------
    states : dict of str to FileState
        The recorded files, by path.
    records : dict of bytes to tuple
        By digest of the described picture: where its features and their text lie.

    Raises
    ------
    IndexBusy
        If another run has it open.
    OSError
        If it cannot be written, or is no journal.
    """

    def __init__(self, path: str, key: str, dimension: int, *, fresh: bool = False) -> None:
        self._path = path
        self._feature_bytes = dimension * np.dtype(np.float32).itemsize
        self._largest_record = HEAD.size + LONGEST_PATH + self._feature_bytes + dimension * LONGEST_NUMBER
        self._file = open_locked(path, like=path.removesuffix(JOURNAL_SUFFIX))
        self.states: dict[str, FileState] = {}
        self.records: dict[bytes, tuple[int, int, int]] = {}
        try:
            if fresh:
                self._file.truncate(0)
            self._read(TITLE + f", {key}\n".encode())
        except BaseException:
            if os.fstat(self._file.fileno()).st_size == 0:
                remove_locked(self._path, self._file)
            self._close()
            raise
        self._unsynced = 0

    def append(self, file_path: str, state: FileState, features: NDArray[np.float32], text: bytes) -> None:
        """Record one described picture: the path, the state of the file, the vector as numbers and as CSV text."""
        name = packed_name(file_path)
        head = HEAD.pack(*state, len(name), features.nbytes, len(text))
        payload = b"".join((head, name, features.tobytes(), text))
        self._file.seek(0, os.SEEK_END)
        start = self._file.tell() + FRAME.size
        self._file.write(FRAME.pack(len(payload), zlib.crc32(payload)) + payload)
        self._remember(file_path, state, start + len(head) + len(name), features.nbytes, len(text))
        self._unsynced += len(payload)
        if self._unsynced > SYNC_BYTES:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._unsynced = 0

    def load(self, digest: bytes) -> tuple[NDArray[np.float32], bytes]:
        """Return the features and the numbers' text of a recorded picture."""
        start, middle, end = self.records[digest]
        self._file.seek(start)
        data = self._file.read(end - start)
        return np.frombuffer(data[: middle - start], np.float32), data[middle - start :]

    def close(self, *, finished: bool) -> None:
        """Release the index.

        A journal that is `finished`, because the work is done or given up for good, is removed. Otherwise it stays for
        the next run, if there is anything in it.
        """
        if finished or not self.records:
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
            while (end := self._read_record(good)) is not None:
                good = end
        # What follows the last whole record was cut, or was written under another key.
        self._file.truncate(good)
        self._file.seek(good)
        if not good:
            self._file.write(title)
            self._file.flush()

    def _read_record(self, start: int) -> int | None:
        frame = self._file.read(FRAME.size)
        if len(frame) < FRAME.size:
            return None
        length, checksum = FRAME.unpack(frame)
        # What claims more was not written here: a file may have any size on a disk that holds nothing of it.
        payload = self._file.read(length) if HEAD.size <= length <= self._largest_record else b""
        if len(payload) < max(length, HEAD.size) or zlib.crc32(payload) != checksum:
            return None
        size, mtime_ns, ctime_ns, digest, name_length, features_length, text_length = HEAD.unpack_from(payload)
        if features_length != self._feature_bytes or HEAD.size + name_length + features_length + text_length != length:
            return None
        try:
            file_path = unpacked_name(payload[HEAD.size : HEAD.size + name_length])
        except UnicodeDecodeError:
            return None
        numbers = start + FRAME.size + HEAD.size + name_length
        self._remember(file_path, FileState(size, mtime_ns, ctime_ns, digest), numbers, features_length, text_length)
        return start + FRAME.size + int(length)

    def _remember(self, file_path: str, state: FileState, start: int, features_length: int, text_length: int) -> None:
        self.states[file_path] = state
        middle = start + features_length
        self.records[state.digest] = (start, middle, middle + text_length)


def has_records(path: str) -> bool:
    """Tell whether a journal has anything in it but its title."""
    if not os.path.isfile(path):  # to open a pipe would take forever
        return False
    with suppress(OSError), open(path, "rb") as file:
        return len(file.readline(10_000)) < os.fstat(file.fileno()).st_size
    return False
