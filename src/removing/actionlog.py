"""Removing: the log of a run, which tells of each action before and after it, so that a killed run can be undone."""

import json
import os
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from ..atomicfile import sync_folder
from ..errors import ExpectedError
from .heldfile import flock
from .reasons import BUSY, Stays, Stops

TITLE = b"image similarity log of spares 1\n"
# What is told of an action, by the word that tells it: before it, and after it one of the two others.
INTENDED, DONE, LEFT = "intended", "done", "left"


class ActionLog:
    """A log that is being written: the title, then one JSON object a line; a context manager.

    Parameters
    ----------
    path : str
        A file that is not there.
    head : mapping
        What is the same for all actions.

    Raises
    ------
    ExpectedError
        If something has the name.
    OSError
        If it cannot be written. Methods raise Stops then.
    """

    def __init__(self, path: str, head: Mapping[str, Any]) -> None:
        self._path = path
        self._number = 0
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | getattr(os, "O_BINARY", 0)
        try:
            self._descriptor = os.open(path, flags, 0o666)
        except FileExistsError:
            raise ExpectedError(f"{path} is there: choose another name for --log; nothing was touched") from None
        try:
            lock_log(self._descriptor, path)
            self._append(TITLE + _line(head))
            os.fsync(self._descriptor)
        except BaseException as error:
            os.close(self._descriptor)
            os.unlink(path)
            if isinstance(error, OSError) and error.filename is None:
                raise OSError(error.errno, error.strerror, path) from error
            raise
        sync_folder(os.path.dirname(path) or os.curdir)

    def __enter__(self) -> "ActionLog":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        os.close(self._descriptor)
        if kind is None and not self.tells_any:
            os.unlink(self._path)

    @property
    def tells_any(self) -> bool:
        """Whether it tells of any action. If not, nothing is left of it in the end."""
        return self._number > 0

    def intend(self, **values: Any) -> int:
        """Tell what is about to be done, and return the number of the action; it is on the disk when this returns."""
        self._number += 1
        self._write({"action": self._number, "is": INTENDED, **values}, is_urgent=True)
        return self._number

    def tell_done(self, number: int) -> None:
        """Tell that an action is done."""
        self._write({"action": number, "is": DONE})

    def tell_left(self, number: int, reason: str) -> None:
        """Tell that an action was not done, and that all is as it was before."""
        self._write({"action": number, "is": LEFT, "because": reason})

    def tell_end(self, **values: Any) -> None:
        """Tell that the run is over."""
        self._write({"is": "ended", **values}, is_urgent=True)

    def _write(self, values: Mapping[str, Any], *, is_urgent: bool = False) -> None:
        try:
            self._append(_line(values))
            if is_urgent:
                os.fsync(self._descriptor)
        except OSError as error:
            raise Stops(f"the log {self._path} cannot be written: {error.strerror}") from error

    def _append(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._descriptor, data) :]


def _line(values: Mapping[str, Any]) -> bytes:
    """Return a line; in ASCII, so that names in any bytes can be told."""
    return json.dumps(values).encode("ascii") + b"\n"


def lock_log(descriptor: int, path: str) -> None:
    """Lock a log until it is closed; ExpectedError if another run has it."""
    try:
        flock(descriptor, "LOCK_EX")
    except Stays:
        raise ExpectedError(f"{path}: {BUSY}; try again when it has ended") from None
