"""Step 2, index: open an index, and what it takes to write one. The CSV is the index; the cache only saves time."""

from importlib import import_module
from typing import TYPE_CHECKING

from .errors import IndexFileError
from .storing.append import can_append
from .storing.cache import Cache, read_cache
from .storing.cachefile import Columns
from .storing.datasetfolder import MARK, DatasetFolder, image_path, is_away, joined_id, relative_way, split_id
from .storing.freshness import current_cache, has_a_line_of, matching_cache, settle_append
from .storing.info import NOTHING_KNOWN, UNKNOWN_TIME, FileState, IndexInfo, Stamp
from .storing.paths import IndexPaths, csv_path, is_ours
from .storing.rowtext import BLOCK_ROWS, looks_like_index, numbers_text, split_line

if TYPE_CHECKING:
    from .storing.csvreader import Progress, first_numbers, read_ids
    from .storing.foreignindex import Identify
    from .storing.journal import Journal
    from .storing.lock import IndexBusy
    from .storing.pieces import GatheredRows, KeptRows, Piece, RecordedRows, Row, Sources
    from .storing.records import Place, Recorded
    from .storing.writer import CopiedRows, NewRows, append_rows, write_index, write_states

# What only writing needs is loaded when it is first asked for: a search starts faster without.
_WRITING = {"Journal": "journal", "IndexBusy": "lock", "first_numbers": "csvreader", "read_ids": "csvreader"}
_WRITING |= dict.fromkeys(("GatheredRows", "KeptRows", "Piece", "RecordedRows", "Row", "Sources"), "pieces")
_WRITING |= dict.fromkeys(("Place", "Recorded"), "records")
_WRITING |= dict.fromkeys(("CopiedRows", "NewRows", "append_rows", "write_index", "write_states"), "writer")

__all__ = [
    "BLOCK_ROWS", "MARK", "NOTHING_KNOWN", "UNKNOWN_TIME", "Cache", "Columns", "CopiedRows", "DatasetFolder",
    "FileState", "GatheredRows", "IndexBusy", "IndexInfo", "IndexPaths", "Journal", "KeptRows", "NewRows",
    "Piece", "Place", "Recorded", "RecordedRows", "Row", "Sources",
    "Stamp", "append_rows", "can_append",
    "csv_path", "current_cache", "first_numbers", "has_a_line_of", "image_path", "is_away", "is_ours", "joined_id",
    "looks_like_index", "matching_cache", "numbers_text", "open_index", "read_cache", "read_ids", "relative_way",
    "settle_append", "split_id", "split_line", "write_index", "write_states",
]  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in _WRITING:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".storing.{_WRITING[name]}", __package__), name)


def open_index(path: str, identify: "Identify", progress: "Progress | None" = None) -> Cache:
    """Open an index for searching.

    Parameters
    ----------
    path : str
        The CSV.
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
        cache = current_cache(path)
        if cache is None:
            from .storing.foreignindex import parse_index  # most searches do not need it, and start faster without

            cache = parse_index(path, identify, progress)
    except FileNotFoundError:
        raise IndexFileError(f"{path} does not exist: write it with index.py") from None
    except OSError as error:
        raise IndexFileError(f"{path} cannot be read: {error.strerror}") from None
    if not cache.ids:
        raise IndexFileError(f"{path} is empty: index a folder with index.py first")
    return cache
