"""Step 2, index: the manifest of an index of shards, which says of which files it is made.

A shard is an index file of its own, and holds a range of the sorted image ids. It is never changed: a run writes
another one, with the next number, and names it in the manifest instead. So whoever reads the manifest sees one state
of the whole index. Replacing it is the one step that changes the index.
"""

import json
import os
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .. import __version__
from ..distance import by_name
from ..errors import IndexFileError
from .addresses import folder_of
from .cachefile import LARGEST_DIMENSION
from .foldernames import is_part_name, part_name, part_number
from .info import IndexInfo
from .nametext import local_name, stored_name
from .paths import MANIFEST
from .shardfolder import ShardFolder

VERSION = 1
# Begins the file, so that nobody else's file of that name is replaced.
TITLE = "image similarity index of shards"
CHECKSUM_BYTES = 16

_DIGITS = set("0123456789abcdef")
_ANEW = "remove it and index the folder again"


class _Unusable(ValueError):
    """A manifest that cannot be used, in words for people."""


class Shard(NamedTuple):
    """One file of an index of shards."""

    name: str
    images: int
    size: int
    """Of the CSV, in bytes."""
    checksum: str
    """Of its lines; see `checksum_of`."""
    first: str
    """The image id of its first row; those of the shard before are smaller, all others are not.

    That is so in the locale of the run that wrote it: another one may read the same bytes as a name that sorts
    otherwise."""


class Manifest(NamedTuple):
    """What an index of shards says of itself."""

    info: IndexInfo
    shard_size: int
    """So many images are written into a new shard at most."""
    next_number: int
    """Of the next shard: numbers are not used again."""
    shards: tuple[Shard, ...]
    """In the order of their ids."""

    @property
    def images(self) -> int:
        """How many images the index has."""
        return sum(shard.images for shard in self.shards)

    def to_bytes(self) -> bytes:
        """Return it as the file holds it: the same text for the same index."""
        about = {TITLE: VERSION, "version": __version__, "images": self.images, "shard_size": self.shard_size}
        shards = [shard._replace(first=stored_name(shard.first))._asdict() for shard in self.shards]
        values = {**about, "next_number": self.next_number, "info": self.info.as_values(), "shards": shards}
        return (json.dumps(values, indent=1) + "\n").encode("ascii")

    @classmethod
    def from_bytes(cls, data: bytes) -> "Manifest":
        """Read what `to_bytes` gave; ValueError, in words for people, if it is anything else."""
        try:
            values = json.loads(data)
            if values[TITLE] != VERSION:
                raise _Unusable("is of another version of this program: index the folder again")
            shards = tuple(_shard(one) for one in values["shards"])
            manifest = cls(IndexInfo.from_values(values["info"]), values["shard_size"], values["next_number"], shards)
            counted = values["images"]
        except _Unusable:
            raise
        except (KeyError, TypeError, AttributeError, RecursionError, ValueError):
            raise _Unusable(f"is damaged, or not of this program: {_ANEW}") from None
        info, names, firsts = manifest.info, {one.name for one in shards}, {one.first for one in shards}
        numbers = (manifest.shard_size, manifest.next_number, info.dimension, *_sizes(shards))
        is_possible = all(type(number) is int and 0 < number < 1 << 63 for number in numbers)
        is_possible = is_possible and info.dimension <= LARGEST_DIMENSION
        if not is_possible or not is_part_name(part_name(manifest.next_number)):
            raise _Unusable(f"is damaged, it has no such numbers: {_ANEW}")
        if not shards or manifest.images != counted:
            raise _Unusable(f"is damaged, it counts other images than its shards: {_ANEW}")
        # The next shard is not to take the place of one that is there.
        if min(len(names), len(firsts)) < len(shards) or max(map(part_number, names)) >= manifest.next_number:
            raise _Unusable(f"is damaged, it names a shard twice: {_ANEW}")
        try:
            by_name(info.distance)
        except ValueError:
            raise _Unusable(f"is of vectors that this version does not know: {_ANEW}") from None
        return manifest


def _shard(values: dict[str, Any]) -> Shard:
    shard = Shard(values["name"], values["images"], values["size"], values["checksum"], local_name(values["first"]))
    # Whoever wrote it must not make this program read or remove files elsewhere.
    is_checksum = len(shard.checksum) == 2 * CHECKSUM_BYTES and not set(shard.checksum) - _DIGITS
    if not is_part_name(shard.name) or not is_checksum or not isinstance(shard.first, str):
        raise KeyError(shard.name)
    return shard


def _sizes(shards: Sequence[Shard]) -> list[int]:
    return [number for shard in shards for number in (shard.images, shard.size)]


def is_shard(path: str) -> bool:
    """Tell whether a CSV of this machine is a shard of the index in whose folder it lies: then it must stay as it is.

    IndexFileError or OSError is raised if the manifest there cannot be used.
    """
    folder, name = os.path.split(path)
    if not is_part_name(name):
        return False
    manifest = read_manifest(folder_of(os.path.join(folder, "")))
    return manifest is not None and name in {shard.name for shard in manifest.shards}


def checksum_of(line_digests: NDArray[np.uint8]) -> str:
    """Return the checksum of a shard, from the digests of its lines, shape (n, 8): the cache holds them, too."""
    return blake2b(np.ascontiguousarray(line_digests).data, digest_size=CHECKSUM_BYTES).hexdigest()


def read_manifest(folder: ShardFolder) -> Manifest | None:
    """Return the manifest of an index of shards; None if there is none.

    Raises
    ------
    IndexFileError
        If there is one that is damaged, or of another version.
    OSError
        If it cannot be read.
    """
    try:
        data = folder.read(MANIFEST)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        return Manifest.from_bytes(data)
    except ValueError as error:
        raise IndexFileError(f"{folder.address}{MANIFEST} {error}") from None
