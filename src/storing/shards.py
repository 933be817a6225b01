"""Step 2, index: an index of shards, opened as one: the rows of one file after the other, numbered through."""

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ..errors import IndexFileError
from .addresses import folder_of
from .cache import Cache, read_cache
from .cachefile import Columns, read_file
from .csvreader import Progress
from .filelimit import allow_shards
from .foreignindex import parse_index
from .freshness import matching_cache
from .info import FileState, IndexInfo
from .listsfile import read_lists
from .manifest import Manifest, Shard, checksum_of, read_manifest
from .paths import MANIFEST, TOLD_SKIPS
from .shardfolder import ShardFolder
from .writer import write_states

TITLE = b"image similarity skips that were told 1\n"
# A run may replace the manifest, and remove what it named, after it was read here.
TRIES = 3


class BrokenShard(IndexFileError):
    """A shard that cannot be used.

    Attributes
    ----------
    what : str
        What is wrong with it.
    """

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}: bring it back, or run index.py, which describes its pictures again")
        self.what = what

    def __reduce__(self) -> tuple[type["BrokenShard"], tuple[str]]:
        """Cross from a worker to whoever asked it: an exception is made again of all that it says."""
        return type(self), (self.what,)


class ShardedCache(Cache):
    """All shards of an index as one `Cache`, whose rows are theirs, one shard after the other.

    Attributes
    ----------
    manifest : Manifest
    shards : list of Cache
    """

    def __init__(self, folder: ShardFolder, manifest: Manifest, shards: Sequence[Cache]) -> None:
        super().__init__(folder.address, [file for shard in shards for file in shard.files])
        self.info, self.manifest, self.shards = manifest.info, manifest, shards
        self._folder = folder

    def named_shards(self) -> Iterator[tuple[Shard, Cache]]:
        """Yield what the manifest says of each shard that is open, and its cache: some may have been left out."""
        named = {shard.checksum: shard for shard in self.manifest.shards}
        for cache in self.shards:
            yield named[checksum_of(cache.line_digests)], cache

    @property
    def told_skips(self) -> bytes:
        try:
            data = self._folder.read(TOLD_SKIPS)
        except OSError:
            return b""
        return data.removeprefix(TITLE) if data.startswith(TITLE) else b""

    @property
    def damaged(self) -> str:
        return f"a cache in {self.path} (part-*.csv.cache) is damaged"

    def is_current(self) -> bool:
        return read_manifest(self._folder) == self.manifest


def caches_of_shards(path: str) -> Iterator[Cache]:
    """Yield the caches of shards as they lie in a folder of this machine, whether or not they belong to the index.

    Errors are those of `open_shards`.
    """
    folder = folder_of(path)
    manifest = read_manifest(folder) if folder.is_local else None
    for shard in manifest.shards if manifest is not None else ():
        if (cache := read_cache(folder.fetch(shard.name))) is not None:
            yield cache


def write_told_skips(folder: ShardFolder, told: bytes) -> None:
    """Keep digests of skips for the next run, as `Cache.told_skips` gives them back."""
    folder.replace(TOLD_SKIPS, TITLE + told)


def open_shards(
    path: str,
    progress: Progress | None = None,
    on_broken: Callable[[BrokenShard], object] | None = None,
) -> ShardedCache | None:
    """Open an index of shards.

    Parameters
    ----------
    path : str
        Of the folder, as `paths.csv_path` gives it.
    progress : callable, optional
        As of `indexfile.open_index`, for a shard without its cache.
    on_broken : callable, optional
        Called for each shard that cannot be used, which is then left out; otherwise it is an error.

    Returns
    -------
    ShardedCache or None
        None if there is no index, or no shard of it can be used.

    Raises
    ------
    IndexFileError
        If the manifest or a shard cannot be used: an index is opened as a whole, or not at all.
    OSError
        If the folder cannot be read.
    """
    folder = folder_of(path)
    for left in reversed(range(TRIES)):
        manifest = read_manifest(folder)
        if manifest is None:
            return None
        allow_shards(folder.address, len(manifest.shards))
        shards = []
        for shard in manifest.shards:
            try:
                shards.append(open_shard(folder, shard, manifest.info, progress))
            except BrokenShard as error:
                if left and read_manifest(folder) != manifest:
                    break
                if on_broken is None:
                    raise
                on_broken(error)
        else:
            return ShardedCache(folder, manifest, shards) if shards else None
    raise IndexFileError(f"{folder.address} is being written again and again: try once more")


def open_shard(folder: ShardFolder, shard: Shard, info: IndexInfo, progress: Progress | None = None) -> Cache:
    """Open one shard; BrokenShard if it is not the one that the manifest, with that info, names."""
    place = folder.address + shard.name
    try:
        cache = _open_local(folder, shard) if folder.is_local else _open_fetched(folder, shard)
        if cache is None:
            vectors = IndexInfo(info.descriptor, info.dimension, info.distance)
            cache = parse_index(folder.fetch(shard.name), lambda _: vectors, progress)
    except BrokenShard:
        raise
    except IndexFileError as error:
        raise BrokenShard(str(error)) from None
    except FileNotFoundError:
        raise BrokenShard(f"{place} is not there") from None
    except ValueError as error:  # no writer of rows knows such vectors
        raise IndexFileError(f"{folder.address}{MANIFEST} is damaged: {error}") from None
    except OSError as error:
        # It may well be whole, so nothing is done about it but telling.
        raise IndexFileError(f"{place} cannot be read: {error.strerror}") from None
    if not cache.info.is_of_same_vectors(info):
        raise BrokenShard(f"{place} is of the descriptor {cache.info.descriptor}, not of {info.descriptor}")
    if len(cache) != shard.images or checksum_of(cache.line_digests) != shard.checksum:
        raise BrokenShard(f"{place} is not what the manifest says, it was changed or replaced")
    return cache


def _open_local(folder: ShardFolder, shard: Shard) -> Cache | None:
    path = folder.fetch(shard.name)
    if (size := os.stat(path).st_size) != shard.size:
        raise BrokenShard(f"{path} has {size:,} bytes, and had {shard.size:,}")
    return matching_cache(path)


def _open_fetched(folder: ShardFolder, shard: Shard) -> Cache | None:
    """Open a copy of the cache alone: its checksum tells whether it is of that shard."""
    try:
        path = folder.fetch(f"{shard.name}.cache")
    except FileNotFoundError:
        return None
    file = read_file(path)
    if file is None or len(file.rows) != shard.images or checksum_of(file.line_digests) != shard.checksum:
        return None
    with suppress(OSError):
        file.rows.read_lists = partial(read_lists, folder.fetch(f"{shard.name}.lists"), file.rows.contents)
    return Cache(path.removesuffix(".cache"), [file])


def write_states_of_shards(
    path: str, cache: Cache, states: Sequence[FileState], columns: Columns | None, dropped: Collection[str]
) -> None:
    """Write the caches of shards anew in which anything is now known that was not; the shards stay as they are.

    Parameters are those of `writer.write_states`.
    """
    assert isinstance(cache, ShardedCache)
    folder = folder_of(path)
    start = 0
    for named, shard in cache.named_shards():
        rows = slice(start, start + len(shard))
        start = rows.stop
        own = {name: column[rows] for name, column in (columns or {}).items()}
        is_same = shard.states() == states[rows] and not any(
            name in shard.columns for name in dropped if name not in own
        )
        if not (is_same and all(_is_known(shard, name, column) for name, column in own.items())):
            with folder.new_shard(named.name) as written:
                write_states(written, shard, states[rows], shard.info, own, dropped=dropped)


def _is_known(cache: Cache, name: str, column: NDArray[np.uint8]) -> bool:
    # Zeros stand for what is not known yet: most shards, as long as somebody takes fingerprints one after the other.
    return np.array_equal(cache.columns[name], column) if name in cache.columns else not column.any()
