"""Step 2, index: open an index, and what it takes to write one. The CSV is the index; the cache only saves time.

An index is one CSV, or a folder of shards, each of them a CSV. What opens an index takes either.
"""

import os
from collections.abc import Collection, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from .errors import IndexFileError
from .storing import cache as _cache
from .storing import freshness
from .storing.append import can_append
from .storing.cache import Cache
from .storing.cachefile import Columns
from .storing.datasetfolder import MARK, DatasetFolder, image_path, is_away, joined_id, relative_way, split_id
from .storing.freshness import has_a_line_of, settle_append
from .storing.info import NOTHING_KNOWN, UNKNOWN_TIME, FileState, IndexInfo, Stamp
from .storing.paths import (
    DESCRIBED,
    FOLDER_JOURNAL,
    MANIFEST,
    IndexPaths,
    csv_path,
    is_folder,
    is_ours,
    is_url,
    name_of,
)
from .storing.rowtext import BLOCK_ROWS, looks_like_index, numbers_text, split_line

if TYPE_CHECKING:
    from .storing.addresses import folder_of
    from .storing.csvreader import Progress, first_numbers, read_ids
    from .storing.filelimit import allow_shards
    from .storing.foldernames import is_described, is_own, is_part, is_unfinished, part_name, part_of
    from .storing.foreignindex import Identify
    from .storing.journal import Journal, title_of
    from .storing.keptlists import keep_lists
    from .storing.lock import IndexBusy
    from .storing.manifest import Manifest, Shard, checksum_of, is_shard, read_manifest
    from .storing.pieces import GatheredRows, KeptRows, Piece, RecordedRows, Row, Sources, sources_of
    from .storing.records import Place, Recorded, record_bytes
    from .storing.shardfolder import ShardFolder
    from .storing.shards import ShardedCache, caches_of_shards, open_shard, open_shards, write_told_skips
    from .storing.shardwriter import ShardPlan, recorded_in, write_shard, written_shard
    from .storing.telling import telling_files
    from .storing.writer import CopiedRows, NewRows, append_rows, write_index

# What only writing needs, or only an index of shards, is loaded when it is first asked for: a search starts faster.
_LATER = {"Journal": "journal", "IndexBusy": "lock", "first_numbers": "csvreader", "read_ids": "csvreader"}
_LATER |= dict.fromkeys(("CopiedRows", "NewRows", "append_rows", "write_index"), "writer")
_LATER |= dict.fromkeys(("Manifest", "Shard", "checksum_of", "is_shard", "read_manifest"), "manifest")
_NAMES = ("is_described", "is_own", "is_part", "is_unfinished", "part_name", "part_of")
_LATER |= dict.fromkeys(_NAMES, "foldernames")
_LATER |= dict.fromkeys(("GatheredRows", "KeptRows", "Piece", "RecordedRows", "Row", "Sources", "sources_of"), "pieces")
_LATER |= {"keep_lists": "keptlists", "allow_shards": "filelimit"}
_LATER |= {"title_of": "journal", "recorded_in": "shardwriter", "record_bytes": "records"}
_LATER |= {"Place": "records", "Recorded": "records", "ShardFolder": "shardfolder", "folder_of": "addresses"}
_LATER |= dict.fromkeys(("ShardedCache", "caches_of_shards", "open_shard", "open_shards", "write_told_skips"), "shards")
_LATER |= {
    "ShardPlan": "shardwriter",
    "write_shard": "shardwriter",
    "written_shard": "shardwriter",
    "telling_files": "telling",
}

__all__ = [
    "BLOCK_ROWS", "DESCRIBED", "FOLDER_JOURNAL", "MANIFEST", "MARK", "NOTHING_KNOWN", "UNKNOWN_TIME", "Cache",
    "Columns", "CopiedRows", "DatasetFolder", "FileState", "GatheredRows", "IndexBusy", "IndexInfo", "IndexPaths",
    "Journal", "KeptRows", "Manifest", "NewRows", "Piece", "Place", "Recorded", "RecordedRows", "Row", "Shard",
    "ShardFolder", "ShardPlan", "ShardedCache", "Sources", "Stamp", "allow_shards", "append_rows", "caches_of_shards",
    "can_append", "checksum_of", "csv_path", "current_cache", "first_numbers", "folder_of", "has_a_line_of",
    "image_path", "is_away", "is_described", "is_folder", "is_ours", "is_own", "is_part", "is_shard", "is_unfinished",
    "is_url", "joined_id", "keep_lists", "looks_like_index", "matching_cache", "name_of", "numbers_text", "open_index",
    "open_shard", "open_shards", "part_name", "part_of", "read_cache", "read_ids", "read_manifest", "record_bytes",
    "recorded_in", "relative_way", "settle_append", "sources_of", "split_id", "split_line", "telling_files", "title_of",
    "why_no_index", "write_index", "write_shard", "write_states", "write_told_skips", "written_shard",
]  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".storing.{_LATER[name]}", __package__), name)


def read_cache(path: str) -> Cache | None:
    """Open what is known of an index, whether or not that belongs to the index as it is; None if that is nothing."""
    return _shards(path) if is_folder(path) else _cache.read_cache(path)


def matching_cache(path: str) -> Cache | None:
    """Open what is known of an index, if that belongs to the index as it is.

    Raises
    ------
    OSError
        If the index cannot be read.
    IndexFileError
        If it is no regular file, or a shard is missing or damaged.
    """
    return _shards(path) if is_folder(path) else freshness.matching_cache(path)


def current_cache(path: str) -> Cache | None:
    """Do as `matching_cache` does, but take the index as it was before an append that has not ended."""
    return _shards(path) if is_folder(path) else freshness.current_cache(path)


def _shards(path: str, progress: "Progress | None" = None) -> Cache | None:
    from .storing.shards import open_shards  # most indexes are files

    return open_shards(path, progress)


def open_index(path: str, identify: "Identify", progress: "Progress | None" = None) -> Cache:
    """Open an index for searching.

    Parameters
    ----------
    path : str
        The CSV, or the folder of an index of shards.
    identify : callable
        For an index without its cache: tells from the numbers of the first row, shape (n,), what made them.
    progress : callable, optional
        Called while a CSV is parsed, with the bytes read and the bytes there are.

    Raises
    ------
    IndexFileError
        If there is no index at `path`, or a damaged one.
    """
    path = csv_path(path)
    try:
        cache = _shards(path, progress) if is_folder(path) else current_cache(path)
        if cache is None and not is_folder(path):
            from .storing.foreignindex import parse_index  # most searches do not need it, and start faster without

            cache = parse_index(path, identify, progress)
    except FileNotFoundError:
        raise IndexFileError(f"{path} does not exist: write it with index.py") from None
    except OSError as error:
        raise IndexFileError(f"{path} cannot be read: {error.strerror}") from None
    if cache is None:
        raise IndexFileError(why_no_index(path))
    if not cache.ids:
        raise IndexFileError(f"{path} is empty: index a folder with index.py first")
    return cache


def why_no_index(path: str) -> str:
    """Return why there is no index of shards at a path that `csv_path` gave."""
    if is_url(path) or os.path.isdir(path):
        return f"{path} is no index: there is no {MANIFEST} in it; write it with index.py"
    if os.path.exists(path.rstrip(os.sep)):
        return f"{path} names a folder, and there is a file: leave out what stands at its end"
    return f"{path} does not exist: write it with index.py"


def write_states(
    path: str,
    cache: Cache,
    states: Sequence[FileState],
    info: IndexInfo,
    columns: Columns | None = None,
    told_skips: bytes | None = None,
    dropped: Collection[str] = (),
) -> None:
    """Write the cache of an unchanged index anew, or those of all of its shards; see `storing.writer.write_states`."""
    from .storing import writer

    if not is_folder(path):
        writer.write_states(path, cache, states, info, columns, told_skips, dropped)
        return
    from .storing.shards import write_states_of_shards

    write_states_of_shards(path, cache, states, columns, dropped)
