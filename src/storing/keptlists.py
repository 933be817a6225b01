"""Step 2, index: keep beside an index what makes searching it quicker, where its rows have any use for that."""

from contextlib import suppress

from ..atomicfile import replacing
from ..distance import by_name
from .cachefile import read_file
from .listsfile import lists_head, read_lists
from .paths import IndexPaths, remove_if_there


def keep_lists(path: str, distance: str, suffix: str | None = None, like: str | None = None) -> None:
    """Make the lists of an index, unless they are there; remove those of rows that have no use for any.

    The index is as good without: what cannot be written is left out, and made by the next run.

    Parameters
    ----------
    path : str
        The CSV. Its cache is whole, and the caller holds its journal.
    distance : str
        The name of what compares its rows.
    suffix, like : str, optional
        As of `writer.write_index`.
    """
    paths = IndexPaths(path)
    # Most rows have no use for any, and their cache need not be opened once more.
    cache = read_file(paths.cache) if by_name(distance).keeps_lists else None
    with suppress(OSError):
        if cache is None or not cache.rows.gain_by_lists:
            remove_if_there(paths.lists)
        elif read_lists(paths.lists, cache.rows.contents) is None and (kept := cache.rows.listed()) is not None:
            with replacing(paths.lists, suffix, like or path) as file:
                file.write(lists_head(cache.rows.contents, kept))
                file.write(kept)
