"""Step 2, index: an index that another program wrote, or one without its cache, is parsed once."""

import io
from contextlib import suppress
from typing import Any, BinaryIO

import numpy as np

from src.atomicfile import replacing
from src.csvreader import Progress, read_csv
from src.csvstamp import LINE_DIGEST_BYTES, file_stamp, settled_stamp
from src.indexcache import CACHE_SUFFIX, Cache, CacheWriter, read_cache
from src.journal import DIGEST_BYTES, JOURNAL_SUFFIX, UNKNOWN_TIME, IndexBusy, Journal, has_records


def parse_index(path: str, descriptor: str, dimension: int, progress: Progress | None) -> Cache:
    """Make the cache of a CSV: beside it if that can be, else in memory.

    A run of index.py that is on, or to be taken up, has a better one in work.

    Parameters and errors are those of `indexfile.open_index`.

    Returns
    -------
    Cache
    """
    stamp = file_stamp(path)
    about = {"descriptor": descriptor, "dimension": dimension, "key": None, "csv": stamp}
    is_in_work = has_records(path + JOURNAL_SUFFIX)
    if is_in_work and (old := read_cache(path + CACHE_SUFFIX)) is not None:
        # A run is, or was when it died, between replacing the CSV and replacing the cache.
        about |= {name: old.about.get(name) for name in ("folder", "relative_folder", "full_resolution")}
    with suppress(OSError, IndexBusy):
        if not is_in_work:
            journal = Journal(path + JOURNAL_SUFFIX, descriptor, dimension)
            try:
                with replacing(path + CACHE_SUFFIX, like=path) as file:
                    _convert(path, file, about, progress)
                    if settled_stamp(path) != stamp:
                        raise OSError("it was changed while it was read")
            finally:
                journal.close(finished=True)
            cache = read_cache(path + CACHE_SUFFIX)
            if cache is not None:
                return cache
    memory = io.BytesIO()
    _convert(path, memory, about, progress)
    return Cache(memory.getvalue())


def _convert(path: str, file: BinaryIO, about: dict[str, Any], progress: Progress | None) -> None:
    writer = CacheWriter(file, about["dimension"])
    ids: list[str] = []
    ends, line_digests = [0], []
    for block in read_csv(path, about["dimension"], progress):
        writer.add_features(block.features)
        ids += block.ids
        ends += block.ends
        line_digests += block.line_digests
    unknown = np.full((len(ids), 3), UNKNOWN_TIME, np.int64)
    no_digests = np.zeros((len(ids), DIGEST_BYTES), np.uint8)
    digests_of_lines = np.frombuffer(b"".join(line_digests), np.uint8).reshape(-1, LINE_DIGEST_BYTES)
    writer.add_files(ids, np.array(ends), digests_of_lines, unknown, no_digests)
    writer.finish(about)
