"""Step 2, index: what an index says of itself and of each file, as its cache keeps it."""

import os
import stat
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ..errors import IndexFileError
from ..filebytes import DIGEST_BYTES
from .datasetfolder import DatasetFolder
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
    """The dataset folder, of an index of one folder whose ids are plain."""
    relative_folder: str | None = None
    """The way from the index to that folder."""
    folders: tuple[DatasetFolder, ...] = ()
    """The dataset folders of any other index. A program that does not know of them then knows no folder at all."""

    def as_values(self) -> dict[str, Any]:
        """Return what JSON is made of, the same in every locale."""
        return self._with_names(stored_name)._asdict()

    def _with_names(self, change: Callable[[str], str]) -> "IndexInfo":
        def changed(text: str | None) -> str | None:
            return None if text is None else change(text)

        folders = tuple(DatasetFolder(change(one), change(path), changed(way)) for one, path, way in self.folders)
        return self._replace(
            folder=changed(self.folder), relative_folder=changed(self.relative_folder), folders=folders
        )

    @classmethod
    def from_values(cls, values: dict[str, Any]) -> "IndexInfo":
        """Read what JSON made of `as_values`; KeyError, TypeError or ValueError if one is missing or impossible."""
        info = cls(
            values["descriptor"], values["dimension"], values.get("distance", "chi-squared"), values.get("key"),
            bool(values.get("full_resolution")), values.get("folder"), values.get("relative_folder"),
            tuple(DatasetFolder(*folder) for folder in values.get("folders", ())),
        )  # fmt: skip
        optional = (info.key, info.folder, info.relative_folder, *(folder.relative for folder in info.folders))
        named = (info.descriptor, info.distance, *(text for text in optional if text is not None))
        named += tuple(text for folder in info.folders for text in folder[:2])
        if not all(isinstance(text, str) for text in named) or not isinstance(info.dimension, int):
            raise TypeError("a value of another kind")
        return info._with_names(_folder_name)

    @property
    def datasets(self) -> tuple[DatasetFolder, ...]:
        """All dataset folders that are known."""
        if self.folder is None:
            return self.folders
        return (DatasetFolder("", self.folder, self.relative_folder), *self.folders)

    def of_datasets(self, folders: Sequence[DatasetFolder]) -> "IndexInfo":
        """Return what an index of these folders says of itself."""
        if len(folders) == 1 and not folders[0].name:
            return self._replace(folder=folders[0].path, relative_folder=folders[0].relative, folders=())
        return self._replace(folder=None, relative_folder=None, folders=tuple(folders))

    def find_folders(self, csv_path: str) -> dict[str, str]:
        """Return where each dataset folder is, by name; see `DatasetFolder.find`."""
        return {folder.name: folder.find(csv_path) for folder in self.datasets}

    def is_of_same_vectors(self, other: "IndexInfo") -> bool:
        """Tell whether two infos are of vectors that can be compared and stored together."""
        return self[:3] == other[:3]  # descriptor, dimension, distance


def _folder_name(stored: str) -> str:
    """Return the name of a folder that a cache holds; ValueError if no folder can be called that."""
    name = local_name(stored)
    if b"\0" in os.fsencode(name):
        raise ValueError("a folder of no possible name")
    return name
