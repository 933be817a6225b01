"""Step 2, index: an index that another program wrote, or one without its cache, is parsed once."""

import io
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from ..atomicfile import replacing
from ..distance import by_name
from ..imagefiles import DIGEST_BYTES
from .cache import CacheFile, CacheWriter
from .csvreader import Progress, first_numbers, read_csv
from .freshness import matching_cache
from .info import IndexInfo, Stamp
from .journal import UNKNOWN_TIME, Journal, has_records
from .lock import IndexBusy
from .parts import Cache, read_cache
from .paths import IndexPaths, is_ours
from .rowtext import LINE_DIGEST_BYTES

Identify = Callable[[NDArray[np.float32]], IndexInfo]
"""Tells from the numbers of an index's first row, shape (n,), what made them."""


def parse_index(path: str, identify: Identify, progress: Progress | None) -> Cache:
    """Make the cache of a CSV: beside it if that can be, else in memory.

    A run of index.py that goes on, or is to be taken up, has a better one in work. Where somebody has edited the CSV,
    or a run died between writing it and its cache, what the old cache knows of the files is kept for the rows it has.

    Parameters and errors are those of `indexfile.open_index`.

    Returns
    -------
    Cache
    """
    paths, stamp, info = IndexPaths(path), Stamp.of(path), identify(first_numbers(path))
    old = read_cache(paths)
    if old is not None and not (old.info.descriptor == info.descriptor and old.is_whole(with_features=False)):
        old = None
    with suppress(OSError, IndexBusy):
        if is_ours(paths.cache) and not has_records(paths.journal):
            journal = Journal(paths.journal, info.descriptor, info.dimension)
            try:
                # A run may have ended meanwhile.
                if (cache := matching_cache(path)) is not None:
                    return cache
                with replacing(paths.cache, like=path) as file:
                    _convert(path, file, info, old, progress, stamp)
                    if Stamp.settled(path) != stamp:
                        raise OSError("it was changed while it was read")
            finally:
                journal.close(finished=True)
            cache = read_cache(paths)
            if cache is not None:
                return cache
    memory = io.BytesIO()
    _convert(path, memory, info, old, progress, stamp)
    return Cache([CacheFile(memory.getvalue())])


def _convert(
    path: str, file: BinaryIO, info: IndexInfo, old: Cache | None, progress: Progress | None, stamp: Stamp
) -> None:
    ids: list[str] = []
    ends, lengths, digests = [0], [], []
    lowest = by_name(info.distance).lowest
    writer = CacheWriter(file, info)
    for block in read_csv(path, info.dimension, progress, lowest=lowest):
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
        # Only index.py asks for the key. It copies rows as they stand: one for each image, and nothing between them.
        is_plain = len(set(ids)) == len(ids) and sum(lengths) == os.path.getsize(path)
        info = replace(old.info, key=old.info.key if is_plain else None)
    writer.add_files(ids, np.array(ends), line_digests, states, file_digests)
    writer.finish(info, stamp)


def _known_rows(line_digests: Sequence[bytes], old: Cache | None) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return which rows stand in an old cache with just these lines, and which rows of that they are."""
    old_rows = {digest.tobytes(): row for row, digest in enumerate(old.line_digests)} if old else {}
    known = [(row, old_rows[digest]) for row, digest in enumerate(line_digests) if digest in old_rows]
    rows, kept = np.array(known, np.intp).reshape(-1, 2).T
    return rows, kept
