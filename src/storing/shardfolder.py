"""Step 2, index: the folder that an index of shards is, on this machine or wherever a URL leads to."""

import os
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager

from ..atomicfile import replacing
from .openedfile import open_regular
from .paths import MANIFEST, remove_if_there


class ShardFolder(ABC):
    """A folder whose files are replaced as a whole; it can be pickled, so workers on other machines get it, too.

    All that goes wrong is an OSError, a file that is not there a FileNotFoundError. Names are relative to the folder,
    with `/`.

    Attributes
    ----------
    address : str
        What people call it: its path or URL, with `/` at its end.
    is_local : bool
        Whether its files lie on a file system of this machine, so that they can be mapped and locked.
    """

    address: str
    is_local: bool

    @property
    def like(self) -> str | None:
        """The file whose permissions and group new ones get, if it is there: each shard is as private as the index."""
        return None

    @abstractmethod
    def read(self, name: str) -> bytes:
        """Return the content of a file."""

    @abstractmethod
    def replace(self, name: str, data: bytes) -> None:
        """Write a file, in one step for whoever reads it."""

    @abstractmethod
    def names(self, below: str = "") -> list[str]:
        """Return the names of all files of the folder, or of those below a subfolder, sorted."""

    @abstractmethod
    def remove(self, names: Iterable[str]) -> None:
        """Remove those of some files that are there."""

    @abstractmethod
    def fetch(self, name: str) -> str:
        """Return the path of a file on this machine: itself, or a copy of it as it is now, which is made but once."""

    @abstractmethod
    def new_shard(self, name: str) -> AbstractContextManager[str]:
        """Give a path to write an index file to, its cache, or both; on leaving, these are in the folder by that name.

        Where a shard of that name is there already, it is replaced. After an error there may be anything.
        """

    @abstractmethod
    def working_file(self, name: str) -> str:
        """Return the path of a file of this machine that belongs to the folder and is not in it for others."""


class LocalFolder(ShardFolder):
    """A folder of a file system, perhaps one that several machines share.

    Parameters
    ----------
    path : str
    """

    is_local = True

    def __init__(self, path: str) -> None:
        self._path = os.path.abspath(path)
        self.address = os.path.join(self._path, "")

    @property
    def like(self) -> str:
        return self._place(MANIFEST)

    def read(self, name: str) -> bytes:
        with open_regular(self._place(name)) as file:
            return file.read()

    def replace(self, name: str, data: bytes) -> None:
        place = self._place(name)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        # Two workers may write the same at the same time, if one was taken for dead.
        try:
            with replacing(place, suffix=private_suffix(), like=self.like) as file:
                file.write(data)
        except OSError as error:
            # Of a full disk, the system does not say which; whoever reads it may be on another machine.
            raise named(error, place) from None

    def names(self, below: str = "") -> list[str]:
        found: list[str] = []
        for where, _, names in os.walk(self._place(below)):
            relative = os.path.relpath(where, self._path).replace(os.sep, "/")
            found += [name if relative == os.curdir else f"{relative}/{name}" for name in names]
        return sorted(found)

    def remove(self, names: Iterable[str]) -> None:
        remove_if_there(*map(self._place, names))

    def fetch(self, name: str) -> str:
        return self._place(name)

    @contextmanager
    def new_shard(self, name: str) -> Iterator[str]:
        yield self._place(name)

    def working_file(self, name: str) -> str:
        return self._place(name)

    def _place(self, name: str) -> str:
        return os.path.join(self._path, *name.split("/"))


def private_suffix() -> str:
    """Return the end of a name that nobody else writes to; what ends in it may be removed by the next run."""
    return f".{os.getpid():x}-{os.urandom(4).hex()}.new"


def named(error: OSError, place: str) -> OSError:
    """Return an error of the system that says of which file it is, as one of writing does not."""
    return error if error.filename is not None else type(error)(error.errno, error.strerror, place)
