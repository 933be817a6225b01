"""Step 2, index: a folder of shards that a URL leads to, as in an object store.

What speaks with the storage is fsspec, and the library that fsspec has for the URL: both are extras, and are imported
here and nowhere else.
"""

import errno
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import lru_cache, partial
from typing import Any, NamedTuple

from ..errors import IndexFileError
from .copies import Copies, not_kept
from .shardfolder import ShardFolder, private_suffix
from .urlerrors import one_line, told_as_os_errors, without_password

REQUIREMENTS = "pip install -r requirements-cluster.txt"

# Removing is one request a file.
AT_ONCE = 16

# By any of these a storage tells one version of a file from another.
VERSION_KEYS = (
    "ETag", "etag", "VersionId", "generation", "md5", "md5Hash", "content_md5", "checksum", "content_hash", "mtime",
    "modified", "LastModified", "last_modified", "updated", "modificationTime", "modify", "created",
)  # fmt: skip

# A file may be replaced while it is copied.
TRIES = 5

LOOK_SECONDS = 60

# What the disk of this machine says, not the storage.
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)


class UrlFolder(ShardFolder):
    """A folder of any storage that fsspec speaks with.

    Parameters
    ----------
    url : str
        Such as `s3://bucket/shards`. Where its server is and by which right are told to the library of the storage:
        by environment variables and files of its own.

    Raises
    ------
    IndexFileError
        If the URL has a password in it, or nothing that is installed speaks with such a storage.
    """

    is_local = False

    def __init__(self, url: str) -> None:
        if (shown := without_password(url)) != url:
            raise IndexFileError(
                f"{shown} has a password in it, which others could read: leave it out, and set it as "
                "docs/objectstores.md says"
            )
        start, end = url.split("://", 1)
        # Some servers never answer for a name with two slashes.
        self.address = f"{start.lower()}://{re.sub('(?<=[^:])//+', '/', end.rstrip('/'))}/"
        self._looked = 0.0
        _storage_of(self.address, os.getpid())

    def __getstate__(self) -> dict[str, Any]:
        return {"address": self.address, "_looked": 0.0}

    def read(self, name: str) -> bytes:
        with told_as_os_errors(self.address + name):
            storage = self._storage
            return bytes(storage.files.cat_file(storage.path_of(name)))

    def replace(self, name: str, data: bytes) -> None:
        self._put(name, lambda files, path: files.pipe_file(path, data))

    def names(self, below: str = "") -> list[str]:
        with told_as_os_errors(self.address + below):
            storage = self._storage
            start = storage.path_of("")
            try:
                found = storage.files.find(storage.path_of(below).rstrip("/"))
            except FileNotFoundError as error:
                if error.__cause__ is not None:  # a bucket that is not there
                    raise
                return []
        inside = (path[len(start) :] for path in found if path.startswith(start))
        # Some show a folder as an empty file.
        return sorted(name for name in inside if name and not name.endswith("/"))

    def remove(self, names: Iterable[str]) -> None:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(self._remove, names))

    def _remove(self, name: str) -> None:
        with suppress(FileNotFoundError), told_as_os_errors(self.address + name):
            storage = self._storage
            storage.files.rm_file(storage.path_of(name))

    def fetch(self, name: str) -> str:
        copies = Copies(self.address)
        for _ in range(TRIES):
            version, size = self._version(name)

            def make(path: str, version: str = version, size: int | None = size) -> None:
                self._load(name, path)
                if size is not None and os.path.getsize(path) != size or self._version(name)[0] != version:
                    raise _Changed

            try:
                path, is_new = copies.copy(name, version, make)
            except _Changed:
                continue
            if is_new:
                self._remove_old_copies(copies)
            return path
        raise OSError(
            errno.EBUSY, "was replaced again and again while it was copied: try once more", self.address + name
        )

    def _version(self, name: str) -> tuple[str, int | None]:
        """Return a text that names the content of a file, and its size if that is told."""
        with told_as_os_errors(self.address + name):
            storage = self._storage
            about = storage.files.info(storage.path_of(name))
            if about.get("type") == "directory":
                raise FileNotFoundError(name)
        told = [f"{key}={about[key]}" for key in (*VERSION_KEYS, "size") if about.get(key) not in (None, "")]
        # Where nothing is told of versions, each copy is one.
        return "\n".join(told) if len(told) > 1 else os.urandom(8).hex(), about.get("size")

    def _load(self, name: str, path: str) -> None:
        with told_as_os_errors(self.address + name):
            storage = self._storage
            try:
                storage.files.get_file(storage.path_of(name), path)
            except OSError as error:
                if error.errno in FULL:
                    raise not_kept(error, os.path.dirname(os.path.dirname(path))) from None
                raise

    def _remove_old_copies(self, copies: Copies) -> None:
        """Remove copies of files that the folder has no more, every now and then."""
        if time.monotonic() < self._looked + LOOK_SECONDS:
            return
        self._looked = time.monotonic()
        with suppress(OSError):
            copies.keep_only(self.names())

    @contextmanager
    def new_shard(self, name: str) -> Iterator[str]:
        with Copies(self.address).scratch_file(name) as path:
            yield path
            for end in (".lists", ".cache", ""):
                if os.path.exists(path + end):
                    self._put(name + end, partial(_upload, path + end))

    def working_file(self, name: str) -> str:
        return Copies(self.address).working_file(name)

    def _put(self, name: str, put: Callable[[Any, str], object]) -> None:
        with told_as_os_errors(self.address + name):
            storage = self._storage
            path = storage.path_of(name)
            if not storage.renames:
                # An object store takes an object as a whole, or not at all.
                put(storage.files, path)
                return
            storage.files.makedirs(path.rpartition("/")[0], exist_ok=True)
            unfinished = path + private_suffix()
            try:
                put(storage.files, unfinished)
                storage.files.mv(unfinished, path)
            except BaseException:
                with suppress(Exception):
                    storage.files.rm_file(unfinished)
                raise

    @property
    def _storage(self) -> "_Storage":
        # Connections do not survive a fork.
        return _storage_of(self.address, os.getpid())


class _Changed(Exception):
    """A file was replaced while it was copied."""


class _Storage(NamedTuple):
    """What fsspec knows of a folder."""

    files: Any
    """The file system: fsspec has no types."""
    root: str
    """The path of the folder there, without `/` at its end."""
    renames: bool
    """Whether it has a way to rename files; an object store has none."""

    def path_of(self, name: str) -> str:
        return f"{self.root}/{name}"


def _upload(here: str, files: Any, there: str) -> None:
    files.put_file(here, there)


@lru_cache(maxsize=64)
def _storage_of(address: str, process: int) -> _Storage:
    """Return what speaks with the storage of a folder: all folders of an address share its connections."""
    try:
        import fsspec
    except ImportError:
        raise IndexFileError(f"{address} needs a library that is not installed: {REQUIREMENTS}") from None
    protocol = address.partition("://")[0]
    try:
        # Not the instance that others have: the listings that it keeps would not show what other machines write.
        files, root = fsspec.core.url_to_fs(address, skip_instance_cache=True)
        files.dircache.use_listings_cache = False
    except ImportError as error:
        library = _library_of(protocol)
        what = f"pip install {library}" if library else one_line(error)
        raise IndexFileError(f"{address} needs a library that is not installed: {what}") from None
    except Exception as error:
        raise IndexFileError(f"{address} cannot be opened: {one_line(error)}") from error
    renames = type(files).mv is not fsspec.AbstractFileSystem.mv
    return _Storage(files, root.rstrip("/"), renames)


def _library_of(protocol: str) -> str | None:
    """Return the name of the package that speaks with a storage, by the module that fsspec has noted for it."""
    from fsspec.registry import known_implementations

    known = known_implementations.get(protocol.lower(), {}).get("class", "")
    module = str(known).partition(".")[0]
    return module if module and module != "fsspec" else None
