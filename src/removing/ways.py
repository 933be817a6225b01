"""Removing: the ways to get rid of a spare, by their names, and the kinds of copies that each is for."""

from dataclasses import dataclass

from ..duplicategroup import FILE, Copy

MOVE, LINK, TRASH, DELETE = NAMES = ("move", "link", "trash", "delete")


@dataclass(frozen=True)
class MoveTo:
    """The way of moving spares into a folder, below which they lie as their ids say; nothing is overwritten there."""

    folder: str


@dataclass(frozen=True)
class Link:
    """The way of making spares that are the same file hard links to the one to keep; other spares stay."""


@dataclass(frozen=True)
class Trash:
    """The way of putting spares into the trash."""


@dataclass(frozen=True)
class Delete:
    """The way of deleting spares, for good."""


Way = MoveTo | Link | Trash | Delete

_NAMES: dict[type[Way], str] = {MoveTo: MOVE, Link: LINK, Trash: TRASH, Delete: DELETE}


def name_of(way: Way) -> str:
    """Return what logs call a way."""
    return _NAMES[type(way)]


def is_for(way: Way, copy: Copy) -> bool:
    """Tell whether a spare can go that way: what is linked must be the same file, whatever it is called."""
    return copy.kind == FILE or not isinstance(way, Link)
