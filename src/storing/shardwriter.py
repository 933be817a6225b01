"""Step 2, index: write one shard, in whatever process: all that it takes is in a plan, which can be pickled."""

import os
from collections.abc import Sequence
from contextlib import ExitStack
from typing import BinaryIO, NamedTuple

from ..errors import IndexFileError
from .cache import Cache
from .foldernames import is_described
from .freshness import matching_cache
from .info import FileState, IndexInfo
from .journal import title_of
from .keptlists import keep_lists
from .manifest import Shard, checksum_of
from .openedfile import open_regular
from .paths import FOLDER_JOURNAL
from .pieces import Piece, Sources
from .records import Place, Record, read_record, read_records
from .shardfolder import ShardFolder, named, private_suffix
from .shards import open_shard
from .writer import write_index


class ShardPlan(NamedTuple):
    """A shard that is to be written."""

    folder: ShardFolder
    name: str
    info: IndexInfo
    """What the index says of itself."""
    sources: Sequence[Shard]
    """The shards whose rows it takes."""
    pieces: Sequence[Piece]


def write_shard(plan: ShardPlan) -> Shard:
    """Write a shard; nothing of the index is changed by it, as the manifest does not name it yet.

    Raises
    ------
    IndexFileError
        If a shard that it takes rows of cannot be used, or its cache is damaged.
    OSError
        If it cannot be written.
    """
    folder = plan.folder
    shards = {shard.name: shard for shard in plan.sources}

    def open_index(name: str, stack: ExitStack) -> tuple[Cache, BinaryIO]:
        cache = open_shard(folder, shards[name], plan.info)
        # Its numbers are about to be taken over, so they are looked at.
        if not cache.is_whole(with_features=True):
            raise IndexFileError(f"{folder.address}{name}.cache is damaged: remove it and run again")
        return cache, stack.enter_context(open(folder.fetch(name), "rb"))

    def open_records(name: str, stack: ExitStack) -> "OpenedRecords":
        # What this process has described itself is on this machine alone.
        path = folder.fetch(name) if is_described(name) else folder.working_file(FOLDER_JOURNAL)
        return OpenedRecords(name, stack.enter_context(open(path, "rb")), plan.info.dimension)

    with Sources(plan.info.datasets, open_index, open_records) as sources, folder.new_shard(plan.name) as path:
        try:
            write_index(path, sources.rows(plan.pieces), plan.info, suffix=private_suffix(), like=folder.like)
            keep_lists(path, plan.info.distance, private_suffix(), folder.like)
        except OSError as error:
            raise named(error, path) from None
        return written_shard(path, plan.name)


def written_shard(path: str, name: str) -> Shard:
    """Return what a manifest says of an index file that was just written with its cache, to be called so in it.

    Raises
    ------
    IndexFileError
        If its cache does not belong to it.
    """
    cache = matching_cache(path)
    if cache is None:
        raise IndexFileError(f"{path} was changed by another program just now: run again")
    return Shard(name, len(cache), os.path.getsize(path), checksum_of(cache.line_digests), cache.ids[0])


class OpenedRecords:
    """A journal that is open for reading alone."""

    def __init__(self, name: str, file: BinaryIO, dimension: int) -> None:
        self._name, self._file, self._dimension = name, file, dimension

    def load(self, place: Place) -> Record:
        """Return the record at a place.

        Raises
        ------
        IndexFileError
            If there is none any more.
        """
        self._file.seek(place.start)
        record = read_record(self._file, self._dimension)
        if record is None:
            raise IndexFileError(f"{self._name} was cut while it was read: run again")
        return record


def recorded_in(folder: ShardFolder, key: str, dimension: int, name: str) -> list[tuple[Place, FileState]]:
    """Return what a journal in the folder has recorded, of vectors that the key names; nothing if it is of others."""
    title = title_of(key)
    with open_regular(folder.fetch(name)) as file:
        if file.read(len(title)) != title:
            return []
        found, start = [], len(title)
        for record in read_records(file, dimension):
            found.append((Place(name, record.path, start, record.end), record.state))
            start = record.end
        return found
