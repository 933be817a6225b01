"""Step 1, describe: start and end the process in which pictures are decoded and described.

Loading OpenCV takes a moment, so a door starts the process first of all, and loads what itself needs meanwhile. This
module must stay quick to import.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from .errors import ExpectedError

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# Modules are found where we find them. Python looks in the current folder first, which may be a folder of downloads:
# nothing of it is imported.
PROGRAM = f"""import sys
sys.path = sys.argv[1:]
from {__package__}.%s import main
main()"""
WORKER = "describing.worker"

# A picture's memory is kept for the next one. Otherwise glibc gives it back each time and the system clears it anew,
# which took as long as describing. The threshold is the largest that glibc takes; other systems ignore these.
KEEP_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(32 << 20), "MALLOC_TRIM_THRESHOLD_": str(64 << 20)}

# A process that was killed ends at once, unless the system is at work for it and cannot be interrupted.
DYING_SECONDS = 3.0

Process = subprocess.Popen[bytes]
_DYING: list[Process] = []  # keeps them, as Python complains of those that nobody waits for


def start_process(module: str = WORKER) -> Process:
    """Start a worker process; see `describing.messages` for how to talk to it. Another module has a `main`, too."""
    paths = [path for path in sys.path if path]
    flags = ["-I"] if sys.flags.isolated else []
    try:
        return subprocess.Popen(
            [sys.executable, *flags, "-c", PROGRAM % module, *([] if ROOT in paths else [ROOT]), *paths],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**KEEP_MEMORY, **os.environ},
        )
    except OSError as error:
        raise ExpectedError(f"the process that describes cannot be started: {error.strerror}") from error


def is_stopped(process: Process) -> bool:
    """Tell whether a process stands still, by Ctrl-Z or the like, until it is told to go on."""
    if not hasattr(os, "waitid"):
        return False
    with suppress(OSError):  # it has ended, and somebody else was told
        options = os.WSTOPPED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, process.pid, options) is not None
    return False


def resident_bytes(process: Process) -> int:
    """Return how much memory a process holds, or 0 where the system does not tell."""
    with suppress(OSError, ValueError), open(f"/proc/{process.pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def end_process(process: Process) -> None:
    """End a worker process now; nothing it does needs to be finished."""
    process.kill()
    try:
        process.wait(DYING_SECONDS)
    except subprocess.TimeoutExpired:
        # It waits in the system for a disk that does not answer, and ends when that does. Closing its streams would
        # wait for the thread that reads them.
        _DYING.append(process)
        return
    for stream in (process.stdin, process.stdout):
        with suppress(OSError):
            stream.close()  # type: ignore[union-attr]


@contextmanager
def early_process() -> Iterator[Process]:
    """Start a worker process that ends with the context, whether it was used or not."""
    process = start_process()
    try:
        yield process
    finally:
        end_process(process)
