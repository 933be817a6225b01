"""Step 2, index: the binary cache beside an index CSV, so that searching does not parse it again.

The cache is derived, versioned and disposable. It holds the CSV's ids and feature vectors, laid out for the distance
that compares them. It also holds what index.py knows of each file (size, time, digest), which saves describing a
picture twice.

Layout: the magic line, the rows, the other sections (each at a multiple of 64 bytes), a JSON table of contents, and a
trailer. That has the table's length and checksum. The table stands last so that the file is written in one pass. A file
that is cut, damaged or of another version is as good as none.
"""

import errno
import json
import math
import mmap
import os
import struct
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from ..distance import ALIGNMENT, by_name
from ..filebytes import DIGEST_BYTES
from .ids import Names
from .info import FileState, IndexInfo, Stamp
from .nametext import packed_name
from .openedfile import OpenedFile
from .rowtext import LINE_DIGEST_BYTES, LONGEST_ROW, are_lines

VERSION = 2
MAGIC = b"image similarity index cache %d\n" % VERSION
TRAILER = struct.Struct("<QI")  # length of the table of contents in bytes, its CRC-32

# Checking all checksums reads the whole file; above this size that would make opening an index slow.
LARGEST_CHECKED_AT_ONCE = 32_000_000

LARGEST_TABLE = 1 << 20  # bytes; a row adds a hundredth of a byte to it, and JSON takes twenty times as many in memory
LARGEST_COLUMN = 1 << 16  # bytes a row
# A row of a CSV is at most that long, so no index has vectors of more numbers.
LARGEST_DIMENSION = LONGEST_ROW // 2

# The sections and what their items are. Of those in OF_EACH_ROW there is one for each row.
BYTE, NUMBER = np.dtype("u1"), np.dtype("<i8")
LAYOUT: dict[str, tuple[np.dtype[Any], tuple[int, ...]]] = {
    "names": (BYTE, ()), "ends": (NUMBER, ()), "lines": (NUMBER, ()),
    "line_digests": (BYTE, (LINE_DIGEST_BYTES,)), "states": (NUMBER, (3,)), "digests": (BYTE, (DIGEST_BYTES,)),
}  # fmt: skip
TOLD_SKIPS = "told skips"
LAYOUT[TOLD_SKIPS] = BYTE, (DIGEST_BYTES,)
OF_EACH_ROW = ("line_digests", "states", "digests")
COLUMN = "column "  # begins the names of further sections of that kind, of so many bytes a row

Columns = Mapping[str, NDArray[np.uint8]]
"""What else is known of each picture, by name, shape (n, bytes): zeros for a picture of which it is not known yet. All
of it can be made again from the pictures; what a search needs stands in the CSV."""


class CacheFile:
    """An opened cache file; row k of everything belongs to the same row of the CSV.

    What is no whole cache of this version raises an exception of any kind. Nothing that the file says is believed
    before it is known to fit it: a small file does not cost much memory, whatever it claims.

    Attributes
    ----------
    info : IndexInfo
        What the index says of itself.
    csv : Stamp
        The CSV that the cache belongs to.
    after : tuple of two int or None
        For a cache of rows that were added: the `identity` of the cache whose rows they follow.
    identity : tuple of two int
        Size and checksum of the file.
    rows : Rows
    names : Names
    lines : ndarray of int64, shape (n + 1,)
        Where each row's line begins in the CSV, in bytes, and where the last one ends.
    line_digests : ndarray of uint8, shape (n, 8)
        Digest of each line.
    states : ndarray of int64, shape (n, 3)
        Size in bytes of each image file, and its times as in `FileState`.
    digests : ndarray of uint8, shape (n, 16)
        Digest of each image file's bytes.
    columns : Columns
    told_skips : ndarray of uint8, shape (m, 16)
        Digests of files that are not in the index, of which people have been told; what they digest is the caller's.
    opened : OpenedFile or None
        The file that it is read of, unless it is in memory.
    """

    def __init__(self, memory: mmap.mmap | bytes, opened: OpenedFile | None = None) -> None:
        self.opened = opened
        end = len(memory) - TRAILER.size
        if end < len(MAGIC) or memory[: len(MAGIC)] != MAGIC:
            raise ValueError("another version")
        length, checksum = TRAILER.unpack(memory[end:])
        if length > min(LARGEST_TABLE, end):
            raise ValueError("a table of contents of no possible length")
        table = memory[end - length : end]
        if zlib.crc32(table) != checksum:
            raise ValueError("cut or damaged")
        values = json.loads(table)
        self.info, self.csv = IndexInfo.from_values(values), Stamp(**values["csv"])
        if not 0 < self.info.dimension <= LARGEST_DIMENSION:
            raise ValueError("feature vectors of no possible length")
        self.after = tuple(values["after"]) if values.get("after") else None
        if not all(isinstance(number, int) for number in (*self.csv, *(self.after or ()))):
            raise TypeError("a number")
        if values["features"]["dimension"] != self.info.dimension:
            raise ValueError("rows of another length than the index says")
        self.identity = (len(memory), checksum)
        view = memory if isinstance(memory, mmap.mmap) else memoryview(memory)
        self.rows = by_name(self.info.distance).open_rows(view, values["features"])
        sections = {name: _map_section(memory, name, place) for name, place in values["sections"].items()}
        # They lie side by side: what is checked is no longer than the file, and has no more rows than that holds.
        sizes = [
            *(section.nbytes for section in sections.values()),
            *(one["size"] for one in self.rows.contents["chunks"]),
        ]
        if sum(sizes) > end - length:
            raise ValueError("sections that lie above each other")
        self._checked = [(sections[name], place["crc"]) for name, place in values["sections"].items()]
        self.names = Names(sections["names"], sections["ends"])
        self.lines: NDArray[np.int64] = sections["lines"]
        self.line_digests, self.states, self.digests = (sections[name] for name in OF_EACH_ROW)
        self.columns: Columns = {
            name.removeprefix(COLUMN): array for name, array in sections.items() if name.startswith(COLUMN)
        }
        self.told_skips: NDArray[np.uint8] = sections.get(TOLD_SKIPS, np.empty((0, DIGEST_BYTES), np.uint8))
        of_each_row = [sections["ends"], *(sections[name] for name in OF_EACH_ROW), *self.columns.values()]
        if {len(section) for section in of_each_row} != {len(self.rows)}:
            raise ValueError("sections of different lengths")
        if len(self.lines) != len(self.rows) + 1:
            raise ValueError("lines without an end")

    def is_whole(self, *, with_features: bool) -> bool:
        """Check the sections against their checksums and for sense; the rows, most of the file, only if asked to."""
        return (
            all(zlib.crc32(section.data) == crc for section, crc in self._checked)
            and self.names.are_sound()
            and are_lines(self.lines, self.csv.size)
            and (not with_features or self.rows.is_whole())
        )


def _map_section(memory: mmap.mmap | bytes, name: str, place: dict[str, Any]) -> NDArray[Any]:
    start, shape = place["start"], tuple(place["shape"])
    dtype, items = LAYOUT.get(name) or (BYTE, shape[1:2])
    if place["dtype"] != dtype.str or shape[1:] != items or (name.startswith(COLUMN) and len(shape) != 2):
        raise ValueError(f"a section '{name}' of other things than this version writes")
    if items and items[0] > LARGEST_COLUMN:
        raise ValueError(f"a section '{name}' of rows of no possible length")
    # Unlike numpy's ndarray(), this refuses places outside the file.
    return np.frombuffer(memory, dtype, math.prod(shape), start).reshape(shape)


class CacheWriter:
    """Writes a cache to an empty file: feature vectors as they come, other sections, then the table of contents.

    The info says which vectors they are; what else it says is only written by `finish`.

    Attributes
    ----------
    rows : RowWriter
        Takes the feature vectors; some hundred at once are faster than one by one.
    """

    def __init__(self, file: BinaryIO, info: IndexInfo) -> None:
        self._file = file
        file.write(MAGIC)
        self.rows = by_name(info.distance).new_writer(file, info.dimension, info.descriptor)
        self._contents: dict[str, Any] = {}

    def add_files(
        self,
        ids: Sequence[str],
        lines: NDArray[np.int64],
        line_digests: bytes,
        states: Sequence[FileState],
        columns: Columns | None = None,
        told_skips: bytes = b"",
    ) -> None:
        """Append what belongs to the rows, once all are in: their ids, and what `CacheFile` has under these names."""
        self._contents = {"features": self.rows.finish(), "sections": {}}
        names = [packed_name(image_id) for image_id in ids]
        arrays: dict[str, NDArray[Any]] = {
            "names": np.frombuffer(b"".join(names), np.uint8),
            "ends": np.cumsum([len(name) for name in names], dtype="<i8"),
            "lines": lines.astype("<i8"),
            "line_digests": np.frombuffer(line_digests, np.uint8).reshape(-1, LINE_DIGEST_BYTES),
            "states": np.array([state[:3] for state in states], "<i8").reshape(-1, 3),
            "digests": np.frombuffer(b"".join(state.digest for state in states), np.uint8).reshape(-1, DIGEST_BYTES),
            **{COLUMN + name: np.ascontiguousarray(column) for name, column in (columns or {}).items()},
        }
        if told_skips:
            arrays[TOLD_SKIPS] = np.frombuffer(told_skips, np.uint8).reshape(-1, DIGEST_BYTES)
        for name, array in arrays.items():
            self._file.write(b"\0" * (-self._file.tell() % ALIGNMENT))
            place = {"start": self._file.tell(), "dtype": array.dtype.str, "shape": array.shape}
            self._contents["sections"][name] = {**place, "crc": zlib.crc32(array.data)}
            self._file.write(array.data)

    def finish(self, info: IndexInfo, csv: Stamp, after: tuple[int, int] | None = None) -> None:
        """Write the table of contents, without which there is no cache; the arguments are attributes of `CacheFile`."""
        about = info.as_values() | {"csv": csv._asdict()} | ({"after": after} if after else {})
        table = json.dumps(about | self._contents).encode()
        self._file.write(table + TRAILER.pack(len(table), zlib.crc32(table)))


def joined_columns(pieces: Sequence[tuple[int, Columns]]) -> Columns:
    """Join the columns of pieces that have so many rows each; zeros stand for the rows of a piece that lacks one.

    Those of a single piece are not copied.
    """
    if len(pieces) == 1:
        return pieces[0][1]
    widths = {name: column.shape[1] for _, columns in pieces for name, column in columns.items()}
    return {
        name: np.concatenate([columns.get(name, np.zeros((count, width), np.uint8)) for count, columns in pieces])
        for name, width in widths.items()
    }


def read_file(path: str) -> CacheFile | None:
    """Open a cache file; None when there is no such file, or it is damaged or of another version.

    OSError is raised if this process has too many files open: then there may well be one.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as file:
            cache = CacheFile(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), OpenedFile.of(path, file))
        return cache if cache.identity[0] > LARGEST_CHECKED_AT_ONCE or cache.is_whole(with_features=True) else None
    except Exception as error:
        if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
            raise
        # Whatever a damaged or hand-made file leads to, it is no cache.
        return None
