"""Step 2, index: write an index, its CSV and the cache beside it, as a whole or at its end."""

import errno
import io
import os
import sys
from collections.abc import Iterable, Sequence
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..atomicfile import replacing
from ..imagefiles import DIGEST_BYTES
from .append import appending, forget_append
from .cache import CacheWriter
from .freshness import forget_added_rows, settle_append
from .info import IndexInfo, Stamp
from .journal import FileState
from .parts import Cache
from .paths import IndexPaths
from .rowtext import LINE_DIGEST_BYTES, id_text, line_digest


class NewRows(NamedTuple):
    """Images to write into an index."""

    ids: Sequence[str]
    states: Sequence[FileState]
    features: NDArray[np.float32]
    """Shape (n, dimension)."""
    texts: Sequence[bytes]
    """The features as they stand in the CSV."""


class CopiedRows(NamedTuple):
    """Consecutive rows of the old index to write into the new one as they are."""

    cache: Cache
    csv: BinaryIO
    start: int
    stop: int
    states: Sequence[FileState]


def write_index(path: str, pieces: Iterable[NewRows | CopiedRows], info: IndexInfo) -> None:
    """Replace an index, first its CSV and then its cache. The caller holds the journal of this index.

    Parameters
    ----------
    path : str
        The CSV.
    pieces : iterable of NewRows or CopiedRows
        The images in the order they shall have. It is gone through once, and nothing of the old index is touched
        before its end.
    info : IndexInfo
        What the index shall say of itself.

    Raises
    ------
    OSError
        If it cannot be written; an old index is then as it was.
    """
    # Both files grow together, so that a full disk is met before the CSV is replaced, not between the two.
    with replacing(IndexPaths(path).cache, like=path) as cache_file:
        cache = CacheWriter(cache_file, info)
        with replacing(path) as csv_file:
            rows = _RowWriter(csv_file, cache)
            for piece in pieces:
                if isinstance(piece, CopiedRows):
                    lines = piece.cache.lines
                    _copy_bytes(piece.csv, int(lines[piece.start]), int(lines[piece.stop]), csv_file)
                    rows.keep(piece)
                else:
                    rows.add(piece)
            rows.finish()
        cache.finish(info, Stamp.settled(path))
    _forget_additions(path)


def append_rows(path: str, old: CopiedRows, new: NewRows, info: IndexInfo) -> None:
    """Append rows to an index in place, whatever its size. The caller holds the journal of this index.

    Parameters
    ----------
    path : str
        The CSV.
    old : CopiedRows
        All rows that were added in this way before, which are the last of the index.
    new : NewRows
        The rows to append.
    info : IndexInfo
        As for `write_index`.

    Raises
    ------
    OSError
        If they cannot be written; the index is then as it was.
    """
    text, added = io.BytesIO(), io.BytesIO()
    cache = CacheWriter(added, info)
    rows = _RowWriter(text, cache, start=int(old.cache.lines[old.start]))
    rows.keep(old)
    rows.add(new)
    rows.finish()
    try:
        with (
            appending(path, int(old.cache.lines[-1]), text.getvalue()),
            replacing(IndexPaths(path).added, like=path) as file,
        ):
            cache.finish(info, Stamp.settled(path), after=old.cache.identity)
            file.write(added.getvalue())
    except BaseException:
        settle_append(path)
        raise


class _RowWriter:
    """Writes rows into a CSV and its cache, and what belongs to them into the cache at the end."""

    def __init__(self, csv: BinaryIO, cache: CacheWriter, start: int = 0) -> None:
        self._csv = csv
        self._cache = cache
        self._ids: list[str] = []
        self._states: list[FileState] = []
        self._end = start
        self._ends = [np.array([start], np.int64)]
        self._line_digests = [np.empty((0, LINE_DIGEST_BYTES), np.uint8)]

    def keep(self, rows: CopiedRows) -> None:
        """Take rows over into the cache; their text is in the CSV already."""
        lines = rows.cache.lines[rows.start : rows.stop + 1]
        self._cache.copy_features(rows.cache.stored(rows.start, rows.stop))
        self._ids += rows.cache.ids[rows.start : rows.stop]
        self._states += rows.states
        self._follow(lines[1:] - lines[0])
        self._line_digests.append(rows.cache.line_digests[rows.start : rows.stop])

    def add(self, rows: NewRows) -> None:
        texts = [id_text(one) + b"," + text + b"\n" for one, text in zip(rows.ids, rows.texts, strict=True)]
        self._csv.writelines(texts)
        self._cache.add_features(rows.features)
        self._ids += rows.ids
        self._states += rows.states
        self._follow(np.cumsum([len(text) for text in texts], dtype=np.int64))
        self._line_digests.append(_as_rows([line_digest(text) for text in texts], LINE_DIGEST_BYTES))

    def _follow(self, ends: NDArray[np.int64]) -> None:
        self._ends.append(self._end + ends)
        self._end = int(self._ends[-1][-1]) if len(ends) else self._end

    def finish(self) -> None:
        ends, line_digests = np.concatenate(self._ends), np.concatenate(self._line_digests)
        digests = _as_rows([state.digest for state in self._states], DIGEST_BYTES)
        self._cache.add_files(self._ids, ends, line_digests, _sizes_and_times(self._states), digests)


def _copy_bytes(source: BinaryIO, start: int, stop: int, target: BinaryIO) -> None:
    target.flush()
    # Linux copies from file to file without a detour through our memory, where the file system lets it.
    while start < stop and sys.platform == "linux":
        try:
            start += os.sendfile(target.fileno(), source.fileno(), start, stop - start)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP):
                raise
            break
    # What the system wrote, Python's file does not know of.
    target.seek(0, os.SEEK_END)
    source.seek(start)
    while block := source.read(min(stop - start, 1 << 20)):
        target.write(block)
        start += len(block)


def write_states(path: str, cache: Cache, states: Sequence[FileState], info: IndexInfo) -> None:
    """Write the cache of an unchanged CSV anew.

    Parameters
    ----------
    path : str
        The CSV.
    cache : Cache
        The old cache.
    states : sequence of FileState
        Of each row's file; the contents are those of the old cache.
    info : IndexInfo
        As for `write_index`.
    """
    with replacing(IndexPaths(path).cache, like=path) as file:
        writer = CacheWriter(file, info)
        writer.copy_features(cache.stored(0, len(cache)))
        writer.add_files(cache.ids[:], cache.lines, cache.line_digests, _sizes_and_times(states), cache.digests)
        writer.finish(info, Stamp.settled(path))
    _forget_additions(path)


def _forget_additions(path: str) -> None:
    """Remove the files of rows that were added, once they stand in the index itself."""
    forget_added_rows(path)
    forget_append(path)


def _sizes_and_times(states: Sequence[FileState]) -> NDArray[np.int64]:
    return np.array([state[:3] for state in states], np.int64).reshape(-1, 3)


def _as_rows(digests: Sequence[bytes], length: int) -> NDArray[np.uint8]:
    return np.frombuffer(b"".join(digests), np.uint8).reshape(-1, length)
