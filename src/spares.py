"""Spares of duplicates: get rid of them in a way that loses no picture, and take that back.

Nothing here decides what a spare is: groups come from who has found them, or from decisions made elsewhere.
"""

from collections.abc import Callable, Sequence

from .duplicategroup import Group
from .removing.outcome import Removed, Undone
from .removing.playback import play_back
from .removing.run import Run
from .removing.ways import Delete, Link, MoveTo, Trash, Way

__all__ = ["Delete", "Link", "MoveTo", "Removed", "Trash", "Undone", "Way", "remove", "undo"]


def remove(
    groups: Sequence[Group],
    way: Way,
    log_path: str,
    told: Callable[[str], object],
    progress: Callable[[int, int], object] = lambda done, total: None,
    protect: Sequence[str] = (),
    datasets: Sequence[str] = (),
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
    datasets : sequence of str, optional
        Folders in which pictures are looked for, also those of no group: what is moved there would be found again.

    Raises
    ------
    ExpectedError
        If it cannot begin: the log is there, or the folder cannot be used. Nothing was touched.
    OSError
        If the log cannot be written (any more): nothing is touched of which it does not tell.
    KeyboardInterrupt
        With a line that says how far it came.
    """
    return Run(groups, way, log_path, told, progress, protect, datasets).go()


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
    return play_back(log_path, told, progress)
