"""Step 2, index: the fingerprints that an index keeps, read as they are: nothing is decoded, and nothing is written."""

import os
from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import indexfile
from .description import Recipe
from .errors import IndexFileError
from .filebytes import DIGEST_BYTES
from .fingerprint import LAYOUT, Fingerprint
from .fingerprints import Fingerprints
from .imagereader import Reading
from .indexfile import Cache


def fingerprint_recipe(reading: Reading | None = None) -> Recipe:
    """Return what makes fingerprints: pictures are decoded in full, as the digest is of all pixels."""
    return Recipe(Fingerprint(), (reading or Reading())._replace(full_resolution=True))


class KeptFingerprints(NamedTuple):
    """What an index keeps."""

    fingerprints: Fingerprints
    """Of the pictures that have one."""
    pictures: int
    """How many pictures the index has."""

    @property
    def without(self) -> int:
        """How many of them have no fingerprint."""
        return self.pictures - len(self.fingerprints.ids)


def kept_fingerprints(index_path: str, folder: str | None = None) -> KeptFingerprints | None:
    """Return the fingerprints that an index keeps, without bringing it up to date.

    Parameters
    ----------
    index_path : str
        The CSV, or the folder of an index of shards.
    folder : str, optional
        Where the pictures are, if they are in one folder and not where they were indexed.

    Returns
    -------
    KeptFingerprints or None
        None if it keeps none, or its cache is damaged or does not belong to it.

    Raises
    ------
    IndexFileError
        If it is no regular file.
    OSError
        If it cannot be read.
    """
    cache = indexfile.matching_cache(indexfile.csv_path(index_path))
    name = fingerprint_recipe().key
    if cache is None or not cache.is_whole(with_features=False) or name not in cache.columns:
        return None
    column = cache.columns[name]
    if column.shape[1] != LAYOUT.itemsize:
        return None
    prints = np.ascontiguousarray(column).view(LAYOUT)[:, 0]
    folders = None if folder is None or "" not in cache.folders else {"": folder}
    return KeptFingerprints(present(cache, prints, may_be_gone=False, folders=folders), len(cache))


def keeps_fingerprints(index_path: str) -> bool:
    """Tell whether an index keeps fingerprints of any of its pictures, without reading them; False where in doubt."""
    path, name = indexfile.csv_path(index_path), fingerprint_recipe().key
    try:
        if indexfile.is_folder(path):
            return any(name in cache.columns for cache in indexfile.caches_of_shards(path))
        cache = indexfile.read_cache(path)
    except (IndexFileError, OSError):
        return False
    return cache is not None and name in cache.columns


def kept_stamp(index_path: str) -> str:
    """Return what differs when an index keeps other fingerprints than before; of the files' times and sizes alone."""
    return "-".join(map(file_stamp, indexfile.telling_files(index_path)))


def file_stamp(path: str) -> str:
    """Return what differs when a file is another one or was changed, as far as size and time tell."""
    try:
        status = os.stat(path)
    except OSError:
        return "none"
    return f"{status.st_ino:x}.{status.st_size:x}.{status.st_mtime_ns:x}"


def place_of(folders: Mapping[str, str], image_id: str) -> str:
    """Return where a picture is, or its id where that is not known."""
    return indexfile.image_path(image_id, folders) or image_id


def present(
    cache: Cache,
    prints: NDArray[Any],
    may_be_gone: bool,
    report: Any = None,
    folders: Mapping[str, str] | None = None,
) -> Fingerprints:
    """Return what is known of the pictures that are there now.

    Parameters
    ----------
    cache : Cache
    prints : ndarray of `fingerprint.LAYOUT`, shape (n,)
        Zeros where there is none.
    may_be_gone : bool
        Whether each file must be looked at. Otherwise only those are whose times do not tell that they are the same.
    report : Report, optional
    folders : mapping of str to str, optional
        Where the dataset folders are, by name, if they are not where they were indexed.
    """
    ids, known = cache.ids[:], cache.states()
    folders = cache.folders if folders is None else folders
    states = np.array([state[:3] for state in known], np.int64).reshape(-1, 3)
    is_there = prints["width"] > 0
    # Rows may stay in an index though their files are gone or cannot be looked at, and it does not say which.
    doubtful = is_there if may_be_gone else is_there & (states[:, 1] == indexfile.UNKNOWN_TIME)
    for row in np.flatnonzero(doubtful).tolist():
        is_there[row] = _look_again(place_of(folders, ids[row]), states[row])
    taken = Fingerprints(
        ids=ids,
        place=partial(place_of, folders),
        states=states,
        digests=np.frombuffer(b"".join(state.digest for state in known), np.uint8).reshape(-1, DIGEST_BYTES),
        prints=prints,
        report=report,
    )
    return taken if is_there.all() else taken.only(np.flatnonzero(is_there))


def _look_again(place: str, state: NDArray[np.int64]) -> bool:
    """Tell whether a file is as its state says, shape (3,), and put the times there if they were not known."""
    try:
        status = os.stat(place)
    except (OSError, ValueError):  # ValueError: a NUL
        return False
    now = status.st_size, status.st_mtime_ns, status.st_ctime_ns
    is_same = bool(state[0] == now[0] and state[1] in (now[1], indexfile.UNKNOWN_TIME))
    state[:] = now
    return is_same
