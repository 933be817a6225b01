"""Groups of duplicates that tests make up."""

import os
from collections.abc import Sequence

from src.duplicategroup import NEAR, Copy, Group, Picture
from src.imagereader import read_image


def made_up(name: str, width: int = 80, height: int = 60, size: int = 1000) -> Picture:
    """Return a picture of which there is no file."""
    return Picture(name, f"/nowhere/{name}", size, 0, width, height, bytes(16))


def group_of(keep: Picture, copies: Sequence[Picture], kind: str = NEAR) -> Group:
    """Return a group, its copies all of one kind."""
    return Group(keep, tuple(Copy(picture, kind, 0.97 if kind == NEAR else 1.0) for picture in copies))


def picture_of(path: str | os.PathLike[str], picture_id: str | None = None) -> Picture:
    """Return the picture that a file holds, as it is now."""
    found, (height, width) = os.stat(path), read_image(os.fspath(path)).shape[:2]
    name = picture_id or os.path.basename(path)
    return Picture(name, os.fspath(path), found.st_size, found.st_mtime_ns, width, height, bytes(16))
