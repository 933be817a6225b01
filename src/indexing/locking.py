"""Step 2, index: what an index path names, and the lock of that: an index is written by one run at a time."""

from .. import indexfile
from ..indexfile import Journal
from .filetarget import FileTarget
from .foldertarget import FolderTarget, WriteShards
from .target import Target


def target_of(index_path: str, shard_size: int | None = None, write_shards: WriteShards = map) -> Target:
    """Return what an index path names, to be written; for what is only of shards, see `FolderTarget`."""
    path = indexfile.csv_path(index_path)
    if indexfile.is_folder(path):
        return FolderTarget(path, shard_size, write_shards)
    return FileTarget(path)


def lock_index(index_path: str, key: str, dimension: int, *, fresh: bool = False) -> Journal:
    """Take the lock of an index; see `Target.lock`."""
    return target_of(index_path).lock(key, dimension, fresh=fresh)
