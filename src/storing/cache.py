"""Step 2, index: the binary cache beside an index CSV, so that searching does not parse it again.

The cache is derived, versioned and disposable. It holds the CSV's ids and feature vectors, laid out for the distance
that compares them, and what index.py knows of each file (size, time, digest), so that it need not describe a picture
twice.

Layout: the magic line, the rows, the other sections (each at a multiple of 64 bytes), a JSON table of contents, and a
trailer with the table's length and checksum. The table stands last so that the file is written in one pass. A file that
is cut, damaged or of another version is as good as none.
"""

import json
import math
import mmap
import os
import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from ..distance import ALIGNMENT, by_name
from .ids import Names, encoded_id
from .info import IndexInfo, Stamp

VERSION = 2
MAGIC = b"image similarity index cache %d\n" % VERSION
TRAILER = struct.Struct("<QI")  # length of the table of contents in bytes, its CRC-32

# Checking all checksums reads the whole file; above this size that would make opening an index slow.
LARGEST_CHECKED_AT_ONCE = 32_000_000

# What there is one of for each row, beside its id and feature vector.
SECTIONS = ("line_digests", "states", "digests")


class CacheFile:
    """An opened cache file; row k of everything belongs to the same row of the CSV.

    Parameters
    ----------
    memory : mmap or bytes
        The whole file.

    Attributes
    ----------
    info : IndexInfo
    identity : tuple of two int
        Size and checksum of the file: what a cache of rows that were added names it by.
    rows : Rows
    names : Names
        The image ids.
    lines : ndarray of int64, shape (n + 1,)
        Where each row's line begins in the CSV, in bytes, and where the last one ends.
    line_digests : ndarray of uint8, shape (n, 8)
        Digest of each line.
    states : ndarray of int64, shape (n, 3)
        Size in bytes of each image file, and its times as in `FileState`.
    digests : ndarray of uint8, shape (n, 16)
        Digest of each image file's bytes.

    Raises
    ------
    Exception
        Of any kind, if it is no whole cache of this version.
    """

    def __init__(self, memory: mmap.mmap | bytes) -> None:
        end = len(memory) - TRAILER.size
        if end < len(MAGIC) or memory[: len(MAGIC)] != MAGIC:
            raise ValueError("another version")
        length, checksum = TRAILER.unpack(memory[end:])
        table = memory[max(end - length, 0) : end]
        if zlib.crc32(table) != checksum:
            raise ValueError("cut or damaged")
        values = json.loads(table)
        self.info = IndexInfo.from_values(values)
        self.identity = (len(memory), checksum)
        view = memory if isinstance(memory, mmap.mmap) else memoryview(memory)
        self.rows = by_name(self.info.distance).rows(view, values["features"])
        sections = {name: _map(memory, section) for name, section in values["sections"].items()}
        self._checked = [(sections[name], section["crc"]) for name, section in values["sections"].items()]
        self.names = Names(sections["names"], sections["ends"])
        self.lines: NDArray[np.int64] = sections["lines"]
        self.line_digests, self.states, self.digests = (sections[name] for name in SECTIONS)
        if {len(sections[name]) for name in ("ends", *SECTIONS)} != {len(self.rows)}:
            raise ValueError("sections of different lengths")
        if len(self.lines) != len(self.rows) + 1:
            raise ValueError("lines without an end")
        if self.rows.dimension != self.info.dimension:
            raise ValueError("rows of another length than the index says")

    def is_whole(self, *, with_features: bool) -> bool:
        """Check the sections against their checksums; the rows, which are most of the file, only if asked to."""
        return all(zlib.crc32(section.data) == crc for section, crc in self._checked) and (
            not with_features or self.rows.is_whole()
        )


def _map(memory: mmap.mmap | bytes, section: dict[str, Any]) -> NDArray[Any]:
    shape = tuple(section["shape"])
    return np.frombuffer(memory, section["dtype"], math.prod(shape), section["start"]).reshape(shape)


class CacheWriter:
    """Writes a cache file: feature vectors as they come, then the other sections, then the table of contents.

    Parameters
    ----------
    file : binary file
        Empty and open for writing.
    info : IndexInfo
        Says which vectors they are.
    """

    def __init__(self, file: BinaryIO, info: IndexInfo) -> None:
        self._file = file
        self._sections: dict[str, Any] = {}
        file.write(MAGIC)
        self._rows = by_name(info.distance).new_rows(file, info.dimension, info.descriptor)
        self._contents: dict[str, Any] = {}

    def add_features(self, block: NDArray[np.float32]) -> None:
        """Append feature vectors, shape (n, dimension); some hundred at once are quicker than one by one."""
        self._rows.add(block)

    def copy_features(self, stored: Iterable[Any]) -> None:
        """Append rows that `Rows.stored` of another cache gave."""
        for rows in stored:
            self._rows.add_stored(rows)

    def add_files(
        self,
        ids: Sequence[str],
        lines: NDArray[np.int64],
        line_digests: NDArray[np.uint8],
        states: NDArray[np.int64],
        digests: NDArray[np.uint8],
    ) -> None:
        """Append what belongs to the rows, once all are in; the arguments are attributes of `CacheFile`."""
        self._contents = self._rows.finish()
        names = [encoded_id(image_id) for image_id in ids]
        self._add_section("names", np.frombuffer(b"".join(names), np.uint8))
        self._add_section("ends", np.cumsum([len(name) for name in names], dtype="<i8"))
        self._add_section("lines", lines.astype("<i8"))
        self._add_section("line_digests", line_digests)
        self._add_section("states", states.astype("<i8"))
        self._add_section("digests", digests)

    def _add_section(self, name: str, array: NDArray[Any]) -> None:
        self._file.write(b"\0" * (-self._file.tell() % ALIGNMENT))
        data = np.ascontiguousarray(array)
        place = {"start": self._file.tell(), "dtype": data.dtype.str, "shape": data.shape}
        self._sections[name] = {**place, "crc": zlib.crc32(data.data)}
        self._file.write(data.data)

    def finish(self, info: IndexInfo, csv: Stamp, after: tuple[int, int] | None = None) -> None:
        """Write the table of contents, without which there is no cache.

        Parameters
        ----------
        info : IndexInfo
            What the index says of itself.
        csv, after
            As in `IndexInfo`.
        """
        values = replace(info, csv=csv, after=after).as_values()
        table = json.dumps(values | {"features": self._contents, "sections": self._sections}).encode()
        self._file.write(table + TRAILER.pack(len(table), zlib.crc32(table)))


def read_file(path: str) -> CacheFile | None:
    """Open a cache file; None when there is no such file, or it is damaged or of another version."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as file:
            cache = CacheFile(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
            size = os.fstat(file.fileno()).st_size
        return cache if size > LARGEST_CHECKED_AT_ONCE or cache.is_whole(with_features=True) else None
    except Exception:
        # Whatever a damaged or hand-made file leads to, it is no cache.
        return None
