"""Step 2, index: copies on this machine of files that lie elsewhere, as only files of this machine can be mapped."""

import errno
import os
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from urllib.parse import quote

from ..usercache import usual_cache
from .lock import IndexBusy, open_locked, remove_locked

# Copies of a folder that nobody has asked for so long are removed, whatever folder is in use.
UNUSED_SECONDS = 30 * 86_400
# What is older was left by a process that died.
UNFINISHED_SECONDS = 86_400
MOMENT_SECONDS = 600

WAIT_SECONDS = 0.05

# What is no copy: the folder of working files, and what ends in these.
OWN, NEW, LOCK = "own", ".new", ".lock"


class Copies:
    """Copies of the files of one folder that lies elsewhere, in the cache of the user.

    Every version of a file has a name of its own, so a copy that is there is a whole one, and never changes.

    Parameters
    ----------
    address : str
        Of the folder.
    """

    def __init__(self, address: str) -> None:
        self._above = os.path.join(usual_cache(), "folders")
        self._folder = os.path.join(self._above, blake2b(os.fsencode(address), digest_size=10).hexdigest())

    def copy(self, name: str, version: str, make: Callable[[str], None]) -> tuple[str, bool]:
        """Return the path of a copy, and whether it was made just now.

        Parameters
        ----------
        name : str
            Of the file, in its folder.
        version : str
            Names its content.
        make : callable
            Writes the content to a path. What it raises is raised here, and there is no copy then.
        """
        # What the name ends in stays: it tells what is in the file.
        digest = blake2b(os.fsencode(f"{name}\0{version}"), digest_size=10).hexdigest()
        path = os.path.join(self._made_folder(), f"{digest}-{_flat(name)}")
        while not _is_in_use(path):
            # Two processes of a machine share what one of them copies.
            try:
                with open_locked(path + LOCK, like=path) as lock:
                    if not _is_in_use(path):
                        self._make(path, make)
                        remove_locked(path + LOCK, lock)
                        return path, True
                    remove_locked(path + LOCK, lock)
            except IndexBusy:
                time.sleep(WAIT_SECONDS)
        return path, False

    def _make(self, path: str, make: Callable[[str], None]) -> None:
        with self.scratch_file() as new:
            make(new)
            os.replace(new, path)

    @contextmanager
    def scratch_file(self, name: str = "file") -> Iterator[str]:
        """Give a path in a folder of its own, which is removed with all that is in it."""
        folder = os.path.join(self._made_folder(), f"{os.getpid():x}-{os.urandom(4).hex()}{NEW}")
        os.mkdir(folder, 0o700)
        try:
            yield os.path.join(folder, _flat(name))
        finally:
            _remove_folder(folder)

    def working_file(self, name: str) -> str:
        """Return the path of a file that belongs to the folder and is on this machine alone."""
        own = os.path.join(self._made_folder(), OWN)
        os.makedirs(own, 0o700, exist_ok=True)
        return os.path.join(own, _flat(name))

    def keep_only(self, names: Collection[str]) -> None:
        """Remove the copies of all files but these, and what nobody uses any more. Who has opened one still has it."""
        kept, now = {_flat(name) for name in names}, time.time()
        seen: set[str] = set()
        for used, entry in sorted(_by_use(self._folder), key=lambda one: one[0], reverse=True):
            name = entry.name.partition("-")[2]
            # Of two versions, the older one may have been asked for just now, and not be open yet.
            if name not in kept or (name in seen and used < now - MOMENT_SECONDS):
                _remove(entry.path)
            seen.add(name)
        for folder in _entries(self._above):
            for used, entry in _by_use(folder.path):
                if used < now - UNUSED_SECONDS:
                    _remove(entry.path)
            for entry in _entries(folder.path):
                with suppress(OSError):
                    if entry.name.endswith((NEW, LOCK)) and entry.stat().st_mtime < now - UNFINISHED_SECONDS:
                        _remove_folder(entry.path) if entry.is_dir() else _remove(entry.path)

    def _made_folder(self) -> str:
        try:
            os.makedirs(self._folder, 0o700, exist_ok=True)
        except OSError as error:
            raise not_kept(error, self._folder) from None
        return self._folder


def not_kept(error: OSError, folder: str) -> OSError:
    """Return what is raised if the disk of this machine takes no copy: never that the file itself is not there."""
    number = error.errno if error.errno not in (None, errno.ENOENT) else errno.ENOTDIR
    return OSError(number, f"no copy can be kept in {folder} ({os.strerror(number)})")


def _flat(name: str) -> str:
    return quote(name, safe=" ")


def _is_in_use(path: str) -> bool:
    """Tell whether a copy is there, and note that somebody asked for it."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    return True


def _entries(folder: str) -> list["os.DirEntry[str]"]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except (FileNotFoundError, NotADirectoryError):
        return []


def _by_use(folder: str) -> Iterator[tuple[float, "os.DirEntry[str]"]]:
    """Yield the copies in a folder, each with when somebody last asked for it."""
    for entry in _entries(folder):
        if entry.name != OWN and not entry.name.endswith((NEW, LOCK)):
            with suppress(FileNotFoundError):
                yield entry.stat().st_mtime, entry


def _remove(path: str) -> None:
    # Windows keeps a file that is open.
    with suppress(FileNotFoundError, PermissionError):
        os.remove(path)


def _remove_folder(folder: str) -> None:
    for entry in _entries(folder):
        _remove(entry.path)
    with suppress(OSError):
        os.rmdir(folder)
