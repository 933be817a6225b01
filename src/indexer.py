"""Step 2, index: a folder becomes an index, and an index is brought up to date with its folder.

A run describes only what it does not know yet. It knows a file by size and time, or else by the digest of its
content, so a renamed, copied or touched file is not described again. What it describes goes into the journal at
once; only at the end a new index takes the place of the old one.
"""

import os
from collections.abc import Sequence

from .describer import describe_files
from .description import Describe, Recipe
from .descriptors import Descriptor
from .errors import IndexFileError
from .imagefiles import FoundFile
from .indexing.choice import choose_datasets
from .indexing.datasets import Datasets
from .indexing.locking import lock_index, target_of
from .indexing.maker import descriptor_of
from .indexing.options import Options, Report
from .indexing.reuse import reusing
from .indexing.run import IndexRun
from .indexing.skips import count_others, is_picture
from .indexing.target import Each
from .indexing.walk import parts_of, rows_outside, walk, why_unlisted

__all__ = [
    "Options",
    "Report",
    "change_index",
    "count_others",
    "datasets_of",
    "descriptor_of",
    "index_folder",
    "is_picture",
    "lock_index",
    "reusing",
]


def index_folder(
    folder: str | Sequence[str] | None,
    index_path: str,
    descriptor: Descriptor | None = None,
    options: Options | None = None,
    describe: Describe = describe_files,
    *,
    only: Sequence[str] = (),
    each: Each = map,
) -> Report:
    """Bring an index up to date with a folder, or write it if there is none.

    Run it again whenever pictures were added, changed, renamed or deleted: only what is new is described. A run that
    was interrupted is taken up by the next one.

    Parameters
    ----------
    folder : str or sequence of str
        The dataset folder; its subfolders belong to it. Where an index holds several, name all of them; the ids of
        their images begin with the folder's name and `//`. None, if the index knows them, to look at a part of them.
    index_path : str
        The CSV to write; or, ending in `/`, the folder or URL of an index of shards.
    descriptor : Descriptor, optional
        Turns a picture into a feature vector. By default it is that of the index; the classic `ColorDescriptor` if
        there is none yet.
    options : Options, optional
        How to index, such as `Options(hidden=True, jobs=1)`; in the module `indexer`.
    describe : callable, optional
        Who describes; by default a process of its own, which broken files cannot bring down.
    only : sequence of str, optional
        Paths of subfolders; the images elsewhere stay in the index without being looked at.
    each : callable, optional
        Who writes the shards of an index of shards: called as `map` is; by default this process, one after the other.

    Returns
    -------
    Report
        How many images are `indexed`, and of them `new`, `changed`, `moved`; how many were `removed`,
        and how many were `kept` though they were not found; the `skips`.

    Raises
    ------
    IndexFileError
        If the index cannot be written, another run is writing it, it is of other folders, or there
        is no image to index.
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
    recipe = Recipe(descriptor or descriptor_of(index_path), options.reading)
    folders = _as_list(folder)
    _check_one_is_there(folders)
    target = target_of(index_path, options.shard_size, each)
    with IndexRun(folders, target, recipe, describe, options, is_whole=not only) as run:
        kept, parts = {}, None
        if only:
            if target.exists():
                run.check_rows_stay()
            parts = parts_of(run, only)
            kept = rows_outside(run, parts)
        run.replace_index(kept, walk(run, parts, options), was_walked=True)
        return run.report


def change_index(
    folder: str | Sequence[str] | None,
    index_path: str,
    descriptor: Descriptor | None = None,
    options: Options | None = None,
    describe: Describe = describe_files,
    *,
    add: Sequence[str] = (),
    remove: Sequence[str] = (),
    each: Each = map,
) -> Report:
    """Add and remove single images without looking at the rest of the folder.

    What is not named here is as for `index_folder`.

    Parameters
    ----------
    folder : str, sequence of str or None
        None if the index knows it.
    index_path : str
        The CSV; it must have been written by this program.
    add : sequence of str
        Paths of files in the dataset folders. One that is in the index is described again if its content changed.
    remove : sequence of str
        Image ids to remove, or paths as for `add`.

    Raises
    ------
    IndexFileError
        Also for an id that is not in the index or a file that is not in the folder.
    """
    options = options or Options()
    recipe = Recipe(descriptor or descriptor_of(index_path), options.reading)
    target = target_of(index_path, options.shard_size, each)
    with IndexRun(_as_list(folder), target, recipe, describe, options, is_whole=False) as run:
        files = {file.id: file for file in (_found_file(run.datasets, path) for path in add)}
        run.check_rows_stay()
        if not remove and run.append(list(files.values())):
            return run.report
        kept = dict(run.known.indexed)
        for named in remove:
            image_id = named if named in kept else run.datasets.id_of_file(named)
            if image_id is None or kept.pop(image_id, None) is None:
                raise IndexFileError(f"{index_path} has no image '{named}'")
        run.replace_index({one: state for one, state in kept.items() if one not in files}, list(files.values()))
        return run.report


def datasets_of(folders: Sequence[str]) -> Datasets:
    """Return dataset folders with the names that a new index of them would give them.

    Raises
    ------
    IndexFileError
        If one lies in another, or cannot be told from another by its name.
    """
    return choose_datasets("", None, (), folders, rebuild=False, prune=False)


def _as_list(folder: str | Sequence[str] | None) -> Sequence[str]:
    return [folder] if isinstance(folder, str) else folder or ()


def _check_one_is_there(folders: Sequence[str]) -> None:
    """Raise OSError if there are folders and none can be listed: before anything is written beside the index."""
    reasons = [reason for folder in folders if (reason := why_unlisted(folder)) is not None]
    if reasons and len(reasons) == len(folders):
        raise reasons[0]


def _found_file(datasets: Datasets, path: str) -> FoundFile:
    image_id = datasets.id_of_file(path)
    if image_id is None:
        raise IndexFileError(f"'{path}' is not an image in {datasets}: only those can be added")
    try:
        status = os.stat(path)
    except OSError as error:
        raise IndexFileError(f"{path}: {error.strerror}") from None
    times = status.st_mtime_ns, status.st_ctime_ns
    return FoundFile(image_id, os.path.abspath(path), status.st_size, *times)
