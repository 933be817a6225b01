"""Step 2, index: what an index says of itself and of each file, as its cache keeps it."""

import os
import stat
import time
from typing import Any, NamedTuple

from ..errors import IndexFileError
from ..filebytes import DIGEST_BYTES
from .nametext import local_name, stored_name

# File times move in ticks of up to 10 ms (Linux at 100 Hz). Two ticks after its change time, a file that is changed
# again shows another time, so a stamp taken then cannot be mistaken.
TWO_TICKS_NS = 20_000_000

UNKNOWN_TIME = -(2**63)


class Stamp(NamedTuple):
    """By what a CSV is known to be the one that its cache was written with."""

    size: int
    mtime_ns: int
    ctime_ns: int

    @classmethod
    def of(cls, path: str) -> "Stamp":
        """Return the stamp of a CSV; IndexFileError if it is not a regular file, OSError if it cannot be looked at."""
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            raise IndexFileError(f"{path} is no index: it is not a regular file")
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns)

    @classmethod
    def settled(cls, path: str) -> "Stamp":
        """Return the stamp of a CSV, taken when any later change must show in it."""
        wait = cls.of(path).ctime_ns + TWO_TICKS_NS - time.time_ns()
        # At most that long: the clock of a network drive may be ahead of ours.
        time.sleep(min(max(wait, 0), TWO_TICKS_NS) / 1e9)
        return cls.of(path)


class FileState(NamedTuple):
    """By what a file is known again."""

    size: int
    mtime_ns: int
    """Time of the last change of the content; `UNKNOWN_TIME` if it may change again without showing it."""
    ctime_ns: int
    """Time of the last change of anything, names included; on Windows, of its creation."""
    digest: bytes
    """`DIGEST_BYTES` bytes, of the file's content; see `filebytes.content_digest`."""


NOTHING_KNOWN = FileState(UNKNOWN_TIME, UNKNOWN_TIME, UNKNOWN_TIME, bytes(DIGEST_BYTES))


class IndexInfo(NamedTuple):
    """What an index says of itself."""

    descriptor: str
    """Name of the descriptor that made the feature vectors."""
    dimension: int
    """How many numbers a feature vector has."""
    distance: str = "chi-squared"
    """Name of the distance that compares them. Caches written before there was another one do not say it."""
    key: str | None = None
    """Names all that makes the feature vectors of a picture; None for the index of another program."""
    full_resolution: bool = False
    """Whether large pictures were decoded in full."""
    folder: str | None = None
    """The dataset folder."""
    relative_folder: str | None = None
    """The way from the index to that folder."""

    def as_values(self) -> dict[str, Any]:
        """Return what JSON is made of, the same in every locale."""
        folders = {name: getattr(self, name) for name in ("folder", "relative_folder")}
        return self._asdict() | {name: text and stored_name(text) for name, text in folders.items()}

    @classmethod
    def from_values(cls, values: dict[str, Any]) -> "IndexInfo":
        """Read what JSON made of `as_values`; KeyError or TypeError if a value is missing, or of another kind."""
        info = cls(
            values["descriptor"], values["dimension"], values.get("distance", "chi-squared"), values.get("key"),
            bool(values.get("full_resolution")), values.get("folder"), values.get("relative_folder"),
        )  # fmt: skip
        texts = (info.key, info.folder, info.relative_folder)
        named = (info.descriptor, info.distance, *(text for text in texts if text is not None))
        if not all(isinstance(text, str) for text in named) or not isinstance(info.dimension, int):
            raise TypeError("a value of another kind")
        folders = info.folder and local_name(info.folder), info.relative_folder and local_name(info.relative_folder)
        return info._replace(folder=folders[0], relative_folder=folders[1])

    def find_folder(self, csv_path: str) -> str | None:
        """Return the dataset folder: where it was, or beside the index if both were moved together."""
        if self.relative_folder is not None:
            beside = os.path.join(os.path.dirname(os.path.realpath(csv_path)), self.relative_folder)
            if os.path.isdir(beside := os.path.normpath(beside)):
                return beside
        return self.folder

    def is_of_same_vectors(self, other: "IndexInfo") -> bool:
        """Tell whether two infos are of vectors that can be compared and stored together."""
        return self[:3] == other[:3]  # descriptor, dimension, distance

    def is_of_same_folder(self, other: "IndexInfo") -> bool:
        """Tell whether two infos, of one index at different times, name the same folder."""
        # A drive may be found elsewhere another day; if the index is on it, the way from one to the other is the same.
        return self.folder == other.folder or self.relative_folder == other.relative_folder is not None
