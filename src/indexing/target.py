"""Step 2, index: what a run writes: an index file, or a folder of shards."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from typing import Any, BinaryIO, NamedTuple, Protocol, TypeVar

from numpy.typing import NDArray

from ..description import Recorder
from ..errors import IndexFileError
from ..indexfile import Cache, FileState, IndexBusy, IndexInfo, Journal, Piece, Place, Sources

Argument = TypeVar("Argument")
Made = TypeVar("Made")


class Each(Protocol):
    """Who does work of which there is much: as `map` does, in this process, or on others."""

    def __call__(self, work: Callable[[Argument], Made], arguments: Iterable[Argument], /) -> Iterable[Made]:
        """Yield what a function makes of each argument, in order; both may be pickled."""


IsVector = Callable[[NDArray[Any]], bool]
"""Tells whether numbers, shape (n,), are a feature vector."""


class Opened(NamedTuple):
    """An index as a run finds it."""

    cache: Cache
    """What it knows of its pictures; all of that is whole, but for the feature vectors."""
    sources: Sequence[tuple[str, Cache]]
    """The index files, by name, whose rows are those of the cache, one after the other."""
    has_text: bool
    """Whether the rows can be copied as they stand."""
    csv: BinaryIO | None = None
    """The CSV of an index file, if rows can be appended to it."""


class KnownContents(Protocol):
    """What is known of pictures, by an index as it was and by a run; see `KnownFiles`."""

    cache: Cache | None

    @property
    def indexed(self) -> Mapping[str, FileState]:
        """The images of the index as it was, and their states."""

    @property
    def told_skips(self) -> bytes:
        """The skips that the last run has told of."""

    def holds(self, states: Mapping[str, FileState]) -> bool:
        """Tell whether the index is of these images already."""

    def pieces(self, states: Mapping[str, FileState]) -> list[Piece]:
        """Return of what an index of these images is made."""

    def sources(self) -> Sources:
        """Open what that is."""

    def flush(self) -> None:
        """Let other processes see what is recorded."""


class Target(ABC):
    """An index that is written.

    Attributes
    ----------
    path : str
        As `indexfile.csv_path` gives it.
    own_files : sequence of str
        Paths of what is not part of a dataset, wherever it lies.
    journal_path : str
        Where the journal is, which is also the lock.
    like : str or None
        A file whose permissions and group it gets, if that is not the index beside it.
    """

    path: str
    own_files: Sequence[str]
    journal_path: str
    like: str | None = None

    @abstractmethod
    def check(self, info: IndexInfo, is_vector: IsVector, *, rebuild: bool) -> None:
        """Raise IndexFileError unless an index that says that of itself may be written here."""

    @abstractmethod
    def exists(self) -> bool:
        """Tell whether there is anything that may be the index."""

    def lock(self, key: str, dimension: int, *, fresh: bool = False) -> Journal:
        """Take the lock of the index: its journal, which is to be closed; for parameters see `Journal`.

        Raises
        ------
        IndexFileError
            If another run writes the index, or nobody can.
        """
        try:
            return Journal(self.journal_path, key, dimension, fresh=fresh, like=self.like)
        except IndexBusy:
            raise IndexFileError(f"{self.path} is being written by another run: wait for it to end") from None
        except OSError as error:
            raise IndexFileError(f"{self.path} cannot be written: {error.strerror}: {self.journal_path}") from None

    @abstractmethod
    def clear_up(self) -> None:
        """Remove what interrupted runs have left; the lock must be held."""

    @abstractmethod
    def open(self, warn: Callable[[str], object]) -> Opened | None:
        """Open the index; None if there is none, or nothing can be known of it. The lock must be held."""

    def recorder(self, key: str, walk_ns: int) -> Recorder | None:
        """Return what takes vectors that the key names, of files found at that time, where they are described."""
        return None

    def share(self, journal: Journal) -> None:  # noqa: B027  # most journals lie where others can read them
        """Put what a run before has recorded on this machine where others can read it, and clear the journal."""

    def recorded(self, key: str, dimension: int) -> Iterable[tuple[Place, FileState]]:
        """Return what a run before has left with it, of such vectors."""
        return ()

    @abstractmethod
    def is_damaged(self) -> bool:
        """Tell whether feature vectors in the caches that were opened are damaged, unless `write` will see that."""

    @abstractmethod
    def open_source(self, name: str, stack: ExitStack) -> tuple[Cache, BinaryIO | None]:
        """Open one of the `Opened.sources`: its cache, and the CSV if rows can be copied from it."""

    @abstractmethod
    def write(self, known: KnownContents, states: Mapping[str, FileState], info: IndexInfo, told: bytes) -> None:
        """Make the index one of these images, sorted by their ids, if it is not that already.

        Parameters
        ----------
        known : KnownContents
            Knows all contents.
        states : mapping of str to FileState
        info : IndexInfo
            What the index will say of itself.
        told : bytes
            Digests of skips, as `ToldSkips` keeps them.
        """

    @abstractmethod
    def close(self, *, finished: bool) -> None:
        """Let go of what is open; if the work is done, or given up for good, also of what was recorded for it.

        The lock must be held: what is recorded may else be that of the next run.
        """

    def withdraw(self) -> None:  # noqa: B027  # most targets have made nothing
        """Remove what was made for an index that did not come to be; nobody holds the lock any more."""
