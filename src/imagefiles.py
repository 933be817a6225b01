"""Find the files of a dataset folder: this neither loops, blocks nor fails on odd entries.

Nothing here looks into a file: whether one is a picture is decided from its content, by `src.imagereader`.
A name may hold any bytes the system allows; they travel as Python's surrogate escapes (`os.fsdecode`).
This module must stay quick to import: no OpenCV, no Pillow, no numpy.
"""

import os
import stat
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple

from .errors import LINK, explain_mode, explain_os_error
from .imageignore import NAME as IGNORE_NAME
from .imageignore import Exclusions, exclusions_of, with_ignore_file

# What systems put into folders for themselves, in lower case: the recycle bins, snapshots and thumbnails of Windows,
# Synology and QNAP, what macOS adds to archives, what a disk check has found. Other hidden entries start with a dot.
_HIDDEN_NAMES = frozenset({
    "$recycle.bin", "recycler", "#recycle", "@recycle", "#snapshot", "@recently-snapshot", "@eadir", "__macosx",
    "system volume information", "lost+found",
})  # fmt: skip
ALREADY_INDEXED = "a link to a folder that is already indexed"
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
    """What a walk found: files and skips, each sorted by id, and how many hidden and excluded entries it left out."""

    files: list[FoundFile]
    skips: list[Skip]
    hidden: int
    excluded: int
    idle: list[str]
    """The patterns that were given and have left out nothing."""
    left_out: list[str]
    """Ids of files and folders that were not looked at, by choice."""


def find_files(
    folder: str,
    *,
    hidden: bool = False,
    leave_out: Collection[str] = (),
    exclude: Sequence[str] = (),
    recursive: bool = True,
    only: Collection[str] | None = None,
) -> Folder:
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
        Paths of files and folders that are not part of the dataset, such as the index itself.
    exclude : sequence of str
        Patterns of what is left out, as `imageignore` has them.
    recursive : bool
        Whether to enter subfolders.
    only : collection of str, optional
        Ids of folders: what is elsewhere is not looked at.

    Raises
    ------
    ExpectedError
        If a pattern, or an `.imageignore` file, cannot be used.
    FileNotFoundError, NotADirectoryError, PermissionError
        If the folder itself cannot be listed.
    """
    walk = _Walk(hidden, leave_out, recursive, None if only is None else _Part(folder, only))
    os.scandir(folder).close()
    exclusions = exclusions_of(exclude)
    walk.visit(_Place("", folder, exclusions))
    while walk.links:
        walk.links.sort(reverse=True, key=lambda link: link.id)
        walk.visit(walk.links.pop())
    idle = exclusions.idle() if exclusions is not None else []
    return Folder(sorted(walk.files), sorted(walk.skips), walk.hidden_count, walk.excluded_count, idle, walk.left_out)


class _Place(NamedTuple):
    """A folder to list."""

    id: str
    path: str
    exclusions: Exclusions | None
    """What is left out in it, if anything; what its own `.imageignore` says comes when it is listed."""


class _Walk:
    """One walk over a dataset folder, and what it has found so far."""

    def __init__(self, hidden: bool, leave_out: Collection[str], recursive: bool, part: "_Part | None") -> None:
        self.files: list[FoundFile] = []
        self.skips: list[Skip] = []
        self.left_out: list[str] = []
        self.hidden_count = self.excluded_count = 0
        self.links: list[_Place] = []
        self._take_hidden = hidden
        self._is_recursive = recursive
        self._part = part
        self._own = set(_identities(leave_out))
        self._visited: set[tuple[int, int]] = set()

    def visit(self, top: _Place) -> None:
        """Walk a folder and the real folders below it; put links to folders aside."""
        waiting = [top]
        while waiting:
            place = waiting.pop()
            try:
                self._list(place, waiting)
            except OSError as error:
                self.skips.append(Skip(place.id or ".", *explain_os_error(error)))

    def _list(self, place: _Place, waiting: list[_Place]) -> None:
        status = os.stat(place.path)
        identity = (status.st_dev, status.st_ino)
        if identity in self._visited and status.st_ino:
            self.skips.append(Skip(place.id, LINK, ALREADY_INDEXED))
            return
        self._visited.add(identity)
        prefix = f"{place.id}/" if place.id else ""
        with os.scandir(place.path) as listing:
            entries = list(listing)
        exclusions = place.exclusions
        if any(entry.name == IGNORE_NAME for entry in entries):
            exclusions = with_ignore_file(exclusions, os.path.join(place.path, IGNORE_NAME), place.id)
        for entry in entries:
            id_ = prefix + entry.name
            if self._part is not None and not self._part.leads_to(id_):
                continue
            try:
                # One stat an entry, of what a link leads to.
                status = entry.stat()
                is_folder = stat.S_ISDIR(status.st_mode)
                if is_folder and self._is_own(entry.path, status):
                    continue
                if not self._leaves_out(entry.name, id_, status, exclusions, is_folder=is_folder):
                    if not is_folder:
                        self._take(entry.path, id_, status)
                    elif self._part is not None and entry.is_symlink() and self._part.is_of_dataset(entry.path):
                        self.skips.append(Skip(id_, LINK, ALREADY_INDEXED))
                    elif self._is_recursive:
                        (self.links if entry.is_symlink() else waiting).append(_Place(id_, entry.path, exclusions))
                    else:
                        self.left_out.append(id_)
            except OSError as error:
                # It may be a folder, or a link to one.
                if not self._leaves_out(entry.name, id_, None, exclusions, is_folder=True):
                    self._skip_entry(entry, id_, error)

    def _leaves_out(
        self, name: str, id_: str, status: os.stat_result | None, exclusions: Exclusions | None, *, is_folder: bool
    ) -> bool:
        if not self._take_hidden and _is_hidden(name, status):
            self.hidden_count += name != IGNORE_NAME
            self.left_out.append(id_)
            return True
        if exclusions is not None and exclusions.leaves_out(id_, is_folder=is_folder):
            self.excluded_count += 1
            self.left_out.append(id_)
            return True
        return name == IGNORE_NAME

    def _take(self, path: str, id_: str, status: os.stat_result) -> None:
        if not stat.S_ISREG(status.st_mode):
            self.skips.append(Skip(id_, *explain_mode(status.st_mode)))
        elif not self._is_own(path, status):
            self.files.append(FoundFile(id_, path, status.st_size, status.st_mtime_ns, status.st_ctime_ns))

    def _is_own(self, path: str, status: os.stat_result) -> bool:
        # Windows gives no inode with a listing; there the path must do.
        return ((status.st_dev, status.st_ino) if status.st_ino else os.path.abspath(path)) in self._own

    def _skip_entry(self, entry: os.DirEntry[str], id_: str, error: OSError) -> None:
        if isinstance(error, FileNotFoundError) and entry.is_symlink():
            self.skips.append(Skip(id_, LINK, "a link that leads nowhere"))
        else:
            self.skips.append(Skip(id_, *explain_os_error(error)))


class _Part:
    """The part of a dataset folder that a walk is about."""

    def __init__(self, top: str, ids: Collection[str]) -> None:
        self._ids = tuple(ids)
        self._top = os.path.join(os.path.realpath(top), "")

    def leads_to(self, id_: str) -> bool:
        """Tell whether an entry is in the part, or above it."""
        return any(not one or f"{id_}/".startswith(f"{one}/") or one.startswith(f"{id_}/") for one in self._ids)

    def is_of_dataset(self, link: str) -> bool:
        """Tell whether a link leads to a folder of the dataset, which a walk over all of it would meet first."""
        return os.path.join(os.path.realpath(link), "").startswith(self._top)


def _identities(paths: Collection[str]) -> Iterator[object]:
    for path in paths:
        yield os.path.abspath(path)
        with suppress(OSError):
            status = os.stat(path)
            yield status.st_dev, status.st_ino


def _is_hidden(name: str, status: os.stat_result | None) -> bool:
    is_marked = getattr(status, "st_file_attributes", 0) & _FILE_ATTRIBUTE_HIDDEN
    return name.startswith(".") or name.lower() in _HIDDEN_NAMES or bool(is_marked)
