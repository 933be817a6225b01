"""Step 2, index: a run looks through its dataset folders, or through some of their subfolders."""

import os
import stat
from collections.abc import Mapping, Sequence

from ..errors import IndexFileError
from ..imagefiles import Folder, FoundFile, find_files
from ..indexfile import FileState
from .datasets import Dataset
from .options import Options
from .run import IndexRun

Parts = Mapping[Dataset, Sequence[str]]
"""Subfolders of dataset folders, as paths relative to them."""


def walk(run: IndexRun, parts: Parts | None, options: Options) -> list[FoundFile]:
    """Find the files of a run's dataset folders, and tell the run what is left out there.

    Parameters
    ----------
    run : IndexRun
    parts : mapping of Dataset to sequence of str, or None
        Where to look; None for everywhere.
    options : Options

    Raises
    ------
    OSError
        If none of the folders can be listed, or a new one cannot.
    """
    files: list[FoundFile] = []
    idle = set(options.exclude)
    wanted = [folder for folder in run.datasets if folder.is_wanted and (parts is None or folder in parts)]
    missing = [folder for folder in run.datasets if not folder.is_wanted] if parts is None else []
    away = {folder: error for folder in wanted if (error := why_unlisted(folder.path)) is not None}
    for folder, error in away.items():
        if folder.is_new or len(away) == len(wanted):
            raise error
        is_gone = isinstance(error, FileNotFoundError | NotADirectoryError)
        if not (is_gone and options.prune):
            run.unseen.keep(folder, error.strerror or "cannot be listed", is_gone=is_gone)
    for folder in missing:
        run.unseen.keep(folder, "it is not there", is_gone=True)
    for folder in wanted:
        if folder not in away:
            only = None if parts is None else parts[folder]
            found = _walk_one(run, folder, only, options)
            files += found.files
            idle &= set(found.idle)
    # A pattern may be about what was not looked at.
    run.report.idle = [pattern for pattern in options.exclude if pattern in idle] if parts is None else []
    return files


def why_unlisted(path: str) -> OSError | None:
    """Return why a folder cannot be listed; None if it can."""
    try:
        os.scandir(path).close()
    except OSError as error:
        return error
    return None


def _walk_one(run: IndexRun, folder: Dataset, only: Sequence[str] | None, options: Options) -> Folder:
    found = find_files(
        folder.path,
        hidden=options.hidden,
        leave_out=run.own_files,
        exclude=options.exclude,
        recursive=options.recursive,
        only=only,
    )
    files = found.files
    if folder.name:
        files = [file._replace(id=folder.image_id(file.id)) for file in files]
    ids = {file.id for file in files} if found.skips else set()
    for skip in found.skips:
        run.unseen.skip(skip._replace(id=folder.image_id(skip.id)), ids)
    run.unseen.leave_out(folder.image_id(one) for one in found.left_out)
    run.report.hidden += found.hidden
    run.report.excluded += found.excluded
    return found._replace(files=files)


def parts_of(run: IndexRun, paths: Sequence[str]) -> Parts:
    """Return the parts of a run's dataset folders that some paths of subfolders name."""
    parts: dict[Dataset, list[str]] = {}
    for path in paths:
        place = run.datasets.place_of_folder(path)
        if place is None:
            folders = ", ".join(dataset.path for dataset in run.datasets)
            raise IndexFileError(f"'{path}' is not in {folders}: --only names a subfolder, by its path from here")
        folder, relative = place
        # Where a folder was removed, its images are to leave.
        has_images = bool(run.known.ids_at(folder.image_id(relative or os.curdir)))
        if not _is_folder(path, otherwise=has_images):
            raise IndexFileError(f"'{path}' is no folder: --only names a subfolder of the images")
        parts.setdefault(folder, []).append(relative)
    return parts


def _is_folder(path: str, *, otherwise: bool) -> bool:
    """Tell whether a path is a folder's; `otherwise` is returned for one where nothing is."""
    try:
        return stat.S_ISDIR(os.stat(path).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return otherwise
    except OSError:
        return True  # nobody knows, and the walk will say why


def rows_outside(run: IndexRun, parts: Parts) -> dict[str, FileState]:
    """Return the images of the index that are in none of some parts of its folders."""
    starts = [folder.image_id(one or os.curdir) for folder, some in parts.items() for one in some]
    inside = {one for start in starts for one in run.known.ids_at(start)}
    return {one: state for one, state in run.known.indexed.items() if one not in inside}
