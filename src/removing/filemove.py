"""Removing: a move of a file to another name, on whatever file system, by which nothing is overwritten or lost."""

import errno
import os
from contextlib import suppress

from ..atomicfile import sync_folder
from .heldfile import HeldFile
from .newname import take_name
from .reasons import Stays
from .wholecopy import copy_whole


def move(held: HeldFile, target: str, unfinished: str) -> None:
    """Move a file to a name that nothing has, on whatever file system. Killed at any moment, it is whole in one place.

    Parameters
    ----------
    held : HeldFile
        It must have been looked at.
    target : str
    unfinished : str
        A name beside the target, for a copy that is not whole yet.

    Raises
    ------
    FileExistsError
        If anything has the name.
    Stays
        If the file is not what it was. It is where it was, and only there.
    OSError
        If it cannot be moved; the same holds.
    """
    held.look_again()
    try:
        take_name(held.path, target, held.status)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _move_far(held, target, unfinished)


def _move_far(held: HeldFile, target: str, unfinished: str) -> None:
    status = copy_whole(held, unfinished)
    try:
        take_name(unfinished, target, status)
    finally:
        with suppress(OSError):
            os.unlink(unfinished)
    sync_folder(os.path.dirname(target) or os.curdir)
    try:
        held.look_again()
        os.unlink(held.path)
    except (OSError, Stays):
        with suppress(OSError):
            if held.has_name():
                os.unlink(target)
        raise
