"""Step 2, index: a folder becomes an index, and an index is brought up to date with its folder.

A run describes only what it does not know yet. It knows a file by size and time, or else by the digest of its
content, so a renamed, copied or touched file is not described again. What it describes goes into the journal at
once; only at the end a new index takes the place of the old one.
"""

import os
from collections.abc import Sequence

from .describer import describe_files
from .description import Describe, Recipe
from .descriptors import DEFAULT, Descriptor, by_name
from .errors import IndexFileError
from .imagefiles import FoundFile, find_files
from .indexfile import csv_path, current_cache, read_cache
from .indexing.options import Options, Report
from .indexing.run import IndexRun
from .indexing.skips import count_others, is_picture

__all__ = ["Options", "Report", "change_index", "count_others", "index_folder", "is_picture"]


def index_folder(
    folder: str,
    index_path: str,
    descriptor: Descriptor | None = None,
    options: Options | None = None,
    describe: Describe = describe_files,
) -> Report:
    """Bring an index up to date with a folder, or write it if there is none.

    Run it again whenever pictures were added, changed, renamed or deleted: only what is new is described. A run that
    was interrupted is taken up by the next one.

    Parameters
    ----------
    folder : str
        The dataset folder; its subfolders belong to it.
    index_path : str
        The CSV to write.
    descriptor : Descriptor, optional
        Turns a picture into a feature vector; the classic `ColorDescriptor` by default.
    options : Options, optional
        How to index, such as `Options(hidden=True, jobs=1)`; in the module `indexer`.
    describe : callable, optional
        Who describes; by default a process of its own, which broken files cannot bring down.

    Returns
    -------
    Report
        How many images are `indexed`, and of them `new`, `changed`, `moved`; how many were `removed`,
        and how many were `kept` though they were not found; the `skips`.

    Raises
    ------
    IndexFileError
        If the index cannot be written, another run is writing it, or there is no image to index.
    OSError
        If the folder cannot be read (then `filename` is the folder's), or the index cannot be written.
    WorkerFailed
        If describing is impossible here.

    Examples
    --------
    Here are three pictures. The index is a CSV, one row a picture; what cannot be read is named in `report.skips`:

    >>> import os, tempfile, cv2, numpy as np
    >>> from image_similarity import index_folder
    >>> folder = tempfile.mkdtemp()
    >>> for name, colour in [("red", (0, 0, 255)), ("pink", (180, 180, 255)), ("blue", (255, 0, 0))]:
    ...     _ = cv2.imwrite(os.path.join(folder, f"{name}.png"), np.full((60, 80, 3), colour, np.uint8))
    >>> report = index_folder(folder, f"{folder}.csv")
    >>> report.indexed, report.new, report.skips
    (3, 3, [])
    >>> os.remove(os.path.join(folder, "pink.png"))
    >>> report = index_folder(folder, f"{folder}.csv")
    >>> report.indexed, report.new, report.removed
    (2, 0, 1)
    """
    options = options or Options()
    os.scandir(folder).close()
    recipe = Recipe(descriptor or by_name(DEFAULT), options.reading)
    with IndexRun(folder, index_path, recipe, describe, options) as run:
        found = find_files(
            os.path.abspath(folder),
            hidden=options.hidden,
            leave_out=run.own_files,
            exclude=options.exclude,
            recursive=options.recursive,
        )
        ids = {file.id for file in found.files} if found.skips else set()
        for skip in found.skips:
            run.skip(skip, ids)
        run.report.hidden, run.report.excluded, run.report.idle = found.hidden, found.excluded, found.idle
        run.replace_index({}, found.files)
        return run.report


def change_index(
    folder: str | None,
    index_path: str,
    descriptor: Descriptor | None = None,
    options: Options | None = None,
    describe: Describe = describe_files,
    *,
    add: Sequence[str] = (),
    remove: Sequence[str] = (),
) -> Report:
    """Add and remove single images without looking at the rest of the folder.

    What is not named here is as for `index_folder`.

    Parameters
    ----------
    folder : str or None
        None if the index knows it.
    index_path : str
        The CSV; it must have been written by this program.
    add : sequence of str
        Paths of files in the dataset folder. One that is in the index is described again if its content changed.
    remove : sequence of str
        Image ids to remove.

    Raises
    ------
    IndexFileError
        Also for an id that is not in the index or a file that is not in the folder.
    """
    known = _folder_of(index_path)
    if folder is not None and os.path.realpath(folder) != os.path.realpath(known):
        raise IndexFileError(f"{index_path} is the index of {known}, not of {folder}")
    files = {file.id: file for file in (_found_file(known, path) for path in add)}
    options = options or Options()
    recipe = Recipe(descriptor or by_name(DEFAULT), options.reading)
    with IndexRun(known, index_path, recipe, describe, options, is_whole=False) as run:
        if run.known.csv is None:
            raise IndexFileError(
                f"{index_path} was changed by another program, or by a run that was killed, or made by another version "
                "or with other options (--full-resolution): index the folder with --dataset"
            )
        if not remove and run.append(list(files.values())):
            return run.report
        kept = dict(run.known.indexed)
        for image_id in remove:
            if kept.pop(image_id, None) is None:
                raise IndexFileError(f"{index_path} has no image '{image_id}'")
        run.replace_index({one: state for one, state in kept.items() if one not in files}, list(files.values()))
        return run.report


def _folder_of(index_path: str) -> str:
    index_path = csv_path(index_path)
    # A run that died between writing the CSV and its cache leaves an old one, which knows the folder.
    cache = current_cache(index_path) or read_cache(index_path)
    folder = cache.folder if cache else None
    if folder is None or not os.path.isdir(folder):
        raise IndexFileError(f"{index_path} does not know its folder, or that is away: index it with --dataset")
    return folder


def _found_file(folder: str, path: str) -> FoundFile:
    image_id = _place_in(folder, path)
    if image_id is None:
        raise IndexFileError(f"'{path}' is not an image in {folder}: only those can be added")
    try:
        status = os.stat(path)
    except OSError as error:
        raise IndexFileError(f"{path}: {error.strerror}") from None
    times = status.st_mtime_ns, status.st_ctime_ns
    return FoundFile(image_id.replace(os.sep, "/"), os.path.abspath(path), status.st_size, *times)


def _place_in(folder: str, path: str) -> str | None:
    """Return the path of a file from a folder that it is in, as a whole run would; None if it is in another."""
    # The way to a picture may lead through links, and the picture may be one, which is then added as such.
    where, name = os.path.split(os.path.abspath(path))
    real = os.path.realpath(folder)
    place = os.path.relpath(os.path.join(os.path.realpath(where), name), real)
    if place.split(os.sep)[0] not in (os.pardir, os.curdir):
        return place
    # A folder in the dataset may be a link that leads out of it. Its pictures are called by the link's name.
    place = name
    while os.path.realpath(where) != real:
        where, part = os.path.split(where)
        if not part:
            return None
        place = os.path.join(part, place)
    return place
