"""Step 2, index: open an index. The CSV is the index; the cache beside it only saves time.

Whether a cache belongs to its CSV is decided by the CSV's stamp: size, times and, where those leave a doubt, a digest
of its lines. A cache that does not belong to it is not used.
"""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from src.csvappend import forget_append, is_half_appended, undo_half_append
from src.csvstamp import file_stamp, line_digest
from src.errors import IndexFileError
from src.features import Features
from src.indexcache import CACHE_SUFFIX, Cache, read_cache

if TYPE_CHECKING:
    from src.csvreader import Progress


class Index(NamedTuple):
    """An opened index."""

    ids: Sequence[str]
    """Image ids, in the order of the rows."""
    features: Features
    folder: str | None
    """The dataset folder, where it is known."""
    full_resolution: bool
    """Whether the images were decoded in full to be described."""


def open_index(path: str, descriptor: str, dimension: int, progress: "Progress | None" = None) -> Index:
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
        cache = current_cache(path)
        if cache is None:
            from src.foreignindex import parse_index  # not needed by most searches, which begin sooner without

            cache = parse_index(path, descriptor, dimension, progress)
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
    cache = read_cache(path + CACHE_SUFFIX)
    if cache is None:
        file_stamp(path)
        return None
    kept, found = cache.about["csv"], file_stamp(path)
    if all(kept[name] == value for name, value in found.items()):
        return cache
    # Copied or moved to another place, times change and the bytes do not.
    return cache if kept["size"] == found["size"] and _has_lines(path, cache) else None


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
