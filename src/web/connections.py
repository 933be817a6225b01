"""The service: how many connections there may be, and what happens to those that get stuck."""

import os
import resource
import socket
import stat
import time
from contextlib import suppress

from .admission import MOST_FILES

# At once; those beyond wait until one ends.
MOST_CONNECTIONS = 4000
# Files that the process needs beside, also for those that it sends.
_OWN_FILES = MOST_FILES + 150
_LISTENING_SECONDS = 60.0


def most_connections() -> int:
    """Return how many connections the limit of open files allows, and raise this limit as far as may be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + _OWN_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if soft == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    return max(1, min(MOST_CONNECTIONS, max(soft - _OWN_FILES, soft // 4)))


def end_stuck_connections(seconds: float) -> None:
    """Have the system end connections whose clients take nothing of what they are sent for so long.

    Otherwise whoever asks for large pictures and does not read them takes all connections. The server has no clock for
    this, and does not hand out its sockets; so it is set, on Linux, for the one that this process listens with. Those
    that it accepts inherit it. Returns once it has been found.
    """
    option = getattr(socket, "TCP_USER_TIMEOUT", None)
    end = time.monotonic() + _LISTENING_SECONDS
    while option is not None and time.monotonic() < end:
        for name in os.listdir("/proc/self/fd"):
            # Of what is no socket, Python would not close the copy.
            with suppress(OSError):
                if not stat.S_ISSOCK(os.fstat(int(name)).st_mode):
                    continue
            with suppress(OSError), socket.socket(fileno=os.dup(int(name))) as one:
                if one.family in (socket.AF_INET, socket.AF_INET6) and one.getsockopt(
                    socket.SOL_SOCKET, socket.SO_ACCEPTCONN
                ):
                    one.setsockopt(socket.IPPROTO_TCP, option, int(1000 * seconds))
                    return
        time.sleep(0.05)
