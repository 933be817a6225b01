"""Step 2, index: an index that another program wrote, or one without its cache, is parsed once."""

import io
import os
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from ..atomicfile import replacing
from .cache import CACHE_SUFFIX, Cache, CacheWriter, read_cache
from .csvreader import Progress, read_csv
from .freshness import matching_cache
from .journal import DIGEST_BYTES, JOURNAL_SUFFIX, UNKNOWN_TIME, Journal, has_records
from .lock import IndexBusy
from .ownfiles import is_ours
from .stamp import LINE_DIGEST_BYTES, file_stamp, settled_stamp

# What an old cache says of the whole index.
KEPT = ("folder", "relative_folder", "full_resolution")


def parse_index(path: str, descriptor: str, dimension: int, progress: Progress | None) -> Cache:
    """Make the cache of a CSV: beside it if that can be, else in memory.

    A run of index.py that is on, or to be taken up, has a better one in work. Where somebody has edited the CSV, or a
    run died between writing it and its cache, what the old cache knows of the files is kept for the rows it has.

    Parameters and errors are those of `indexfile.open_index`.

    Returns
    -------
    Cache
    """
    stamp, old = file_stamp(path), read_cache(path + CACHE_SUFFIX)
    if old is not None and not (old.about["descriptor"] == descriptor and old.is_whole(with_features=False)):
        old = None
    about = {"descriptor": descriptor, "dimension": dimension, "key": None, "csv": stamp}
    with suppress(OSError, IndexBusy):
        if is_ours(path + CACHE_SUFFIX) and not has_records(path + JOURNAL_SUFFIX):
            journal = Journal(path + JOURNAL_SUFFIX, descriptor, dimension)
            try:
                # A run may have ended meanwhile.
                if (cache := matching_cache(path)) is not None:
                    return cache
                with replacing(path + CACHE_SUFFIX, like=path) as file:
                    _convert(path, file, about, old, progress)
                    if settled_stamp(path) != stamp:
                        raise OSError("it was changed while it was read")
            finally:
                journal.close(finished=True)
            cache = read_cache(path + CACHE_SUFFIX)
            if cache is not None:
                return cache
    memory = io.BytesIO()
    _convert(path, memory, about, old, progress)
    return Cache(memory.getvalue())


def _convert(path: str, file: BinaryIO, about: dict[str, Any], old: Cache | None, progress: Progress | None) -> None:
    writer = CacheWriter(file, about["dimension"])
    ids: list[str] = []
    ends, lengths, digests = [0], [], []
    for block in read_csv(path, about["dimension"], progress):
        writer.add_features(block.features)
        ids += block.ids
        ends += block.ends
        lengths += block.lengths
        digests += block.line_digests
    line_digests = np.frombuffer(b"".join(digests), np.uint8).reshape(-1, LINE_DIGEST_BYTES)
    states = np.full((len(ids), 3), UNKNOWN_TIME, np.int64)
    file_digests = np.zeros((len(ids), DIGEST_BYTES), np.uint8)
    rows, old_rows = _known_rows(digests, old)
    # As long as most rows are those of the old index, it is that index still.
    if old is not None and 2 * len(rows) >= len(ids):
        states[rows], file_digests[rows] = old.states[old_rows], old.digests[old_rows]
        about = about | {name: old.about.get(name) for name in KEPT}
        # Only index.py asks for the key. It copies rows as they stand: one for each image, and nothing between them.
        is_plain = len(set(ids)) == len(ids) and sum(lengths) == os.path.getsize(path)
        about["key"] = old.about["key"] if is_plain else None
    writer.add_files(ids, np.array(ends), line_digests, states, file_digests)
    writer.finish(about)


def _known_rows(line_digests: Sequence[bytes], old: Cache | None) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return which rows stand in an old cache with just these lines, and which rows of that they are."""
    old_rows = {digest.tobytes(): row for row, digest in enumerate(old.line_digests)} if old else {}
    known = [(row, old_rows[digest]) for row, digest in enumerate(line_digests) if digest in old_rows]
    rows, kept = np.array(known, np.intp).reshape(-1, 2).T
    return rows, kept
