"""Step 2, index: where the files of an index are, and which of them are this program's to write and to remove."""

import errno
import os
import re
import stat
from contextlib import suppress
from typing import BinaryIO

from ..atomicfile import unfinished_name
from ..errors import IndexFileError

# How all of them begin but the CSV itself and what is not finished.
START = b"image similarity"

JOURNAL_SUFFIX = ".partial"

# Of an index of shards: what says of which it is made, the skips that people were told of, and below which name the
# workers of a cluster leave what they have described.
MANIFEST, TOLD_SKIPS, DESCRIBED = "manifest.json", "told-skips", "described"
# What an unfinished run over it has done on this machine; also its lock.
FOLDER_JOURNAL = "index.partial"

BLOCK_BYTES = 1 << 16

_URL = re.compile("[a-z][a-z0-9+.-]+://", re.IGNORECASE)


def csv_path(path: str) -> str:
    """Return where the index that a user names really is: a CSV, or the folder of an index of shards, ending in `/`.

    IndexFileError is raised for the URL of a file on another machine.
    """
    if is_url(path):
        local = local_path(path)
        if local is None:
            return path if path.endswith("/") else f"{path}/"
        path = os.path.join(local, "")
    real = os.path.realpath(path)
    return os.path.join(real, "") if path.endswith(("/", os.sep)) or os.path.isdir(real) else real


def is_url(path: str) -> bool:
    """Tell whether a path is a URL, as of an object store."""
    return _URL.match(path) is not None


def local_path(url: str) -> str | None:
    """Return the path that a URL of a file on this machine names; None for any other URL.

    Raises
    ------
    IndexFileError
        If it is on another machine, or no path at all.
    """
    if not url.lower().startswith("file://"):
        return None
    from urllib.parse import unquote_to_bytes, urlsplit  # most runs do without

    parts = urlsplit(url)
    if parts.netloc not in ("", "localhost"):
        raise IndexFileError(f"{url} names another machine, {parts.netloc}: write file:/// and a path of this one")
    # Names have bytes, which need not be of UTF-8.
    path = os.fsdecode(unquote_to_bytes(os.fsencode(url[url.index("://") + 3 :].removeprefix("localhost"))))
    if "\0" in path:
        raise IndexFileError(f"{url} names no path: there is a %00 in it")
    return path


def is_folder(path: str) -> bool:
    """Tell whether a path that `csv_path` has given is that of an index of shards."""
    return path.endswith(("/", os.sep))


def name_of(path: str) -> str:
    """Return what an index is called among others: the last part of its path or URL."""
    return os.path.basename((path if is_url(path) else os.path.abspath(path)).rstrip("/"))


class IndexPaths:
    """The files of one index: its CSV, and what may lie beside that."""

    def __init__(self, csv: str) -> None:
        self.csv = csv
        # The same in binary form, and what is known of the image files; then the same of the rows that follow those.
        self.cache, self.added = csv + ".cache", csv + ".cache.added"
        # What makes searching the first of the two quicker.
        self.lists = csv + ".lists"
        # The rows that a run is appending to the CSV.
        self.adding = csv + ".adding"
        # What an unfinished run has done; also the lock of the index.
        self.journal = csv + JOURNAL_SUFFIX
        # The files beside the CSV, except the journal.
        self.derived = [self.cache, self.added, self.lists, self.adding]

    @property
    def unfinished(self) -> list[str]:
        """What an interrupted run may have left."""
        return [unfinished_name(path) for path in (self.csv, *self.derived)]

    @property
    def all(self) -> list[str]:
        """Whatever belongs to the index."""
        return [self.csv, *self.derived, *self.unfinished, self.journal]


def remove_if_there(*paths: str) -> None:
    """Remove files of an index that have served; its journal must be held."""
    for path in paths:
        with suppress(FileNotFoundError):
            os.remove(path)


def skip_hole(file: BinaryIO) -> None:
    """Move on to the next bytes of a file that are on the disk, or to its end, where the system can tell."""
    if not hasattr(os, "SEEK_DATA"):
        return
    try:
        file.seek(file.tell(), os.SEEK_DATA)
    except OSError as error:
        if error.errno == errno.ENXIO:
            file.seek(0, os.SEEK_END)


def is_ours(path: str) -> bool:
    """Tell whether a file may be written anew: it is not there, or empty, or a power cut left zeros, or it is ours."""
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return False
        with open(path, "rb") as file:
            start = file.read(BLOCK_BYTES)
            if start.startswith(START):
                return True
            # Zeros are followed to their end: other files begin with some. Holes of a file are zeros nobody wrote.
            while start and not start.strip(b"\0"):
                skip_hole(file)
                start = file.read(BLOCK_BYTES)
            return not start
    except FileNotFoundError:
        return True
