"""Step 2, index: the fingerprints of all pictures of an index; those that it does not keep yet are taken."""

import os
from contextlib import closing, suppress

import numpy as np

from .. import indexfile
from ..description import Describe
from ..errors import CHANGING, IndexFileError, explain_os_error
from ..fingerprint import LAYOUT
from ..fingerprints import Fingerprints
from ..imagefiles import FoundFile, Skip
from ..indexer import Options, Report, lock_index
from ..keptfingerprints import place_of, present
from .column import FingerprintColumn
from .taking import recipe_of, take_each, tell


def fingerprints_of_index(index_path: str, options: Options, report: Report, describe: Describe) -> Fingerprints:
    """Return the fingerprints of an index that was just brought up to date.

    Parameters
    ----------
    index_path : str
        The CSV.
    options, describe
        As for `indexer.index_folder`.
    report : Report
        Of that run; what has no fingerprint is told in it, too.

    Raises
    ------
    IndexFileError
        If another run writes the index, or its cache is damaged.
    WorkerFailed
        If decoding is impossible here.
    """
    path, name = indexfile.csv_path(index_path), recipe_of(options).key
    column = FingerprintColumn(path, name)
    if len(column.missing()):
        info = column.cache.info
        journal = lock_index(path, info.key or "", info.dimension)
        try:
            column = FingerprintColumn(path, name)
            _complete(column, options, report, describe)
        finally:
            journal.close(finished=False)
    return present(column.cache, column.prints, report.kept > 0, report)


def _complete(column: FingerprintColumn, options: Options, report: Report, describe: Describe) -> None:
    """Take the fingerprints that are missing, and keep them beside the index, which must be locked."""
    cache = column.cache
    if not cache.is_whole(with_features=True):
        raise IndexFileError(f"{cache.damaged}: remove it and index the folder again")
    rows, files = [], []
    ids, folders, states = cache.ids[:], cache.folders, cache.states()
    for row in column.missing().tolist():
        place = place_of(folders, ids[row])
        try:
            status = os.stat(place)
        except OSError as error:
            tell(Skip(ids[row], *explain_os_error(error)), options, report)
            continue
        rows.append(row)
        files.append(FoundFile(ids[row], place, status.st_size, status.st_mtime_ns, status.st_ctime_ns))
    prints = np.zeros(len(files), LAYOUT)
    try:
        with closing(take_each(files, prints, options, report, describe)) as taken:
            for number, digest in taken:
                if digest != states[rows[number]].digest:
                    changed = Skip(files[number].id, CHANGING, "it was changed since it was indexed")
                    tell(changed, options, report)
                    continue
                column.put(rows[number], prints[number])
                if column.is_due():
                    # A disk that is full now may have room at the end.
                    with suppress(OSError, IndexFileError):
                        column.keep()
    finally:
        _keep(column, report)


def _keep(column: FingerprintColumn, report: Report) -> None:
    """Keep what there is; where that is impossible, it is of use in this run all the same."""
    try:
        column.keep()
    except (OSError, IndexFileError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        report.warnings.append(
            f"{column.cache.path}: fingerprints cannot be kept beside it: {reason}; the next run takes them again"
        )
