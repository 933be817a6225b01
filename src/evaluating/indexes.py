"""The indexes that are evaluated: those that are given, and those that are written for it and kept."""

import hashlib
import os
from collections.abc import Sequence
from typing import NamedTuple

from .. import descriptors
from ..descriptors import Descriptor
from ..errors import IndexFileError
from ..indexfile import image_path, name_of
from ..searcher import Searcher

# The name of a file has room for so many letters of two names, in any script, and so many digits of a digest.
LONGEST_STEM, DIGITS = 25, 10


class Contender(NamedTuple):
    """An index that is evaluated."""

    name: str
    """What people call its descriptor; no two have the same."""
    path: str
    searcher: Searcher

    def image_path(self, image_id: str) -> str | None:
        """Return where an image is; None if that is not known."""
        folders = self.searcher.folders if self.searcher.folder is None else {"": self.searcher.folder}
        return image_path(image_id, folders)


def kept_name(datasets: Sequence[str], name: str, key: str) -> str:
    """Return what the index of some folders is called among those that are kept.

    `name` is what people call its descriptor. `key` names all that makes its vectors.
    """
    # Of one name there may be several folders and descriptors.
    real = [os.path.realpath(one) for one in datasets]
    digest = hashlib.sha256(os.fsencode("\0".join([*real, key]))).hexdigest()[:DIGITS]
    stem = "-".join(one.replace(os.sep, "_")[:LONGEST_STEM] for one in (os.path.basename(real[0]) or "root", name))
    return f"{stem}-{digest}.csv"


def open_all(paths: Sequence[str], datasets: Sequence[str]) -> list[Contender]:
    """Open indexes that are there, which stay as they are; IndexFileError if one is of other folders than these."""
    found = []
    for path in paths:
        searcher = Searcher(path)
        known = {os.path.realpath(one) for one in _folders(searcher)}
        wanted = {os.path.realpath(one) for one in datasets}
        if known and wanted and known != wanted:
            raise IndexFileError(f"{path} is of {', '.join(sorted(known))}, not of {', '.join(sorted(wanted))}")
        found.append(Contender(called(searcher.descriptor), path, searcher))
    return found


def with_own_names(tested: Sequence[Contender]) -> list[Contender]:
    """Return indexes so that no two have the same name."""
    names = [one.name for one in tested]
    named: list[Contender] = []
    for one in tested:
        name = one.name if names.count(one.name) == 1 else f"{one.name} ({name_of(one.path)})"
        # Two of one name in two folders, or the same one twice.
        taken = [other.name for other in named]
        named.append(one._replace(name=name if name not in taken else f"{one.name} ({one.path}, {len(taken) + 1})"))
    return named


def called(descriptor: Descriptor) -> str:
    """Return what people call a descriptor."""
    return descriptors.called(descriptor.name)


def _folders(searcher: Searcher) -> list[str]:
    return [searcher.folder] if searcher.folder is not None else list(searcher.folders.values())
