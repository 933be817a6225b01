"""Duplicates: the fingerprints of all pictures of some folders, or of single files."""

import os
import time
from collections.abc import Sequence
from dataclasses import replace

from . import indexfile
from .describer import describe_files
from .description import Describe
from .descriptors import of_index
from .errors import IndexFileError, explain_os_error
from .fingerprinting.folders import files_of
from .fingerprinting.indexed import fingerprints_of_index
from .fingerprinting.taking import take_all, tell
from .fingerprints import Fingerprints
from .imagefiles import FoundFile, Skip
from .indexer import Options, Report, index_folder

__all__ = ["Fingerprints", "of_files", "take_fingerprints"]


def take_fingerprints(
    folders: Sequence[str],
    index_path: str | None = None,
    options: Options | None = None,
    describe: Describe = describe_files,
) -> Fingerprints:
    """Take the fingerprints of all pictures of some folders.

    Parameters
    ----------
    folders : sequence of str
        The dataset folders; none, if the index knows them. Their pictures have the ids that an index of them has.
    index_path : str, optional
        The CSV of an index, which is brought up to date first; see `indexer.index_folder`. The fingerprints are kept
        beside it, so that only those of new pictures are taken. Without it nothing is kept, and nothing is written.
    options : indexer.Options, optional
        As for `indexer.index_folder`.
    describe : callable, optional
        Who decodes, called for the index and once more for fingerprints; by default a process of its own each time,
        which broken files cannot bring down.

    Returns
    -------
    Fingerprints
        What has none is told in `report.skips`.

    Raises
    ------
    IndexFileError
        If a folder lies in another, or there is no picture in any, or the index cannot be used or is just written by
        another run.
    OSError
        If a folder cannot be listed; `filename` is the folder's.
    WorkerFailed
        If decoding is impossible here.
    """
    options, report, start = options or Options(), Report(), time.monotonic()
    if index_path is not None:
        return _beside_index(folders, index_path, options, describe)
    taken = take_all(files_of(folders, options, report), options, report, describe)
    if not taken.ids:
        raise IndexFileError(f"there is no picture in {' and '.join(map(os.path.abspath, folders))}")
    report.seconds = time.monotonic() - start
    return taken


def _beside_index(folders: Sequence[str], index_path: str, options: Options, describe: Describe) -> Fingerprints:
    """Bring an index up to date, then its fingerprints."""
    start = time.monotonic()
    known = indexfile.read_cache(indexfile.csv_path(index_path))
    if known is not None and of_index(known.info.descriptor) is None:
        raise IndexFileError(
            f"{index_path} is of the descriptor {known.info.descriptor}, which only what made it can bring up to date: "
            "name another index, or none"
        )
    # As it was made, so it goes on.
    in_full = known is not None and known.info.full_resolution
    indexed = replace(options, reading=options.reading._replace(full_resolution=in_full))
    report = index_folder(folders, index_path, None, indexed, describe)
    taken = fingerprints_of_index(index_path, options, report, describe)
    report.seconds = time.monotonic() - start
    return taken


def of_files(paths: Sequence[str], options: Options | None = None, describe: Describe = describe_files) -> Fingerprints:
    """Take the fingerprints of single files, whose ids are their paths as they are given.

    Parameters and errors are those of `take_fingerprints`. A file that gives none is told in `report.skips`.
    """
    options, report, start = options or Options(), Report(), time.monotonic()
    files = []
    for path in paths:
        try:
            status = os.stat(path)
        except OSError as error:
            tell(Skip(path, *explain_os_error(error)), options, report)
            continue
        times = status.st_mtime_ns, status.st_ctime_ns
        files.append(FoundFile(path, os.path.abspath(path), status.st_size, *times))
    taken = take_all(files, options, report, describe)
    report.seconds = time.monotonic() - start
    return taken
