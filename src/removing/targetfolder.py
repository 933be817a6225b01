"""Removing: the folder that spares are moved to, and where each of them goes in it."""

import os
from collections.abc import Iterator, Sequence

from ..duplicategroup import Group, Picture
from ..errors import ExpectedError
from .filemove import move
from .heldfile import HeldFile
from .newname import free_names, unfinished_of
from .reasons import FULL, Stays, Stops
from .untouchable import real_paths_above


class TargetFolder:
    """A folder that takes spares up.

    Parameters
    ----------
    path : str
        It is made if it is not there.
    groups : sequence of Group
        Whose spares it takes.
    run : str
        By which names that are not finished are known.
    datasets : sequence of str, optional
        Folders in which pictures are looked for, beside those of the groups.

    Raises
    ------
    ExpectedError
        If it cannot take up anything, or lies in a dataset folder, where the spares would be found once more.
    """

    def __init__(self, path: str, groups: Sequence[Group], run: str, datasets: Sequence[str] = ()) -> None:
        self._path, self._run = os.path.abspath(path), run
        self._datasets = sorted({*_dataset_folders(groups), *datasets})
        self._outside: set[str] = set()
        if (dataset := self._dataset_above(self._path)) is not None:
            raise ExpectedError(
                f"{path} is in {dataset}, where what is moved would be found again: choose a folder elsewhere, "
                "or a hidden one (.spares); nothing was touched"
            )
        try:
            os.makedirs(self._path, exist_ok=True)
            self._status = os.stat(self._path)
        except OSError as error:
            raise ExpectedError(
                f"{path}: no folder to move to ({error.strerror}): choose another for --move-to; nothing was touched"
            ) from error
        if not os.access(self._path, os.W_OK | os.X_OK):
            raise ExpectedError(f"{path}: no permission to write to it; nothing was touched")

    def _dataset_above(self, folder: str) -> str | None:
        """Return the dataset that would find what lies in a folder, if there is one."""
        names: list[str] = []
        for above in real_paths_above(folder):
            for dataset in self._datasets:
                if _is_same_folder(above, dataset) and not any(name.startswith(".") for name in names):
                    return dataset
            names.append(os.path.basename(above))
        return None

    def names_for(self, picture: Picture) -> Iterator[str | None]:
        """Return where a spare may go: names that nothing has, in folders that are there.

        Raises
        ------
        Stays
            If its folder cannot be made, or lies in a dataset.
        Stops
            If the target is not there any more, or full.
        """
        # What has been unmounted leaves an empty folder, on another disk.
        try:
            is_there = os.path.samestat(os.stat(self._path), self._status)
        except OSError:
            is_there = False
        if not is_there:
            raise Stops(f"{self._path} is not there any more, or is another folder")
        path = os.path.join(self._path, *_parts(picture.id))
        folder = os.path.dirname(path)
        try:
            os.makedirs(folder, exist_ok=True)
        except OSError as error:
            self._stop_if_full(error)
            raise Stays(f"the folder {folder} cannot be made: {error.strerror}") from error
        self._check_outside(folder)
        yield from free_names(path)

    def _check_outside(self, folder: str) -> None:
        """Raise Stays if a folder below is in a dataset, which may lie there, or be led to by a link."""
        if folder in self._outside:
            return
        if (dataset := self._dataset_above(folder)) is not None:
            raise Stays(f"it would be moved to {folder}, which is in {dataset}, and be found again there")
        self._outside.add(folder)

    def take(self, spare: HeldFile, target: str) -> None:
        """Move a spare to a name of `names_for`.

        FileExistsError is raised if the name is taken by now, Stays or Stops if it is where it was for another reason.
        """
        try:
            move(spare, target, unfinished_of(target, self._run))
        except FileExistsError:
            raise
        except OSError as error:
            self._stop_if_full(error)
            raise Stays(f"it cannot be moved to {target}: {error.strerror}") from error

    def _stop_if_full(self, error: OSError) -> None:
        if error.errno in FULL:
            raise Stops(f"{self._path}: {error.strerror}") from error


def _parts(id_: str) -> list[str]:
    """Return the names of an id, folders first; none of them leads out of the folder that they are put into."""
    parts = os.path.splitdrive(id_)[1].replace(os.sep, "/").split("/")
    return [part for part in parts if part not in ("", os.curdir, os.pardir)]


def dataset_folder(picture: Picture) -> str | None:
    """Return the folder that an id is relative to: what is before it in the picture's path, if it ends in the id."""
    # Of several folders, ids begin with a name and two slashes.
    end = os.sep + picture.id.rpartition("//")[2].replace("/", os.sep)
    return (picture.path.removesuffix(end) or os.sep) if picture.path.endswith(end) else None


def _dataset_folders(groups: Sequence[Group]) -> list[str]:
    pictures = [one for group in groups for one in (group.keep, *(copy.picture for copy in group.copies))]
    return sorted({folder for folder in map(dataset_folder, pictures) if folder is not None})


def _is_same_folder(one: str, other: str) -> bool:
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False
