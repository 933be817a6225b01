"""Step 2, index: which folder an address leads to."""

from .paths import is_folder, is_url, local_path
from .shardfolder import LocalFolder, ShardFolder


def folder_of(path: str) -> ShardFolder:
    """Return the folder that an index is, by its path or URL."""
    if is_url(path):
        from .urlfolder import UrlFolder  # what it stands on is an extra

        local = local_path(path)
        return UrlFolder(path) if local is None else LocalFolder(local)
    assert is_folder(path)
    return LocalFolder(path)
