"""Step 2, index: which cache belongs to a CSV.

The CSV's stamp decides whether a cache belongs to it: size, times and, where those leave a doubt, a digest of its
lines. A cache that does not belong to it is not used.
"""

import os
from contextlib import suppress

import numpy as np

from .append import forget_append, is_half_appended, undo_half_append
from .info import Stamp
from .parts import Cache, read_cache
from .paths import IndexPaths
from .rowtext import line_digest


def matching_cache(path: str) -> Cache | None:
    """Return the cache beside an index if it belongs to the CSV as it is now.

    Raises
    ------
    OSError
        If the CSV cannot be read.
    """
    cache, found = read_cache(IndexPaths(path)), Stamp.of(path)
    if cache is None:
        return None
    if cache.info.csv == found:
        return cache
    # Copied or moved to another place, times change and the bytes do not.
    return cache if _size(cache) == found.size == cache.lines[-1] and _has_lines(path, cache) else None


def current_cache(path: str) -> Cache | None:
    """Return the cache beside an index if it belongs to the CSV as it is now, or as it was before a run, which goes on
    or has died, began to append to it.

    Raises
    ------
    OSError
        If the CSV cannot be read.
    """
    # Between the first two looks, a run may have ended.
    return matching_cache(path) or _half_appended_cache(path) or matching_cache(path)


def _half_appended_cache(path: str) -> Cache | None:
    cache = read_cache(IndexPaths(path))
    is_half = cache is not None and is_half_appended(path, _size(cache)) and _has_lines(path, cache)
    return cache if is_half else None


def settle_append(path: str) -> None:
    """Undo an append that was not finished, or forget one that was. The caller holds the journal of this index."""
    if matching_cache(path) is None and (cache := _half_appended_cache(path)) is not None:
        undo_half_append(path, _size(cache))
    forget_append(path)
    cache = read_cache(IndexPaths(path))
    if cache is None or len(cache) == cache.rows_in_file:
        forget_added_rows(path)


def forget_added_rows(path: str) -> None:
    """Remove the cache of rows that were appended, when it belongs to no cache. The caller holds the journal."""
    with suppress(FileNotFoundError):
        os.remove(IndexPaths(path).added)


def _size(cache: Cache) -> int:
    return cache.info.csv.size if cache.info.csv else -1


def _has_lines(path: str, cache: Cache) -> bool:
    with open(path, "rb") as file:
        lines = (file.read(length) for length in np.diff(cache.lines).tolist())
        return all(line_digest(line) == kept.tobytes() for line, kept in zip(lines, cache.line_digests, strict=True))
