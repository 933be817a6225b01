"""Run as a program, it gets rid of spares, or takes that back, and is killed at every moment of it.

Each run is a process of its own, that kills itself (SIGKILL) before the n-th line of src/removing that it comes to.
What it has left is looked at, its log is played back, and that is looked at, too. What is wrong is printed.
"""

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import send2trash  # noqa: F401

from src.errors import ExpectedError
from src.spares import Delete, Link, MoveTo, Trash, Way, remove, undo
from tests.sparegroups import Lines, contents, write_group

ROOM = os.sep + os.path.join("src", "removing") + os.sep


class Moments:
    """Counts the lines of the room, and kills the process at one of them."""

    def __init__(self, last: int) -> None:
        self._left = last

    def __call__(self, frame: FrameType, event: str, argument: object) -> Any:
        """Trace a call."""
        return self._line if ROOM in frame.f_code.co_filename else None

    def _line(self, frame: FrameType, event: str, argument: object) -> Any:
        self._left -= event == "line"
        if self._left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return self._line


def is_killed(work: Callable[[], object], moment: int) -> bool:
    """Do some work in a process that is killed at a moment; return whether it was not done before."""
    child = os.fork()
    if child == 0:
        sys.settrace(Moments(moment))
        try:
            work()
        finally:
            sys.settrace(None)
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def main(name: str, top: str, target: str, undoing: str, step: str) -> None:
    """Go through all moments, or every n-th."""
    ways: dict[str, Way] = {"move": MoveTo(target), "link": Link(), "trash": Trash(), "delete": Delete()}
    photos, log, moment, kills = Path(top, "photos"), os.path.join(top, "run.log"), 0, 0
    while True:
        for folder in (str(photos), target, os.path.join(top, "trash")):
            shutil.rmtree(folder, ignore_errors=True)
        Path(log).unlink(missing_ok=True)
        groups = [write_group(photos, "a.jpg", "b.jpg", "sub/c.jpg"), write_group(photos, "sub/d.jpg", "sub/e.jpg")]
        before = contents(photos)

        def work() -> None:
            remove(groups, ways[name], log, print)  # noqa: B023

        if undoing == "undo":
            work()
            killed = is_killed(lambda: undo(log, print), moment)
        else:
            killed = is_killed(work, moment)
        there = contents(photos, Path(target), Path(top, "trash"))
        for path, data in before.items():
            if path.endswith(("a.jpg", "d.jpg")) and there.get(path) != data:
                print(f"moment {moment}: {path}, which is kept, is not what it was")
            if list(there.values()).count(data) < (1 if name == "delete" else list(before.values()).count(data)):
                print(f"moment {moment}: {path} is nowhere")
        if os.path.exists(log):
            told = Lines()
            try:
                undo(log, told)
            except ExpectedError as error:
                if name in ("move", "link"):
                    print(f"moment {moment}: {error}")
            else:
                after = contents(photos, Path(target))
                if name in ("move", "link") and (after != before or told):
                    print(f"moment {moment}: after the undoing there is {sorted(after)}, told {told}")
                if any(path.stat().st_nlink > 1 for path in map(Path, after)):
                    print(f"moment {moment}: some are links")
        if not killed:
            break
        kills += 1
        moment += int(step)
    print(f"{kills} kills")


if __name__ == "__main__":
    main(*sys.argv[1:])
