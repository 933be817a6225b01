"""Which processes there are, where /proc tells it: any of them may end while one looks."""

import os
from contextlib import suppress
from pathlib import Path

import pytest

needs_proc = pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="processes are found in /proc")


def descendants(process: int) -> list[int]:
    """Return the processes that a process has started, those that they have started, and so on; its own come first."""
    children: list[int] = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent = status.read_text(errors="replace").rpartition(")")[2].split()[:2]
            if int(parent) == process and state != "Z":
                children.append(int(status.parent.name))
    return children + [one for child in children for one in descendants(child)]
