"""Step 2, index: open and replace an index. The CSV is the index; the cache beside it only saves time.

Whether a cache belongs to its CSV is decided by the CSV's stamp: size, times and, where those leave a doubt, a digest
of its lines. A cache that does not belong to it is not used.
"""

import errno
import io
import os
import stat
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from src.atomicfile import replacing
from src.features import Features
from src.indexcache import CACHE_SUFFIX, Cache, CacheWriter, read_cache
from src.indexcsv import LINE_DIGEST_BYTES, IndexFileError, Progress, id_text, line_digest, read_csv
from src.journal import DIGEST_BYTES, JOURNAL_SUFFIX, UNKNOWN_TIME, FileState, IndexBusy, Journal, has_records

# File times move in ticks of up to 10 ms (Linux at 100 Hz). Two ticks after its change time, a file that is changed
# again shows another time, so a stamp taken then cannot be mistaken.
TWO_TICKS_NS = 20_000_000


class Index(NamedTuple):
    """An opened index."""

    ids: Sequence[str]
    """Image ids, in the order of the rows."""
    features: Features
    folder: str | None
    """The dataset folder, where it is known."""
    full_resolution: bool
    """Whether the images were decoded in full to be described."""


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


def open_index(path: str, descriptor: str, dimension: int, progress: Progress | None = None) -> Index:
    """Open an index for searching.

    Parameters
    ----------
    path : str
        The CSV.
    descriptor : str
        Name of the descriptor whose features the index must hold, where it says whose they are.
    dimension : int
        How many numbers a row must have.
    progress : callable, optional
        Called while a CSV is parsed, with the bytes read and the bytes there are.

    Returns
    -------
    Index

    Raises
    ------
    IndexFileError
        If there is no index at `path`, or not one of these features.
    """
    path = os.path.realpath(path)
    try:
        cache = matching_cache(path) or _parse(path, descriptor, dimension, progress)
    except FileNotFoundError:
        raise IndexFileError(f"{path} does not exist: write it with index.py") from None
    except OSError as error:
        raise IndexFileError(f"{path} cannot be read: {error.strerror}") from None
    made_by, found = cache.about["descriptor"], cache.features.dimension
    if made_by != descriptor or found != dimension:
        raise IndexFileError(
            f"{path}, line 1: {found} numbers by the descriptor {made_by}, but {dimension} by {descriptor} are needed; "
            "index the folder again"
        )
    if not cache.ids:
        raise IndexFileError(f"{path} is empty: index a folder with index.py first")
    full_resolution = bool(cache.about.get("full_resolution"))
    return Index(cache.ids, cache.features, known_folder(path, cache), full_resolution)


def matching_cache(path: str) -> Cache | None:
    """Return the cache beside an index if it belongs to the CSV as it is now.

    Raises
    ------
    OSError
        If the CSV cannot be read.
    """
    found = _file_stamp(path)
    cache = read_cache(path + CACHE_SUFFIX)
    if cache is None:
        return None
    kept = cache.about["csv"]
    if all(kept[name] == value for name, value in found.items()):
        return cache
    # Copied or moved to another place, times change and the bytes do not.
    return cache if kept["size"] == found["size"] and _has_lines(path, cache) else None


def _has_lines(path: str, cache: Cache) -> bool:
    with open(path, "rb") as file:
        lines = (file.read(length) for length in np.diff(cache.lines).tolist())
        return all(line_digest(line) == kept.tobytes() for line, kept in zip(lines, cache.line_digests, strict=True))


def _parse(path: str, descriptor: str, dimension: int, progress: Progress | None) -> Cache:
    """Make the cache of a CSV that another program wrote: beside it if that can be, else in memory.

    A run of index.py that is on, or to be taken up, has a better one in work.
    """
    stamp = _file_stamp(path)
    about = {"descriptor": descriptor, "dimension": dimension, "key": None, "csv": stamp}
    is_in_work = has_records(path + JOURNAL_SUFFIX)
    if is_in_work and (old := read_cache(path + CACHE_SUFFIX)) is not None:
        # A run is, or was when it died, between replacing the CSV and replacing the cache.
        about |= {name: old.about.get(name) for name in ("folder", "relative_folder", "full_resolution")}
    with suppress(OSError, IndexBusy):
        if not is_in_work:
            journal = Journal(path + JOURNAL_SUFFIX, descriptor, dimension)
            try:
                with replacing(path + CACHE_SUFFIX, like=path) as file:
                    _convert(path, file, about, progress)
                    if _settled_stamp(path) != stamp:
                        raise OSError("it was changed while it was read")
            finally:
                journal.close(finished=True)
            cache = read_cache(path + CACHE_SUFFIX)
            if cache is not None:
                return cache
    memory = io.BytesIO()
    _convert(path, memory, about, progress)
    return Cache(memory.getvalue())


def _convert(path: str, file: BinaryIO, about: dict[str, Any], progress: Progress | None) -> None:
    writer = CacheWriter(file, about["dimension"])
    ids: list[str] = []
    ends, line_digests = [0], []
    for block in read_csv(path, about["dimension"], progress):
        writer.add_features(block.features)
        ids += block.ids
        ends += block.ends
        line_digests += block.line_digests
    unknown = np.full((len(ids), 3), UNKNOWN_TIME, np.int64)
    no_digests = np.zeros((len(ids), DIGEST_BYTES), np.uint8)
    writer.add_files(ids, np.array(ends), _as_rows(line_digests, LINE_DIGEST_BYTES), unknown, no_digests)
    writer.finish(about)


def known_folder(path: str, cache: Cache) -> str | None:
    """Return the dataset folder of an index: where it was, or beside the index if both were moved together."""
    folder, relative = cache.about.get("folder"), cache.about.get("relative_folder")
    if relative is not None:
        moved_along = os.path.normpath(os.path.join(os.path.dirname(os.path.realpath(path)), relative))
        if os.path.isdir(moved_along):
            return moved_along
    return folder


def write_index(path: str, pieces: Iterable[NewRows | CopiedRows], about: dict[str, Any]) -> None:
    """Replace an index, first its CSV and then its cache. The caller holds the journal of this index.

    Parameters
    ----------
    path : str
        The CSV.
    pieces : iterable of NewRows or CopiedRows
        The images in the order they shall have. It is gone through once, and nothing of the old index is touched
        before its end.
    about : dict
        What the cache says of the index: descriptor, dimension, key, full_resolution, folder, relative_folder.

    Raises
    ------
    OSError
        If it cannot be written; an old index is then as it was.
    """
    # Both files grow together, so that a full disk is met before the CSV is replaced, not between the two.
    with replacing(path + CACHE_SUFFIX, like=path) as cache_file:
        cache = CacheWriter(cache_file, about["dimension"])
        with replacing(path) as csv_file:
            ids: list[str] = []
            states: list[FileState] = []
            ends, line_digests = [np.zeros(1, np.int64)], [np.empty((0, LINE_DIGEST_BYTES), np.uint8)]
            for piece in pieces:
                position = int(ends[-1][-1])
                if isinstance(piece, CopiedRows):
                    lines = piece.cache.lines[piece.start : piece.stop + 1]
                    ids += piece.cache.ids[piece.start : piece.stop]
                    _copy_bytes(piece.csv, int(lines[0]), int(lines[-1]), csv_file)
                    cache.copy_features(piece.cache.features.stored(piece.start, piece.stop))
                    ends.append(position + lines[1:] - lines[0])
                    line_digests.append(piece.cache.line_digests[piece.start : piece.stop])
                else:
                    texts = [
                        id_text(one) + b"," + text + b"\n" for one, text in zip(piece.ids, piece.texts, strict=True)
                    ]
                    ids += piece.ids
                    csv_file.writelines(texts)
                    cache.add_features(piece.features)
                    ends.append(position + np.cumsum([len(text) for text in texts]))
                    line_digests.append(_as_rows([line_digest(text) for text in texts], LINE_DIGEST_BYTES))
                states += piece.states
            digests = _as_rows([state.digest for state in states], DIGEST_BYTES)
            cache.add_files(ids, np.concatenate(ends), np.concatenate(line_digests), _sizes_and_times(states), digests)
        cache.finish(about | {"csv": _settled_stamp(path)})


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


def write_states(path: str, cache: Cache, states: Sequence[FileState], about: dict[str, Any]) -> None:
    """Write the cache of an unchanged CSV anew.

    Parameters
    ----------
    path : str
        The CSV.
    cache : Cache
        The old cache.
    states : sequence of FileState
        Of each row's file; the contents are those of the old cache.
    about : dict
        As for `write_index`.
    """
    with replacing(path + CACHE_SUFFIX, like=path) as file:
        writer = CacheWriter(file, cache.features.dimension)
        writer.copy_features(cache.features.stored(0, len(cache.features)))
        writer.add_files(cache.ids.all(), cache.lines, cache.line_digests, _sizes_and_times(states), cache.digests)
        writer.finish(about | {"csv": _settled_stamp(path)})


def _file_stamp(path: str) -> dict[str, int]:
    status = os.stat(path)
    if not stat.S_ISREG(status.st_mode):
        raise IndexFileError(f"{path} is no index: it is not a regular file")
    return {"size": status.st_size, "mtime_ns": status.st_mtime_ns, "ctime_ns": status.st_ctime_ns}


def _settled_stamp(path: str) -> dict[str, int]:
    """Return the stamp of a CSV, taken when any later change must show in it."""
    wait = _file_stamp(path)["ctime_ns"] + TWO_TICKS_NS - time.time_ns()
    # At most that long: the clock of a network drive may be ahead of ours.
    time.sleep(min(max(wait, 0), TWO_TICKS_NS) / 1e9)
    return _file_stamp(path)


def _sizes_and_times(states: Sequence[FileState]) -> NDArray[np.int64]:
    return np.array([state[:3] for state in states], np.int64).reshape(-1, 3)


def _as_rows(digests: Sequence[bytes], length: int) -> NDArray[np.uint8]:
    return np.frombuffer(b"".join(digests), np.uint8).reshape(-1, length)
