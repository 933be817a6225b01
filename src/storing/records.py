"""Step 2, index: records of described pictures, as a journal holds them, one after the other.

Each has a length and a checksum, so one that was cut is seen, and only whole ones count.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .info import FileState
from .nametext import packed_name, unpacked_name

# A record: length and CRC-32 of what follows, then size, two times, digest and three lengths, then the three parts.
FRAME = struct.Struct("<II")
HEAD = struct.Struct("<qqq16sIII")
LONGEST_PATH, LONGEST_NUMBER = 1 << 16, 32  # bytes, as text


class Record(NamedTuple):
    """A described picture."""

    path: str
    state: FileState
    features: NDArray[np.float32]
    """Shape (dimension,)."""
    text: bytes
    """The features as they stand in a CSV."""
    end: int
    """Where the record ends in its file, in bytes."""


class Place(NamedTuple):
    """Where the record of a picture is."""

    journal: str
    """The name of the file."""
    path: str
    """Of the picture."""
    start: int
    """In bytes, and so is the end."""
    end: int


class Recorded:
    """What is recorded, in whatever files.

    Attributes
    ----------
    states : dict of str to FileState
        The recorded files, by path.
    places : dict of bytes to Place
        By digest of the described picture: where its record is.
    """

    def __init__(self) -> None:
        self.states: dict[str, FileState] = {}
        self.places: dict[bytes, Place] = {}

    def remember(self, state: FileState, place: Place) -> None:
        """Take up a record."""
        self.states[place.path] = state
        self.places[state.digest] = place


def record_bytes(path: str, state: FileState, features: NDArray[np.float32], text: bytes) -> bytes:
    """Return the record of a picture: its path, the state of its file, its vector as numbers and as CSV text."""
    name = packed_name(path)
    head = HEAD.pack(*state, len(name), features.nbytes, len(text))
    payload = b"".join((head, name, features.tobytes(), text))
    return FRAME.pack(len(payload), zlib.crc32(payload)) + payload


def read_records(file: BinaryIO, dimension: int) -> Iterator[Record]:
    """Yield the records from where a file stands to its end, or to what is no whole record of such vectors."""
    while (record := read_record(file, dimension)) is not None:
        yield record


def read_record(file: BinaryIO, dimension: int) -> Record | None:
    """Return the record that begins where a file stands; None if there is no whole one."""
    start = file.tell()
    frame = file.read(FRAME.size)
    if len(frame) < FRAME.size:
        return None
    length, checksum = FRAME.unpack(frame)
    feature_bytes = dimension * np.dtype(np.float32).itemsize
    # What claims more was not written here: a file may have any size on a disk that holds nothing of it.
    largest = HEAD.size + LONGEST_PATH + feature_bytes + dimension * LONGEST_NUMBER
    payload = file.read(length) if HEAD.size <= length <= largest else b""
    if len(payload) < max(length, HEAD.size) or zlib.crc32(payload) != checksum:
        return None
    size, mtime_ns, ctime_ns, digest, name_length, features_length, text_length = HEAD.unpack_from(payload)
    if features_length != feature_bytes or HEAD.size + name_length + features_length + text_length != length:
        return None
    features_start = HEAD.size + name_length
    text_start = features_start + features_length
    try:
        path = unpacked_name(payload[HEAD.size : features_start])
    except UnicodeDecodeError:
        return None
    features = np.frombuffer(payload[features_start:text_start], np.float32)
    state = FileState(size, mtime_ns, ctime_ns, digest)
    return Record(path, state, features, payload[text_start:], start + FRAME.size + length)
