"""Groups of small files for the tests of what removes spares: nobody looks into pictures, so any bytes do."""

import os
from pathlib import Path

from src.duplicategroup import FILE, Copy, Group, Picture
from src.filebytes import content_digest


def picture_of(folder: Path, id_: str) -> Picture:
    """Return a file of a folder as a picture, as it is now."""
    path = folder / id_
    status = path.stat()
    digest = content_digest(path.read_bytes())
    return Picture(id_, str(path), status.st_size, status.st_mtime_ns, 8, 8, digest)


def group_of(folder: Path, keep: str, *spares: str, kind: str = FILE) -> Group:
    """Return a group of files of a folder."""
    return Group(picture_of(folder, keep), tuple(Copy(picture_of(folder, one), kind, 1.0) for one in spares))


def write_group(folder: Path, keep: str, *spares: str, content: bytes | None = None, kind: str = FILE) -> Group:
    """Write files of one content, of their own unless it is given, and return them as a group."""
    for id_ in (keep, *spares):
        (folder / id_).parent.mkdir(parents=True, exist_ok=True)
        (folder / id_).write_bytes(f"the content of {keep}".encode() if content is None else content)
    return group_of(folder, keep, *spares, kind=kind)


def contents(*folders: Path) -> dict[str, bytes]:
    """Return what files there are in some folders, by their paths."""
    found = [Path(top, name) for folder in folders for top, _, names in os.walk(folder) for name in names]
    return {str(path): path.read_bytes() for path in found}


class Lines(list[str]):
    """Lines that were told."""

    def __call__(self, line: str) -> None:
        """Note a line."""
        self.append(line)
