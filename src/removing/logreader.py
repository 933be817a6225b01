"""Removing: what a log says was done, also one that was cut anywhere as its run was killed."""

import json
import os
import stat
from contextlib import suppress
from typing import Any, NamedTuple

from ..errors import ExpectedError
from ..filebytes import DIGEST_BYTES
from .actionlog import DONE, INTENDED, LEFT, TITLE, lock_log
from .ways import MOVE, NAMES

NOT_A_LOG = "no log of spares: --undo takes the file that --log has written"


class Action(NamedTuple):
    """What was to be done with one spare, and perhaps was."""

    way: str
    """The name of one of the ways."""
    path: str
    """Where it was, absolute."""
    target: str | None
    """Where it was moved to, absolute; None if it became a link."""
    size: int
    digest: bytes
    mtime_ns: int
    mode: int
    dataset: str | None
    """The dataset folder that it was in, absolute, if that is known."""
    dataset_inode: int
    is_done: bool
    """Whether the run was told that it was done. If not, any part of it may have been."""


class ReadLog:
    """A log, open and locked; a context manager.

    Attributes
    ----------
    folder : str
        Where spares were moved to; "" if they were not.
    run : str
        By which names that were not finished are known.
    actions : list of Action
        In their order, but not those that were told not to be done.
    damaged : list of int
        Numbers of the lines that say nothing, the last one aside, which a kill may have cut.

    Raises
    ------
    ExpectedError
        If the file is no log, or another run has it open.
    OSError
        If it cannot be read.
    """

    def __init__(self, path: str) -> None:
        self._file = open(path, "rb", opener=_open)  # noqa: SIM115
        try:
            if not stat.S_ISREG(os.fstat(self._file.fileno()).st_mode):
                raise ExpectedError(f"{path} is {NOT_A_LOG}")
            if os.fstat(self._file.fileno()).st_size and self._file.read(len(TITLE)) != TITLE:
                self._refuse_other(path)
            lock_log(self._file.fileno(), path)
            self._file.seek(len(TITLE))
            self.folder = self.run = ""
            self.actions: list[Action] = []
            self.damaged: list[int] = []
            self._read()
        except BaseException:
            self._file.close()
            raise

    def _refuse_other(self, path: str) -> None:
        self._file.seek(0)
        # Killed as it wrote the first line, a run has touched nothing.
        if not TITLE.startswith(self._file.read(len(TITLE))):
            raise ExpectedError(f"{path} is {NOT_A_LOG}")

    def __enter__(self) -> "ReadLog":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def _read(self) -> None:
        head = _values(self._file.readline()) or {}
        self.folder, self.run = str(head.get("folder", "")), str(head.get("run", ""))
        found: dict[int, Action] = {}
        for number, line in enumerate(self._file, 3):
            # Of the last line, a kill may have left a part: it was of an action that had not begun, or was done.
            if line.endswith(b"\n") and not self._take(_values(line), found):
                self.damaged.append(number)
        self.actions = list(found.values())

    def _take(self, values: dict[str, Any] | None, found: dict[int, Action]) -> bool:
        """Take up what a line says; return whether it says anything that a run may have said."""
        with suppress(KeyError, TypeError, ValueError, AttributeError, OverflowError):
            if values is None:
                return False
            what = values["is"]
            if what == INTENDED:
                found[values["action"]] = _action(values, self.folder)
            elif what == DONE:
                found[values["action"]] = found[values["action"]]._replace(is_done=True)
            elif what == LEFT:
                del found[values["action"]]
            return True
        return False


def _values(line: bytes) -> dict[str, Any] | None:
    with suppress(ValueError, RecursionError):
        values = json.loads(line)
        if line.endswith(b"\n") and isinstance(values, dict):
            return values
    return None


def _action(values: dict[str, Any], folder: str) -> Action:
    """Raise one of many errors if it does not say what an action does, or says what no run does."""
    way, path, target, dataset = str(values["way"]), values["file"], values.get("to"), values.get("dataset")
    for one in (path, target, dataset):
        if one is not None:
            _check_path(one)
    if (way == MOVE) != (target is not None) or (
        target is not None and not target.startswith(os.path.join(folder, ""))
    ):
        raise ValueError
    if dataset is not None and not path.startswith(os.path.join(dataset, "")):
        raise ValueError
    digest, size = bytes.fromhex(values["digest"]), int(values["bytes"])
    mtime_ns, mode = int(values["mtime_ns"]), int(values["mode"]) & 0o777
    if way not in NAMES or len(digest) != DIGEST_BYTES or abs(mtime_ns) >= 1 << 63:
        raise ValueError
    inode = int(values.get("dataset_inode", 0))
    return Action(way, path, target, size, digest, mtime_ns, mode, dataset, inode, is_done=False)


def _check_path(path: str) -> None:
    """Raise one of some errors if a path is not as runs write it: absolute, with no way up, and one that files have."""
    if not os.path.isabs(path) or os.path.abspath(path) != path or b"\0" in os.fsencode(path):
        raise ValueError


def _open(path: str, flags: int) -> int:
    # A named pipe would be waited for.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
