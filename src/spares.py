"""Spares of duplicates: get rid of them in a way that loses no picture, and take that back.

Nothing here decides what a spare is: groups come from who has found them, or from decisions made elsewhere.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from .duplicategroup import Group


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


class Removed(NamedTuple):
    """What became of the spares of some groups."""

    done: int
    """Spares that went, or became links."""
    left: int
    """Spares that were to go and stay: a line was told of each."""
    passed: int
    """Spares that the way is not for: with `Link`, those that are not the same file, or are linked already."""
    bytes: int
    """Of disk that is free where they were. A file with other names takes the same as before."""
    log_path: str | None
    """The log that was written; None where there was nothing to do."""


class Undone(NamedTuple):
    """What an undoing did."""

    done: int
    """Spares that are what they were again."""
    left: int
    """Spares that could not be brought back: a line was told of each."""
    passed: int
    """Spares that were where they had been already, as after an undoing that was interrupted."""


def remove(
    groups: Sequence[Group],
    way: Way,
    log_path: str,
    told: Callable[[str], object],
    progress: Callable[[int, int], object] = lambda done, total: None,
    protect: Sequence[str] = (),
) -> Removed:
    """Get rid of the spares of groups, each after a look at it and at the one to keep.

    Parameters
    ----------
    groups : sequence of Group
        Their `spares` go; a copy that `is_protected` stays, and so does any file that a group keeps.
    way : MoveTo, Link, Trash or Delete
    log_path : str
        A file that is not there: it is created, and told of each action before and after it.
    told : callable
        Called with one line, that names the file, of each spare that stays.
    progress : callable, optional
        Called after every spare with how many are done and how many there are.
    protect : sequence of str
        Folders that must not lose a file, whatever the groups say.

    Raises
    ------
    ExpectedError
        If it cannot begin: the log is there, or the folder cannot be used. Nothing was touched.
    OSError
        If the log cannot be written (any more): nothing is touched of which it does not tell.
    KeyboardInterrupt
        With a line that says how far it came.
    """
    raise NotImplementedError


def undo(
    log_path: str,
    told: Callable[[str], object],
    progress: Callable[[int, int], object] = lambda done, total: None,
) -> Undone:
    """Bring back what a log says was moved, and make links to files of their own again; nothing is overwritten.

    It may be repeated, and takes the log of a run that was killed, wherever it was cut.

    Parameters
    ----------
    log_path : str
    told : callable
        Called with one line, that names the file, of each spare that cannot be brought back.
    progress : callable, optional
        Called after every spare with how many are done and how many there are.

    Raises
    ------
    ExpectedError
        If the file is no log, another run has it open, or it is of a way that cannot be undone: trash and deletion.
    OSError
        If it cannot be read.
    """
    raise NotImplementedError
