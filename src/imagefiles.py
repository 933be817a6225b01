"""Find the files of a dataset folder: this neither loops, blocks nor fails on odd entries.

Nothing here looks into a file: whether one is a picture is decided from its content, by `src.imagereader`.
A name may hold any bytes the system allows; they travel as Python's surrogate escapes (`os.fsdecode`).
This module must stay quick to import: no OpenCV, no Pillow, no numpy.
"""

import os
import stat
from collections.abc import Collection, Iterator
from contextlib import suppress
from typing import NamedTuple

from .errors import LINK, explain_mode, explain_os_error

# What systems put into folders for themselves, in lower case: the recycle bins, snapshots and thumbnails of Windows,
# Synology and QNAP, what macOS adds to archives, what a disk check has found. Other hidden entries start with a dot.
_HIDDEN_NAMES = frozenset({
    "$recycle.bin", "recycler", "#recycle", "@recycle", "#snapshot", "@recently-snapshot", "@eadir", "__macosx",
    "system volume information", "lost+found",
})  # fmt: skip
_FILE_ATTRIBUTE_HIDDEN = 0x2  # winnt.h


class FoundFile(NamedTuple):
    """A regular file (or a link to one) of the dataset."""

    id: str
    path: str
    size: int
    mtime_ns: int
    ctime_ns: int


class Skip(NamedTuple):
    """An entry of the dataset that cannot be indexed: its id, a category, and one line that says why."""

    id: str
    kind: str
    reason: str
    told_before: bool = False
    """Whether the run before has told of it already."""


class Folder(NamedTuple):
    """What a walk found: files and skips, each sorted by id, and the number of hidden entries left out."""

    files: list[FoundFile]
    skips: list[Skip]
    hidden: int


def find_files(folder: str, *, hidden: bool = False, leave_out: Collection[str] = ()) -> Folder:
    """List the files below a folder.

    Real folders are walked first. Links to folders follow, in order of their ids, each folder once. A link to one that
    was walked already is a skip, so links can neither loop nor list a picture twice. Links to files count as files.

    Parameters
    ----------
    folder : str
    hidden : bool
        Whether to take hidden files and folders too: names that start with a dot, what Windows marks as hidden, and
        folders of the system, such as recycle bins, in upper or lower case.
    leave_out : collection of str
        Paths of files that are not part of the dataset, such as the index itself.

    Raises
    ------
    FileNotFoundError, NotADirectoryError, PermissionError
        If the folder itself cannot be listed.
    """
    walk = _Walk(hidden, leave_out)
    os.scandir(folder).close()
    walk.visit(folder, "")
    while walk.links:
        walk.links.sort(key=lambda link: link[1], reverse=True)
        walk.visit(*walk.links.pop())
    return Folder(sorted(walk.files), sorted(walk.skips), walk.hidden_count)


class _Walk:
    """One walk over a dataset folder, and what it has found so far."""

    def __init__(self, hidden: bool, leave_out: Collection[str]) -> None:
        self.files: list[FoundFile] = []
        self.skips: list[Skip] = []
        self.hidden_count = 0
        self.links: list[tuple[str, str]] = []
        self._take_hidden = hidden
        self._left_out = set(_identities(leave_out))
        self._visited: set[tuple[int, int]] = set()

    def visit(self, top: str, top_id: str) -> None:
        """Walk a folder and the real folders below it; put links to folders aside."""
        waiting = [(top, top_id)]
        while waiting:
            path, id_ = waiting.pop()
            try:
                self._list(path, id_, waiting)
            except OSError as error:
                self.skips.append(Skip(id_ or ".", *explain_os_error(error)))

    def _list(self, path: str, folder_id: str, waiting: list[tuple[str, str]]) -> None:
        status = os.stat(path)
        identity = (status.st_dev, status.st_ino)
        if identity in self._visited and status.st_ino:
            self.skips.append(Skip(folder_id, LINK, "a link to a folder that is already indexed"))
            return
        self._visited.add(identity)
        prefix = f"{folder_id}/" if folder_id else ""
        with os.scandir(path) as entries:
            for entry in entries:
                id_ = prefix + entry.name
                try:
                    # One stat an entry, of what a link leads to.
                    self._sort(entry, id_, entry.stat(), waiting)
                except OSError as error:
                    self._skip_entry(entry, id_, error)

    def _sort(self, entry: os.DirEntry[str], id_: str, status: os.stat_result, waiting: list[tuple[str, str]]) -> None:
        if not self._take_hidden and _is_hidden(entry.name, status):
            self.hidden_count += 1
        elif stat.S_ISREG(status.st_mode):
            if not self._is_left_out(entry.path, status):
                self.files.append(FoundFile(id_, entry.path, status.st_size, status.st_mtime_ns, status.st_ctime_ns))
        elif stat.S_ISDIR(status.st_mode):
            (self.links if entry.is_symlink() else waiting).append((entry.path, id_))
        else:
            self.skips.append(Skip(id_, *explain_mode(status.st_mode)))

    def _is_left_out(self, path: str, status: os.stat_result) -> bool:
        # Windows gives no inode with a listing; there the path must do.
        return ((status.st_dev, status.st_ino) if status.st_ino else os.path.abspath(path)) in self._left_out

    def _skip_entry(self, entry: os.DirEntry[str], id_: str, error: OSError) -> None:
        if not self._take_hidden and _is_hidden(entry.name, None):
            self.hidden_count += 1
        elif isinstance(error, FileNotFoundError) and entry.is_symlink():
            self.skips.append(Skip(id_, LINK, "a link that leads nowhere"))
        else:
            self.skips.append(Skip(id_, *explain_os_error(error)))


def _identities(paths: Collection[str]) -> Iterator[object]:
    for path in paths:
        yield os.path.abspath(path)
        with suppress(OSError):
            status = os.stat(path)
            yield status.st_dev, status.st_ino


def _is_hidden(name: str, status: os.stat_result | None) -> bool:
    is_marked = getattr(status, "st_file_attributes", 0) & _FILE_ATTRIBUTE_HIDDEN
    return name.startswith(".") or name.lower() in _HIDDEN_NAMES or bool(is_marked)
