"""Step 2, index: an index is written by one run at a time, which holds its journal."""

from .. import indexfile
from ..errors import IndexFileError
from ..indexfile import Journal


def lock_index(index_path: str, key: str, dimension: int, *, fresh: bool = False) -> Journal:
    """Take the lock of an index: its journal, which is to be closed.

    Parameters
    ----------
    index_path : str
        The CSV, as `indexfile.csv_path` gives it.
    key, dimension, fresh
        As of `indexfile.Journal`.

    Raises
    ------
    IndexFileError
        If another run writes the index, or nobody can.
    """
    path = indexfile.IndexPaths(index_path).journal
    try:
        return indexfile.Journal(path, key, dimension, fresh=fresh)
    except indexfile.IndexBusy:
        raise IndexFileError(f"{index_path} is being written by another run: wait for it to end") from None
    except OSError as error:
        raise IndexFileError(f"{index_path} cannot be written: {error.strerror}: {path}") from None
