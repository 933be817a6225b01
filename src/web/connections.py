"""The service: how many connections there may be, and what those that get stuck may take."""

import resource
import socket
from contextlib import suppress

from .admission import MOST_FILES

# At once; those beyond wait until one ends.
MOST_CONNECTIONS = 2000
# Files that the process needs beside, also for those that it sends.
_OWN_FILES = MOST_FILES + 150
# That the system keeps for a client; Linux takes twice as much, for what it needs beside. A client on another continent
# gets half a MB a second with it.
_SENT_BYTES = 1 << 16


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


def limit_connections(listening: socket.socket, seconds: float) -> None:
    """Bound what clients who read nothing take of the system, for all connections that a socket will accept.

    The system keeps so many bytes for each, and ends those, on Linux, whose clients have taken none of them for so many
    seconds. Otherwise it keeps megabytes for each, until there is no memory for connections of anybody on the machine.
    """
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SENT_BYTES)
    if (option := getattr(socket, "TCP_USER_TIMEOUT", None)) is not None:
        listening.setsockopt(socket.IPPROTO_TCP, option, int(1000 * seconds))
