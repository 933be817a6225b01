"""Step 2, index: open an index. The CSV is the index; the cache beside it only saves time."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from .comparing.sparserows import Features
from .errors import IndexFileError
from .storing.freshness import current_cache, known_folder

if TYPE_CHECKING:
    from .storing.csvreader import Progress


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
            from .storing.foreignindex import parse_index  # not needed by most searches, which begin sooner without

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
