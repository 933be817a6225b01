"""The service: groups of duplicates, less what is not in the served index, or not as it was when they were found."""

import hashlib
import json
import os
from typing import NamedTuple

from .. import indexfile
from .openedindex import OpenedIndex
from .servedfiles import path_inside
from .toldgroups import ToldGroup, ToldGroups, ToldPicture


class ServedGroup(NamedTuple):
    """A group of pictures of the index."""

    key: str
    """The same as long as its pictures are; by it, a page knows again what somebody has decided."""
    group: ToldGroup


class ServedGroups(NamedTuple):
    """The groups of an index."""

    stamp: str
    """Differs where the groups differ."""
    groups: list[ServedGroup]
    without: int
    """How many pictures of the index could not be compared."""
    threshold: float
    any_orientation: bool

    @property
    def spares(self) -> int:
        """How many copies may go."""
        return sum(len(one.group.spares) for one in self.groups)

    @property
    def spare_bytes(self) -> int:
        """How much disk they take."""
        return sum(one.group.spare_bytes for one in self.groups)


def served_groups(told: ToldGroups, index: OpenedIndex) -> ServedGroups:
    """Return groups with the ids that their pictures have in an index.

    A picture is known by its path, where that lies in a folder of the index, or else by its id. What has not so many
    bytes as is told is another file, or has been changed. A group of fewer than two pictures is none.
    """
    places = _Places(index)
    # All at once: where a cluster has the index open, each question takes milliseconds.
    known = index.searcher.known([places.id_of(picture) for group in told.groups for picture in group.pictures])
    groups = []
    taken: set[str] = set()
    for group in told.groups:
        pictures = []
        for picture in group.pictures:
            image_id = places.id_of(picture)
            if image_id in known and image_id not in taken and _is_there(index, image_id, picture.bytes):
                taken.add(image_id)
                pictures.append(picture._replace(id=image_id, path=""))
        # Of copies alone nobody has said how similar they are to each other.
        if len(pictures) > 1 and not pictures[0].kind:
            groups.append(ServedGroup(_key(pictures), ToldGroup(tuple(pictures))))
    stamp = hashlib.blake2b("".join(one.key for one in groups).encode(), digest_size=8).hexdigest()
    return ServedGroups(stamp, groups, told.without, told.threshold, told.any_orientation)


def _key(pictures: list[ToldPicture]) -> str:
    named = json.dumps([(picture.id, picture.bytes) for picture in pictures])
    return hashlib.blake2b(named.encode(), digest_size=8).hexdigest()


class _Places:
    """Where the pictures of an index are."""

    def __init__(self, index: OpenedIndex) -> None:
        self._tops = [
            (name, os.path.join(top, ""))
            for name, folder in index.folders.items()
            for top in dict.fromkeys((os.path.abspath(folder), os.path.realpath(folder)))
        ]

    def id_of(self, picture: ToldPicture) -> str:
        """Return the id of a picture, if the index has it."""
        if os.path.isabs(picture.path):
            path = os.path.normpath(picture.path)
            for name, top in self._tops:
                if path.startswith(top):
                    return indexfile.joined_id(name, path[len(top) :].replace(os.sep, "/"))
        return picture.id


def _is_there(index: OpenedIndex, image_id: str, size: int) -> bool:
    """Tell whether a picture is there, of so many bytes; True where nobody knows where pictures are."""
    if not index.folders:
        return True
    path = path_inside(index, image_id)
    try:
        return path is not None and os.stat(path).st_size == size
    except OSError:
        return False


def gone_of(index: OpenedIndex, groups: list[ServedGroup]) -> set[str]:
    """Return the ids of those pictures that are not there any more as they were, as when their spares were moved."""
    pictures = [picture for one in groups for picture in one.group.pictures]
    return {picture.id for picture in pictures if not _is_there(index, picture.id, picture.bytes)}
