"""Step 2, index: the binary cache beside an index CSV, so that searching does not parse it again.

The cache is derived, versioned and disposable. It holds the CSV's ids and features, laid out to be searched where they
lie (see `comparing.sparsewriter`), and what index.py knows of each file (size, time, digest), so that it need not
describe a picture twice.

Layout: the magic line, the features, the other sections (each at a multiple of 64 bytes), a JSON table of contents, and
a trailer with the table's length and checksum. The table stands last so that the file is written in one pass. A file
that is cut, damaged or of another version is as good as none.
"""

import copy
import json
import math
import mmap
import os
import struct
import zlib
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from ..comparing.sparserows import Features
from ..comparing.sparsewriter import ALIGNMENT, FeatureWriter, Rows
from .ids import Ids, encoded_id

CACHE_SUFFIX = ".cache"
ADDED_SUFFIX = ".added"  # after the name of the cache: a second cache, of rows that follow those of the first
VERSION = 2
MAGIC = b"image similarity index cache %d\n" % VERSION
TRAILER = struct.Struct("<QI")  # length of the table of contents in bytes, its CRC-32

# Checking all checksums reads the whole file; above this size that would make opening an index slow.
LARGEST_CHECKED_AT_ONCE = 32_000_000


# What there is one of for each row, beside its id and features.
SECTIONS = ("line_digests", "states", "digests")


class Cache:
    """An opened cache; row k of everything belongs to row k of the CSV.

    Parameters
    ----------
    memory : mmap or bytes
        The whole file.

    Attributes
    ----------
    about : dict
        JSON values: descriptor, dimension, key, folder, relative_folder, csv (its stamp).
    identity : list of two int
        Size and checksum of the file: what a cache of rows that were added names it by.
    rows_in_file : int
        How many of the rows are in the file; those that were added follow.
    ids : Ids
    features : Features
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
        self.about: dict[str, Any] = json.loads(table)
        self.identity = [len(memory), checksum]
        view = memory if isinstance(memory, mmap.mmap) else memoryview(memory)
        self.features = Features(view, self.about["features"])
        self._own = {name: _map(memory, section) for name, section in self.about["sections"].items()}
        self._checksums = {name: section["crc"] for name, section in self.about["sections"].items()}
        self._added: Cache | None = None
        self.ids = Ids(self._own["names"], self._own["ends"])
        self.rows_in_file = len(self.features)
        _check_about(self.about)
        if {len(self._own[name]) for name in ("ends", *SECTIONS)} != {self.rows_in_file}:
            raise ValueError("sections of different lengths")
        if len(self._own["lines"]) != self.rows_in_file + 1:
            raise ValueError("lines without an end")

    def followed_by(self, added: "Cache") -> "Cache":
        """Return this cache with the rows of another one at its end, which says what is known of the CSV."""
        both = copy.copy(self)
        both._added = added
        both.about = self.about | {"csv": added.about["csv"]}
        both.features = self.features.followed_by(added.features)
        both.ids = self.ids.followed_by(added.ids)
        return both

    # Searching needs none of these; joining them takes a moment.

    @cached_property
    def lines(self) -> NDArray[np.int64]:
        own = self._own["lines"]
        return own if self._added is None else np.concatenate([own, self._added.lines[1:]])

    @cached_property
    def line_digests(self) -> NDArray[np.uint8]:
        return self._joined("line_digests")

    @cached_property
    def states(self) -> NDArray[np.int64]:
        return self._joined("states")

    @cached_property
    def digests(self) -> NDArray[np.uint8]:
        return self._joined("digests")

    def _joined(self, name: str) -> NDArray[Any]:
        own = self._own[name]
        return own if self._added is None else np.concatenate([own, self._added._joined(name)])

    def is_whole(self, *, with_features: bool) -> bool:
        """Check the sections against their checksums; the features, which are most of the file, only if asked to."""
        whole = all(zlib.crc32(self._own[name].data) == checksum for name, checksum in self._checksums.items())
        whole = whole and (self._added is None or self._added.is_whole(with_features=False))
        return whole and (not with_features or self.features.is_whole())


def _map(memory: mmap.mmap | bytes, section: dict[str, Any]) -> NDArray[Any]:
    shape = tuple(section["shape"])
    return np.frombuffer(memory, section["dtype"], math.prod(shape), section["start"]).reshape(shape)


class CacheWriter:
    """Writes a cache: feature vectors as they come, then the other sections, then the table of contents.

    Parameters
    ----------
    file : binary file
        Empty and open for writing.
    dimension : int
        Length of a feature vector.
    """

    def __init__(self, file: BinaryIO, dimension: int) -> None:
        self._file = file
        self._sections: dict[str, Any] = {}
        file.write(MAGIC)
        self._features = FeatureWriter(file, dimension)
        self._contents: dict[str, Any] = {}

    def add_features(self, block: NDArray[np.float32]) -> None:
        """Append feature vectors, shape (n, dimension); some hundred at once are quicker than one by one."""
        self._features.add(block)

    def copy_features(self, stored: Iterable[Rows]) -> None:
        """Append rows that `Features.stored` of another cache gave."""
        for rows in stored:
            self._features.add_stored(rows)

    def add_files(
        self,
        ids: Sequence[str],
        lines: NDArray[np.int64],
        line_digests: NDArray[np.uint8],
        states: NDArray[np.int64],
        digests: NDArray[np.uint8],
    ) -> None:
        """Append what belongs to the rows, once all features are in; the arguments are attributes of `Cache`."""
        self._contents = self._features.finish()
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

    def finish(self, about: dict[str, Any]) -> None:
        """Write the table of contents, without which there is no cache.

        Parameters
        ----------
        about : dict
            As in `Cache`.
        """
        table = json.dumps(about | {"features": self._contents, "sections": self._sections}).encode()
        self._file.write(table + TRAILER.pack(len(table), zlib.crc32(table)))


def read_cache(path: str) -> Cache | None:
    """Open a cache file, and the one of rows that were added since, if it belongs to it.

    Parameters
    ----------
    path : str
        The cache file.

    Returns
    -------
    Cache or None
        None when there is no such file, or it is damaged or of another version.
    """
    cache = _read_file(path)
    added = _read_file(path + ADDED_SUFFIX) if cache else None
    return cache.followed_by(added) if cache and added and added.about.get("after") == cache.identity else cache


def _read_file(path: str) -> Cache | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as file:
            cache = Cache(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
            size = os.fstat(file.fileno()).st_size
        return cache if size > LARGEST_CHECKED_AT_ONCE or cache.is_whole(with_features=True) else None
    except Exception:
        # Whatever a damaged or hand-made file leads to, it is no cache.
        return None


def _check_about(about: dict[str, Any]) -> None:
    kinds = {"descriptor": str, "dimension": int, "csv": dict, "key": str | None, "folder": str | None}
    for name, kind in {**kinds, "relative_folder": str | None}.items():
        if not isinstance(about.get(name), kind):
            raise TypeError(name)
    if not all(isinstance(about["csv"][name], int) for name in ("size", "mtime_ns", "ctime_ns")):
        raise TypeError("csv")
