"""Step 2, index: the binary cache beside an index CSV, so that searching does not parse it again.

The cache is derived, versioned and disposable. It holds the CSV's ids and features, laid out to be searched where they
lie (see `featurestore`), and what index.py knows of each file (size, time, digest), so that it need not describe a
picture twice.

Layout: the magic line, the features, the other sections (each at a multiple of 64 bytes), a JSON table of contents, and
a trailer with the table's length and checksum. The table stands last so that the file is written in one pass. A file
that is cut, damaged or of another version is as good as none.
"""

import json
import math
import mmap
import os
import struct
import zlib
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO, overload

import numpy as np
from numpy.typing import NDArray

from src.features import Features
from src.featurewriter import FeatureWriter, Rows

CACHE_SUFFIX = ".cache"
VERSION = 2
MAGIC = b"image similarity index cache %d\n" % VERSION
TRAILER = struct.Struct("<QI")  # length of the table of contents in bytes, its CRC-32
ALIGNMENT = 64  # a CPU cache line; numpy computes fastest on rows that begin on one

# Checking all checksums reads the whole file; above this size that would make opening an index slow.
LARGEST_CHECKED_AT_ONCE = 32_000_000


class Ids(Sequence[str]):
    """Image ids in the order of the rows; decoded when they are asked for, as a search asks for three of a million."""

    def __init__(self, names: NDArray[np.uint8], ends: NDArray[np.int64]) -> None:
        self._names, self._ends = names, ends

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, row: int) -> str: ...

    @overload
    def __getitem__(self, row: slice) -> list[str]: ...

    def __getitem__(self, row: int | slice) -> str | list[str]:
        if isinstance(row, slice):
            return self.all()[row]
        row = range(len(self))[row]
        start = int(self._ends[row - 1]) if row else 0
        return self._names[start : int(self._ends[row])].tobytes().decode("utf-8", "surrogatepass")

    def all(self) -> list[str]:
        """Return all ids, sooner than one by one."""
        text = self._names.tobytes()
        starts = [0, *self._ends[:-1].tolist()]
        return [text[a:b].decode("utf-8", "surrogatepass") for a, b in zip(starts, self._ends.tolist(), strict=True)]


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
        self._memory = memory
        self.features = Features(memoryview(memory), self.about["features"])
        self.lines, self.line_digests, self.states, self.digests, names, ends = (
            self._map(self.about["sections"][name])
            for name in ("lines", "line_digests", "states", "digests", "names", "ends")
        )
        self.ids = Ids(names, ends)
        count = len(self.features)
        _check_about(self.about)
        if {len(self.lines) - 1, len(self.line_digests), len(self.states), len(self.digests), len(ends)} != {count}:
            raise ValueError("sections of different lengths")

    def _map(self, section: dict[str, Any]) -> NDArray[Any]:
        shape = tuple(section["shape"])
        return np.frombuffer(self._memory, section["dtype"], math.prod(shape), section["start"]).reshape(shape)

    def is_whole(self, *, with_features: bool) -> bool:
        """Check the sections against their checksums; the features, which are most of the file, only if asked to."""
        sections = self.about["sections"].values()
        whole = all(zlib.crc32(self._map(section).data) == section["crc"] for section in sections)
        return whole and (not with_features or self.features.is_whole())


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
        # Names with undecodable bytes hold surrogates, which plain UTF-8 refuses.
        names = [image_id.encode("utf-8", "surrogatepass") for image_id in ids]
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
    """Open a cache file.

    Parameters
    ----------
    path : str
        The cache file.

    Returns
    -------
    Cache or None
        None when there is no such file, or it is damaged or of another version.
    """
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
