"""Step 2, index: the dataset folders of a run, and what is where in them."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple, TypeVar

from ..indexfile import DatasetFolder, image_path, joined_id, split_id

Row = TypeVar("Row")


class Dataset(NamedTuple):
    """A dataset folder in one run."""

    name: str
    """Begins the ids of its images; empty if they are plain."""
    path: str
    """Where it is."""
    relative: str | None
    """The way to it from the index."""
    is_new: bool = False
    """Whether the index has no images of it."""
    is_where_it_was: bool = False
    """Whether its files are known by size and time."""
    is_wanted: bool = True
    """Whether it is to be looked at; one that is away and was not named is not."""

    def image_id(self, relative: str) -> str:
        """Return the id of what is there in the folder."""
        return joined_id(self.name, relative)


class Datasets:
    """All dataset folders of an index, in one run.

    Parameters
    ----------
    folders : iterable of Dataset
    left_out : iterable of str, optional
        Names of folders that the index has images of, and will not have any more.
    """

    def __init__(self, folders: Iterable[Dataset], left_out: Iterable[str] = ()) -> None:
        self._folders = {folder.name: folder for folder in sorted(folders)}
        self._paths = {folder.name: folder.path for folder in self}
        self._names = {*self._folders, *left_out}

    def __iter__(self) -> Iterator[Dataset]:
        return iter(self._folders.values())

    def __len__(self) -> int:
        return len(self._folders)

    def __str__(self) -> str:
        return " and ".join(folder.path for folder in self)

    def remembered(self) -> list[DatasetFolder]:
        """Return them as an index remembers them."""
        return [DatasetFolder(folder.name, folder.path, folder.relative) for folder in self]

    def name_of(self, image_id: str) -> str:
        """Return the name of the folder that an image id belongs to."""
        return split_id(image_id, self._names)[0]

    def path_of(self, image_id: str) -> str:
        """Return where an image is, or what folder the start of its id names."""
        return image_path(image_id, self._paths) or image_id

    def rows_of(self, rows: Mapping[str, Row], is_meant: Callable[[Dataset], bool]) -> Mapping[str, Row]:
        """Return those of some rows, by image id, that belong to certain folders."""
        meant = {folder.name for folder in self if is_meant(folder)}
        # The ids of another program need not be sorted by their folders.
        if self._names == {""}:
            return rows if meant else {}
        return {one: row for one, row in rows.items() if self.name_of(one) in meant}

    def id_of_file(self, path: str) -> str | None:
        """Return the id of an image by its path; None if it is in none of the folders."""
        # The way to a picture may lead through links, and the picture may be one, which is then an image of its own.
        where, name = os.path.split(os.path.abspath(path))
        found = self._place(os.path.join(os.path.realpath(where), name)) or self._place_by_links(where, name)
        return found[0].image_id(found[1]) if found is not None and found[1] else None

    def place_of_folder(self, path: str) -> tuple[Dataset, str] | None:
        """Return in which dataset folder a folder lies, and where in that; empty if it is that itself."""
        return self._place(os.path.realpath(path)) or self._place_by_links(*os.path.split(os.path.abspath(path)))

    def _place(self, path: str) -> tuple[Dataset, str] | None:
        for folder in self:
            inside = path_inside(path, os.path.realpath(folder.path))
            if inside is not None:
                return folder, inside
        return None

    def _place_by_links(self, where: str, place: str) -> tuple[Dataset, str] | None:
        """Return where a path is that leads out of a dataset folder by a link: what is there has the link's name."""
        real = {os.path.realpath(folder.path): folder for folder in self}
        while (folder := real.get(os.path.realpath(where))) is None:
            where, part = os.path.split(where)
            if not part:
                return None
            place = f"{part}/{place}"
        return folder, place


def path_inside(path: str, folder: str) -> str | None:
    """Return the path relative to a folder, with `/`; empty for the folder itself, None if it lies elsewhere."""
    try:
        relative = os.path.relpath(path, folder)
    except ValueError:  # another drive of Windows
        return None
    if relative == os.curdir:
        return ""
    return None if relative.split(os.sep)[0] == os.pardir else relative.replace(os.sep, "/")
