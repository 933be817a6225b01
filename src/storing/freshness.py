"""Step 2, index: which cache belongs to a CSV.

The CSV's stamp decides whether a cache belongs to it: size, times and, where those leave a doubt, a digest of its
lines. A cache that does not belong to it is not used. All functions raise OSError if the CSV cannot be read, and
IndexFileError if it is no regular file.
"""

import os
from functools import partial

import numpy as np

from .append import is_half_appended, undo_half_append
from .cache import Cache, read_cache
from .info import Stamp
from .paths import IndexPaths, remove_if_there
from .rowtext import LONGEST_ROW, are_lines, line_digest


def matching_cache(path: str) -> Cache | None:
    """Return the cache beside an index if it belongs to the CSV as it is now."""
    cache, found = read_cache(path), Stamp.of(path)
    return cache if cache is not None and _belongs(cache, found) else None


def current_cache(path: str) -> Cache | None:
    """Return the cache if it belongs to the CSV as it is, or as it was before an unfinished append."""
    if (cache := matching_cache(path)) is not None:
        return cache
    cache = read_cache(path)
    # A run may end between the first two checks, so the first is repeated.
    return cache if cache is not None and _is_half_appended(cache) else matching_cache(path)


def has_a_line_of(cache: Cache) -> bool:
    """Tell whether the CSV, however damaged, still has a line of the index that a cache was written with."""
    if not os.path.isfile(cache.path):  # to open a pipe would take forever
        return False
    known = set(map(bytes, cache.line_digests))
    with open(cache.path, "rb") as file:
        return any(line_digest(line) in known for line in iter(partial(file.readline, LONGEST_ROW), b""))


def settle_append(path: str) -> None:
    """Undo an append that was interrupted, or clear up after one that was not. The journal must be held."""
    paths = IndexPaths(path)
    cache, found = read_cache(path), Stamp.of(path)
    if cache is not None and not _belongs(cache, found) and _is_half_appended(cache):
        undo_half_append(path, cache.csv.size)
    remove_if_there(paths.adding)
    if cache is None or len(cache) == cache.rows_in_file:
        remove_if_there(paths.added)


def _belongs(cache: Cache, found: Stamp) -> bool:
    # Copied or moved to another place, times change and the bytes do not.
    return cache.csv == found or (cache.csv.size == found.size == cache.lines[-1] and _has_lines(cache))


def _is_half_appended(cache: Cache) -> bool:
    return is_half_appended(cache.path, cache.csv.size) and _has_lines(cache)


def _has_lines(cache: Cache) -> bool:
    if not are_lines(cache.lines, cache.csv.size):
        return False
    with open(cache.path, "rb") as file:
        lines = (file.read(length) for length in np.diff(cache.lines).tolist())
        return all(line_digest(line) == kept.tobytes() for line, kept in zip(lines, cache.line_digests, strict=True))
