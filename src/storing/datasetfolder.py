"""Step 2, index: the folders whose images an index holds, and which of them an image id belongs to.

The ids of one folder are plain: the path relative to it. Where an index holds several, the others have names, and their
ids begin with name and `//`. A relative path never holds that, so no id can be mistaken.
"""

import os
from collections.abc import Container, Mapping
from typing import NamedTuple

from .paths import is_folder, is_url

MARK = "//"


class DatasetFolder(NamedTuple):
    """A dataset folder, as an index remembers it."""

    name: str
    """Begins the ids of its images; empty if they are plain."""
    path: str
    """Where it was when it was indexed."""
    relative: str | None = None
    """The way to it from the index."""

    def find(self, csv_path: str) -> str:
        """Return where it is: where it was, or beside the index if both were moved together."""
        beside = self.beside(csv_path)
        return beside if beside is not None and is_away(self.path) and os.path.isdir(beside) else self.path

    def beside(self, csv_path: str) -> str | None:
        """Return where the way from the index leads to."""
        if self.relative is None:
            return None
        return os.path.normpath(os.path.join(_folder_of(csv_path), self.relative))


def relative_way(folder: str, csv_path: str) -> str | None:
    """Return the way from an index to a folder; None if there is none, as from a URL or to another drive of Windows."""
    if is_url(csv_path):
        return None
    try:
        return os.path.relpath(os.path.realpath(folder), _folder_of(csv_path))
    except ValueError:
        return None


def _folder_of(index_path: str) -> str:
    """Return the folder in which the files of an index lie."""
    real = os.path.realpath(index_path)
    return real if is_folder(index_path) else os.path.dirname(real)


def is_away(path: str) -> bool:
    """Tell whether a folder is known not to be there, or is empty, as the place of a disk that is not mounted."""
    try:
        with os.scandir(path) as entries:
            return next(entries, None) is None
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False


def joined_id(name: str, relative: str) -> str:
    """Return the id of what lies in a folder of that name; `split_id` parts it again."""
    return f"{name}{MARK}{relative}" if name else relative


def split_id(image_id: str, names: Container[str]) -> tuple[str, str]:
    """Return the name of the folder that an image id belongs to, and the path relative to it."""
    name, _, relative = image_id.partition(MARK)
    # Another program may have written any id.
    return (name, relative) if relative and name and name in names else ("", image_id)


def image_path(image_id: str, folders: Mapping[str, str]) -> str | None:
    """Return where an image is, with `/` as in its id; None if its folder is not among these, by name."""
    name, relative = split_id(image_id, folders)
    return f"{folders[name].rstrip('/')}/{relative}" if name in folders else None
