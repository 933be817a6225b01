"""Step 2, index: what an index path names, and the lock of that: an index is written by one run at a time."""

import os

from .. import indexfile
from ..errors import IndexFileError
from ..indexfile import Journal
from .filetarget import FileTarget
from .foldertarget import FolderTarget
from .target import Each, Target


def target_of(index_path: str, shard_size: int | None = None, each: Each = map) -> Target:
    """Return what an index path names, to be written; for what is only of shards, see `FolderTarget`.

    Raises
    ------
    IndexFileError
        If it is a folder that is no index, and nobody has said that it shall be one.
    """
    path = indexfile.csv_path(index_path)
    if not indexfile.is_folder(path):
        return FileTarget(path)
    is_meant = indexfile.is_folder(index_path) or indexfile.is_url(index_path)
    if not is_meant and not os.path.exists(path + indexfile.MANIFEST):
        raise IndexFileError(
            f"{index_path} is a folder and is not an index: choose another name for the index, or write {index_path}/ "
            "to make it an index of shards"
        )
    return FolderTarget(path, shard_size, each)


def lock_index(index_path: str, key: str, dimension: int, *, fresh: bool = False) -> Journal:
    """Take the lock of an index; see `Target.lock`."""
    return target_of(index_path).lock(key, dimension, fresh=fresh)
