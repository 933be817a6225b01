"""Step 2, index: an index that another program wrote, or one without its cache, is parsed once."""

import io
import os
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from ..atomicfile import replacing
from ..distance import by_name
from ..errors import IndexFileError
from .cache import Cache, read_cache
from .cachefile import CacheFile, CacheWriter
from .csvreader import Progress, first_numbers, read_csv
from .freshness import matching_cache
from .info import NOTHING_KNOWN, IndexInfo, Stamp
from .journal import Journal, has_records
from .lock import IndexBusy
from .paths import IndexPaths, is_ours
from .rowtext import id_text, line_digest

Identify = Callable[[NDArray[np.float32]], IndexInfo]
"""Tells from the numbers of an index's first row, shape (n,), what made them."""


def parse_index(path: str, identify: Identify, progress: Progress | None) -> Cache:
    """Make the cache of a CSV: beside it if that can be, else in memory.

    A run of index.py that is at work, or can be resumed, will write a better one. Somebody may have edited the CSV,
    or a run may have died before writing the cache. What the old one knows of the files is kept for the rows it has.
    Parameters and errors are those of `indexfile.open_index`.
    """
    paths, stamp, info = IndexPaths(path), Stamp.of(path), identify(first_numbers(path))
    old = read_cache(path)
    if old is not None and not (old.info.is_of_same_vectors(info) and old.is_whole(with_features=False)):
        old = None
    convert = partial(_convert, path, info, old, progress, stamp)
    with suppress(OSError, IndexBusy):
        if is_ours(paths.cache) and not has_records(paths.journal):
            journal = Journal(paths.journal, info.descriptor, info.dimension)
            try:
                # A run may have ended meanwhile.
                if (cache := matching_cache(path)) is not None:
                    return cache
                with replacing(paths.cache, like=path) as file:
                    convert(file)
                    if Stamp.settled(path) != stamp:
                        raise OSError("it was changed while it was read")
            finally:
                journal.close(finished=True)
            if (cache := read_cache(path)) is not None:
                return cache
    memory = io.BytesIO()
    convert(memory)
    return Cache(path, [CacheFile(memory.getvalue())])


def _convert(
    path: str, info: IndexInfo, old: Cache | None, progress: Progress | None, stamp: Stamp, file: BinaryIO
) -> None:
    known = dict(zip(map(bytes, old.line_digests), old.states(), strict=True)) if old else {}
    ids: list[str] = []
    ends, digests, row_bytes, is_plain, last = [0], [], 0, True, b"\n"
    writer = CacheWriter(file, info)
    for block in read_csv(path, info.dimension, by_name(info.distance), progress):
        writer.rows.add(block.features)
        ids += block.ids
        ends += block.ends
        digests += [line_digest(line) for line in block.lines]
        row_bytes += sum(len(line) for line in block.lines)
        rows = zip(block.ids, block.lines, strict=True)
        is_plain = is_plain and old is not None and all(line.startswith(id_text(one) + b",") for one, line in rows)
        last = block.lines[-1]
    if not last.endswith(b"\n"):
        is_plain = False
        # Other programs leave the last line end out. This one does not, but an editor may take it away.
        is_ours = old is not None and old.info.key is not None and stamp.size < old.csv.size
        if is_ours and line_digest(last + b"\n") not in known:
            raise IndexFileError(f"{path}: its last row was cut; index the folder again")
    # As long as most rows are those of the old index, it is that index still.
    if old is not None and 2 * sum(digest in known for digest in digests) >= len(ids):
        # Only index.py asks for the key. It copies rows as they stand: one for each image, and nothing between them.
        is_plain = is_plain and len(set(ids)) == len(ids) and row_bytes == os.path.getsize(path)
        info = old.info._replace(key=old.info.key if is_plain else None)
    else:
        known = {}
    states = [known.get(digest, NOTHING_KNOWN) for digest in digests]
    writer.add_files(ids, np.array(ends), b"".join(digests), states)
    writer.finish(info, stamp)
