"""Step 2, index: which folder an address leads to."""

from urllib.parse import unquote, urlsplit

from ..errors import IndexFileError
from .paths import is_folder, is_url
from .shardfolder import LocalFolder, ShardFolder


def folder_of(path: str) -> ShardFolder:
    """Return the folder that an index is, by its path or URL."""
    if is_url(path):
        from .urlfolder import UrlFolder  # what it stands on is an extra

        local = local_path(path)
        return UrlFolder(path) if local is None else LocalFolder(local)
    assert is_folder(path)
    return LocalFolder(path)


def local_path(url: str) -> str | None:
    """Return the path that a URL of a file on this machine names; None for any other URL.

    Raises
    ------
    IndexFileError
        If it is on another machine.
    """
    parts = urlsplit(url)
    if parts.scheme.lower() != "file":
        return None
    if parts.netloc not in ("", "localhost"):
        raise IndexFileError(f"{url} names another machine, {parts.netloc}: write file:/// and a path of this one")
    return unquote(url[url.index("://") + 3 :].removeprefix("localhost"))
