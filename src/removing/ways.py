"""Removing: the ways to get rid of a spare, by their names, and the kinds of copies that each is for."""

from typing import NamedTuple

from ..duplicategroup import FILE, Copy

MOVE, LINK, TRASH, DELETE = "move", "link", "trash", "delete"


class MoveTo(NamedTuple):
    """The way of moving spares into a folder, below which they lie as their ids say; nothing is overwritten there."""

    folder: str


class Link(NamedTuple):
    """The way of making spares that are the same file hard links to the one to keep; other spares stay."""


class Trash(NamedTuple):
    """The way of putting spares into the trash."""


class Delete(NamedTuple):
    """The way of deleting spares, for good."""


Way = MoveTo | Link | Trash | Delete

_NAMES: dict[type[Way], str] = {MoveTo: MOVE, Link: LINK, Trash: TRASH, Delete: DELETE}


def name_of(way: Way) -> str:
    """Return what logs call a way."""
    return _NAMES[type(way)]


def is_for(way: Way, copy: Copy) -> bool:
    """Tell whether a spare can go that way: what is linked must be the same file, whatever it is called."""
    return copy.kind == FILE or not isinstance(way, Link)
