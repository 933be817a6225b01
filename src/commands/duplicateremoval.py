"""What duplicates.py does with spares, and how it brings them back."""

import argparse
import os
import time
from collections.abc import Sequence
from itertools import count
from typing import TYPE_CHECKING, Any

from ..duplicategroup import Group, counted, disk_words
from ..errors import ExpectedError
from . import console

if TYPE_CHECKING:
    from ..spares import Removed, Way


def way_of(arguments: argparse.Namespace) -> "Way | None":
    """Return in which way spares are to go; None if they stay.

    Raises
    ------
    ExpectedError
        If somebody is to be asked, and nobody is there; or a folder to protect is none, as where its name is misspelt.
    """
    for folder in arguments.protect:
        if not os.path.isdir(folder):
            raise ExpectedError(f"{folder} is no folder: nothing can be protected there")
    from ..spares import Delete, Link, MoveTo, Trash

    if arguments.move_to is not None:
        return MoveTo(arguments.move_to)
    if arguments.link:
        return Link()
    if not arguments.delete:
        return None
    if not (arguments.yes or console.can_ask()):
        raise ExpectedError("--delete asks before it deletes, and here is nobody to answer: add --yes")
    return Delete() if arguments.permanently else Trash()


def get_rid(arguments: argparse.Namespace, groups: Sequence[Group], way: "Way") -> "Removed | None":
    """Get rid of the spares of groups, and say so; None if somebody was asked and did not want that."""
    from ..spares import remove

    spares = [copy for group in groups for copy in group.spares]
    if arguments.delete and spares and not arguments.yes:
        size = disk_words(sum(group.spare_bytes for group in groups))
        what = f"{counted(len(spares), 'picture')}, {size}"
        into = "delete for good" if arguments.permanently else "put into the trash"
        if not console.agrees(f"{into} {what}?"):
            console.report("nothing was done")
            return None
    log = arguments.log or _new_log()
    with console.ProgressBar("spares", "picture", quiet=arguments.quiet) as bar:
        removed = remove(
            groups, way, log, lambda line: _tell(bar, line), bar.update, arguments.protect, arguments.dataset
        )
    if not arguments.quiet:
        console.report(_summary(arguments, removed))
    return removed


def _new_log() -> str:
    """Return the name of a log of this second, in the current folder."""
    name = time.strftime("duplicates-%Y%m%d-%H%M%S")
    return next(log for n in count(1) if not os.path.lexists(log := f"{name}-{n}.log" if n > 1 else f"{name}.log"))


def removed_values(removed: "Removed | None") -> dict[str, Any] | None:
    """Return what became of spares as JSON values."""
    if removed is None:
        return None
    return {name.removesuffix("_path"): value for name, value in removed._asdict().items()}


def bring_back(arguments: argparse.Namespace) -> int:
    """Undo what a log tells; return the exit code."""
    from ..spares import undo

    with console.ProgressBar("bringing back", "picture", quiet=arguments.quiet) as bar:
        undone = undo(arguments.undo, lambda line: _tell(bar, line), bar.update)
    if not arguments.quiet:
        before = f", {undone.passed:,} were there already" if undone.passed else ""
        left = f"; {undone.left:,} could not be" if undone.left else ""
        console.report(f"{counted(undone.done, 'picture')} brought back{before}{left}")
    return console.FAILED if undone.left else console.DONE


def _tell(bar: console.ProgressBar, line: str) -> None:
    bar.report(f"{console.program_name()}: {line}")


def _summary(arguments: argparse.Namespace, removed: "Removed") -> str:
    done = "linked" if arguments.link else "deleted" if arguments.delete else "moved"
    if arguments.delete and not arguments.permanently:
        done = "put into the trash"
    passed = f", {removed.passed:,} not the same file or linked already" if removed.passed else ""
    left = f"; {removed.left:,} had to stay" if removed.left else ""
    log = f"; {removed.log_path} tells of each" if removed.log_path else ""
    return f"{counted(removed.done, 'spare')} {done}, {disk_words(removed.bytes)}{passed}{left}{log}"
