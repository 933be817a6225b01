"""Step 2, index: the files whose times and sizes tell that an index has changed, for whoever looks often."""

from ..errors import IndexFileError
from .addresses import folder_of
from .manifest import read_manifest
from .paths import MANIFEST, IndexPaths, csv_path, is_folder, is_url


def telling_files(index_path: str) -> list[str]:
    """Return the files of this machine that are others when an index is, or what is known of its pictures.

    Those of shards are the manifest and the caches of the shards that it names now. Of a URL there are none.
    """
    path = csv_path(index_path)
    if is_url(path):
        return []
    if not is_folder(path):
        paths = IndexPaths(path)
        # Where a CSV is appended to, its cache is the last to change.
        return [paths.csv, paths.cache, paths.added]
    try:
        manifest = read_manifest(folder_of(path))
    except (IndexFileError, OSError):
        manifest = None
    shards = [] if manifest is None else manifest.shards
    return [path + MANIFEST, *(IndexPaths(path + shard.name).cache for shard in shards)]
