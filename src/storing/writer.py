"""Step 2, index: write an index, its CSV and the cache beside it, as a whole or at its end."""

import errno
import io
import os
import sys
from collections.abc import Collection, Iterable, Sequence
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..atomicfile import replacing
from .append import appending
from .cache import Cache
from .cachefile import CacheWriter, Columns, joined_columns
from .freshness import settle_append
from .info import FileState, IndexInfo, Stamp
from .paths import IndexPaths, remove_if_there
from .rowtext import id_text, line_digest


class NewRows(NamedTuple):
    """Images to write into an index."""

    ids: Sequence[str]
    states: Sequence[FileState]
    features: NDArray[np.float32]
    """Shape (n, dimension)."""
    texts: Sequence[bytes]
    """The features as they stand in the CSV."""
    columns: Columns = {}
    """What else is known of the pictures."""


class CopiedRows(NamedTuple):
    """Consecutive rows of the old index, which is open, to write into the new one as they are."""

    cache: Cache
    csv: BinaryIO
    start: int
    stop: int
    states: Sequence[FileState]


def write_index(
    path: str,
    pieces: Iterable[NewRows | CopiedRows],
    info: IndexInfo,
    told_skips: bytes = b"",
    suffix: str | None = None,
    like: str | None = None,
) -> None:
    """Replace an index, first its CSV and then its cache. The caller holds the journal of this index.

    Parameters
    ----------
    path : str
        The CSV.
    pieces : iterable of NewRows or CopiedRows
        The images in their new order. They are taken once, and nothing of the old index is touched before their end.
    info : IndexInfo
        What the index will say of itself.
    told_skips : bytes, optional
        Digests as in `CacheFile.told_skips`.
    suffix : str, optional
        What the files are called until they are whole, as of `replacing`: where several may write the same.
    like : str, optional
        A file whose permissions and group a new index gets; by default the old one's.

    Raises
    ------
    OSError
        If it cannot be written; an old index is then as it was.
    """
    paths = IndexPaths(path)
    # Both files grow together, so that a full disk is met before the CSV is replaced, not between the two.
    with replacing(paths.cache, suffix, like=like or path) as cache_file:
        cache = CacheWriter(cache_file, info)
        with replacing(path, suffix, like=like) as csv_file:
            rows = _RowWriter(csv_file, cache)
            for piece in pieces:
                if isinstance(piece, CopiedRows):
                    lines = piece.cache.lines
                    _copy_bytes(piece.csv, int(lines[piece.start]), int(lines[piece.stop]), csv_file)
                    rows.keep(piece)
                else:
                    rows.add(piece)
            rows.finish(told_skips)
        cache.finish(info, Stamp.settled(path))
    remove_if_there(paths.added, paths.adding)


def append_rows(path: str, old: CopiedRows, new: NewRows, info: IndexInfo) -> None:
    """Append rows to an index in place, whatever its size. The caller holds the journal of this index.

    Parameters
    ----------
    path, info
        As for `write_index`, and so are the errors.
    old : CopiedRows
        All rows that were added in this way before, which are the last of the index.
    new : NewRows
    """
    text, added = io.BytesIO(), io.BytesIO()
    cache = CacheWriter(added, info)
    rows = _RowWriter(text, cache, start=int(old.cache.lines[old.start]))
    rows.keep(old)
    rows.add(new)
    rows.finish()
    size, added_path = int(old.cache.lines[-1]), IndexPaths(path).added
    try:
        with appending(path, size, text.getvalue()), replacing(added_path, like=path) as file:
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
        self._lines = [np.array([start], np.int64)]
        self._line_digests: list[bytes] = []
        self._columns: list[tuple[int, Columns]] = []

    def keep(self, rows: CopiedRows) -> None:
        """Take rows over into the cache; their text is in the CSV already."""
        for stored in rows.cache.stored(rows.start, rows.stop):
            self._cache.rows.add_stored(stored)
        lengths = np.diff(rows.cache.lines[rows.start : rows.stop + 1])
        digests = rows.cache.line_digests[rows.start : rows.stop].tobytes()
        self._ids += rows.cache.ids[rows.start : rows.stop]
        self._states += rows.states
        columns = {name: column[rows.start : rows.stop] for name, column in rows.cache.columns.items()}
        self._follow(lengths, digests, columns)

    def add(self, rows: NewRows) -> None:
        texts = [id_text(one) + b"," + text + b"\n" for one, text in zip(rows.ids, rows.texts, strict=True)]
        self._csv.writelines(texts)
        self._cache.rows.add(rows.features)
        self._ids += rows.ids
        self._states += rows.states
        lengths = np.array([len(text) for text in texts], np.int64)
        self._follow(lengths, b"".join(map(line_digest, texts)), rows.columns)

    def _follow(self, lengths: NDArray[np.int64], digests: bytes, columns: Columns) -> None:
        if len(lengths):
            self._lines.append(self._lines[-1][-1] + np.cumsum(lengths))
        self._line_digests.append(digests)
        self._columns.append((len(lengths), columns))

    def finish(self, told_skips: bytes = b"") -> None:
        lines, digests = np.concatenate(self._lines), b"".join(self._line_digests)
        self._cache.add_files(self._ids, lines, digests, self._states, joined_columns(self._columns), told_skips)


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


def write_states(
    path: str,
    cache: Cache,
    states: Sequence[FileState],
    info: IndexInfo,
    columns: Columns | None = None,
    told_skips: bytes | None = None,
    dropped: Collection[str] = (),
) -> None:
    """Write the cache of an unchanged CSV anew.

    Parameters
    ----------
    path, info
        As for `write_index`.
    cache : Cache
        The old cache.
    states : sequence of FileState
        Of each row's file; the contents are those of the old cache.
    columns : Columns, optional
        What is now known of the pictures; other columns stay as they are.
    told_skips : bytes, optional
        As for `write_index`; those of the old cache if they are not given.
    dropped : collection of str, optional
        Names of columns that are of no use any more.
    """
    paths = IndexPaths(path)
    with replacing(paths.cache, like=path) as file:
        writer = CacheWriter(file, info)
        for stored in cache.stored(0, len(cache)):
            writer.rows.add_stored(stored)
        kept = {name: column for name, column in cache.columns.items() if name not in dropped}
        columns = {**kept, **(columns or {})}
        told = cache.told_skips if told_skips is None else told_skips
        writer.add_files(cache.ids[:], cache.lines, cache.line_digests.tobytes(), states, columns, told)
        # A CSV that is not on this machine is known by other things.
        writer.finish(info, Stamp.settled(path) if os.path.exists(path) else cache.csv)
    remove_if_there(paths.added, paths.adding)
