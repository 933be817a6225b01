"""Removing: the undoing of a run by its log. What is to be done follows from what is there, so it may be repeated."""

import os
import stat
from collections.abc import Callable
from contextlib import suppress

from ..errors import ExpectedError
from .filemove import move
from .heldfile import HeldFile, locked
from .logreader import Action, ReadLog
from .newname import unfinished_of
from .outcome import Count, Undone
from .placeoffile import check_apart
from .reasons import Stays, left_line, reason_of
from .ways import DELETE, TRASH
from .wholecopy import copy_whole

_FINAL = {TRASH: "put into the trash, from where only the trash brings them back", DELETE: "deleted, for good"}


def play_back(log_path: str, told: Callable[[str], object], progress: Callable[[int, int], object]) -> Undone:
    """Undo what a log tells of, the last action first; see `spares.undo`."""
    count = Count()
    with ReadLog(log_path) as log:
        final = next((_FINAL[action.way] for action in log.actions if action.way in _FINAL), None)
        if final is not None:
            raise ExpectedError(f"{log_path} is of spares that were {final}")
        for number in log.damaged:
            count.left += 1
            told(f"{log_path}, line {number}, is damaged: what it tells of is not undone")
        total = len(log.actions) + count.left
        # Before anything is brought back there.
        datasets = {(action.dataset, action.dataset_inode) for action in log.actions if action.dataset is not None}
        away = {dataset for dataset, inode in datasets if _is_away(dataset, inode)}
        try:
            for action in reversed(log.actions):
                try:
                    if action.dataset in away:
                        raise Stays(f"{action.dataset}, where it was, is not there: is a disk not mounted?")
                    has_changed = _undo(action, log)
                except (Stays, OSError) as error:
                    count.left += 1
                    reason = reason_of(error) if isinstance(error, OSError) else str(error)
                    told(left_line(action.target or action.path, reason))
                else:
                    count.done += has_changed
                    count.passed += not has_changed
                progress(count.all, total)
        except KeyboardInterrupt:
            far = f"{count.done:,} of {total:,} spares are back"
            raise KeyboardInterrupt(f"interrupted; {far}, and --undo goes on when it is given again") from None
    return count.undone()


def _undo(action: Action, log: ReadLog) -> bool:
    """Undo one action; return whether there was anything to undo."""
    for path in (action.path, action.target):
        if path is not None:
            # Of the run, or of an undoing, that was killed.
            with suppress(OSError):
                os.unlink(unfinished_of(path, log.run))
    if action.target is None:
        return _make_own(action, log.run)
    has_changed = _move_back(action, action.target, log.run)
    _remove_empty_folders(os.path.dirname(action.target), log.folder)
    return has_changed


def _make_own(action: Action, run: str) -> bool:
    """Put a copy of its own, with the time and the permissions that it had, in the place of a link."""
    with HeldFile(action.path, action.size, action.digest) as link:
        link.lock(alone=True)
        link.look()
        if link.status.st_nlink < 2:
            return False
        new = unfinished_of(action.path, run)
        copy_whole(link, new)
        try:
            os.chmod(new, action.mode)
            os.utime(new, ns=(link.status.st_atime_ns, action.mtime_ns))
            link.look_again()
            os.replace(new, action.path)
        except BaseException:
            with suppress(OSError):
                os.unlink(new)
            raise
    return True


def _move_back(action: Action, target: str, run: str) -> bool:
    if not os.path.lexists(target):
        if action.is_done:
            _check_is_back(action)
        return False
    is_there = os.path.lexists(action.path)
    if not action.is_done and is_there and action.size and _is_empty_file(target):
        os.unlink(target)  # the name had been taken where there are no links, and nothing more
        return False
    with HeldFile(target, action.size, action.digest) as moved:
        if is_there:
            _remove_second(action, moved)
            return action.is_done
        moved.lock(alone=True)
        moved.look()
        _make_folder(action)
        try:
            move(moved, action.path, unfinished_of(action.path, run))
        except FileExistsError:
            raise Stays(f"another file is at {action.path}") from None
    return True


def _is_empty_file(path: str) -> bool:
    status = os.lstat(path)
    return stat.S_ISREG(status.st_mode) and status.st_size == 0


def _check_is_back(action: Action) -> None:
    try:
        with HeldFile(action.path, action.size, action.digest) as there:
            there.look()
    except (Stays, OSError):
        raise Stays(f"it is not there any more, nor is what it was at {action.path}") from None


def _remove_second(action: Action, moved: HeldFile) -> None:
    """Remove a moved file where the same is back at its place: a run was killed between the two."""
    try:
        with HeldFile(action.path, action.size, action.digest) as there, locked(there, moved):
            there.look()
            moved.look()
            check_apart(there, moved)
            moved.look_again()
            os.unlink(moved.path)
    except Stays:
        raise Stays(f"another file is at {action.path}") from None


def _make_folder(action: Action) -> None:
    folder = os.path.dirname(action.path)
    if os.path.isdir(folder):
        return
    if action.dataset is None:
        raise Stays(f"the folder {folder} is not there: make it, or mount its disk")
    os.makedirs(folder, exist_ok=True)


def _is_away(dataset: str, inode: int) -> bool:
    """Tell whether a dataset folder is not there, or is an empty one in its place, as an unmounted disk leaves it."""
    try:
        return not os.listdir(dataset) and os.stat(dataset).st_ino != inode
    except OSError:
        return True


def _remove_empty_folders(folder: str, top: str) -> None:
    """Remove folders below the one that spares were moved to, as far as nothing is in them."""
    with suppress(OSError):
        while top and folder.startswith(os.path.join(top, "")):
            os.rmdir(folder)
            folder = os.path.dirname(folder)
