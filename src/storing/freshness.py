"""Step 2, index: which cache belongs to a CSV.

Whether a cache belongs to its CSV is decided by the CSV's stamp: size, times and, where those leave a doubt, a digest
of its lines. A cache that does not belong to it is not used.
"""

import os
from contextlib import suppress

import numpy as np

from .append import forget_append, is_half_appended, undo_half_append
from .cache import ADDED_SUFFIX, CACHE_SUFFIX, Cache, read_cache
from .stamp import file_stamp, line_digest


def matching_cache(path: str) -> Cache | None:
    """Return the cache beside an index if it belongs to the CSV as it is now.

    Raises
    ------
    OSError
        If the CSV cannot be read.
    """
    cache = read_cache(path + CACHE_SUFFIX)
    if cache is None:
        file_stamp(path)
        return None
    kept, found = cache.about["csv"], file_stamp(path)
    if all(kept[name] == value for name, value in found.items()):
        return cache
    # Copied or moved to another place, times change and the bytes do not.
    return cache if kept["size"] == found["size"] == cache.lines[-1] and _has_lines(path, cache) else None


def current_cache(path: str) -> Cache | None:
    """Return the cache beside an index if it belongs to the CSV as it is now, or as it was before a run, which is on or
    has died, began to append to it.

    Raises
    ------
    OSError
        If the CSV cannot be read.
    """
    # Between the first two looks, a run may have ended.
    return matching_cache(path) or _half_appended_cache(path) or matching_cache(path)


def _half_appended_cache(path: str) -> Cache | None:
    cache = read_cache(path + CACHE_SUFFIX)
    if cache is None or not is_half_appended(path, cache.about["csv"]["size"]):
        return None
    return cache if _has_lines(path, cache) else None


def settle_append(path: str) -> None:
    """Undo an append that was not finished, or forget one that was. The caller holds the journal of this index."""
    if matching_cache(path) is None and (cache := _half_appended_cache(path)) is not None:
        undo_half_append(path, cache.about["csv"]["size"])
    forget_append(path)
    cache = read_cache(path + CACHE_SUFFIX)
    if cache is None or len(cache.ids) == cache.rows_in_file:
        forget_added_rows(path)


def forget_added_rows(path: str) -> None:
    """Remove the cache of rows that were appended, when it belongs to no cache. The caller holds the journal."""
    with suppress(FileNotFoundError):
        os.remove(path + CACHE_SUFFIX + ADDED_SUFFIX)


def _has_lines(path: str, cache: Cache) -> bool:
    with open(path, "rb") as file:
        lines = (file.read(length) for length in np.diff(cache.lines).tolist())
        return all(line_digest(line) == kept.tobytes() for line, kept in zip(lines, cache.line_digests, strict=True))


def known_folder(path: str, cache: Cache) -> str | None:
    """Return the dataset folder of an index: where it was, or beside the index if both were moved together."""
    folder, relative = cache.about.get("folder"), cache.about.get("relative_folder")
    if relative is not None:
        moved_along = os.path.normpath(os.path.join(os.path.dirname(os.path.realpath(path)), relative))
        if os.path.isdir(moved_along):
            return moved_along
    return folder
