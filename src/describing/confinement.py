"""Step 1, describe: the worker process gives up what describing does not need, before a stranger's picture comes.

Decoders are large and old C libraries, and a hostile picture may take them over. What the system then forbids the
process is lost to the attacker as well. Reading stays allowed: a descriptor of one's own may load what it needs later.
Where the system offers less, as a Linux before 5.13 does, or another system, the worker describes nonetheless.
"""

import ctypes
import os
import struct
import sys
from contextlib import suppress

# The numbers are those of Linux: linux/prctl.h, linux/landlock.h, and the same system calls on all its machines.
_PR_SET_NO_NEW_PRIVS = 38
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_RULE_PATH_BENEATH = 1
_WRITE_FILE = 1 << 1
# Removing and making of each kind of file; moving them elsewhere and cutting them off came later.
_CHANGE_FILES = _WRITE_FILE | sum(1 << bit for bit in range(4, 13))
_REFER, _TRUNCATE = 1 << 13, 1 << 14
_BIND_AND_CONNECT_TCP = 0b11
# Reaching processes outside by sockets without a file, and by signals.
_SCOPES = 0b11


def confine() -> None:
    """Give up, for this thread and all that it starts: writing files, the network, more rights, telling of a crash."""
    # Python would try to keep what it compiles.
    sys.dont_write_bytecode = True
    with suppress(ImportError, OSError, ValueError):
        import resource

        for limit in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
            resource.setrlimit(limit, (0, 0))
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            _confine_on_linux(ctypes.CDLL(None, use_errno=True))


# Whether `limit_growth` can do what it is for.
LIMITS_GROWTH = sys.platform == "linux"


def limit_growth(nbytes: int) -> None:
    """Let this process take so many bytes of memory beyond those it has, where the system can tell and limit them.

    A decoder that wants more is refused by the system, whatever the header of its picture says.
    """
    with suppress(ImportError, OSError, ValueError):
        import resource

        with open("/proc/self/statm", encoding="ascii") as file:
            taken = int(file.read().split()[5]) * resource.getpagesize()
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        # Where it was limited to less already, ValueError says so.
        resource.setrlimit(resource.RLIMIT_DATA, (taken + nbytes, hard))


def _confine_on_linux(system: ctypes.CDLL) -> None:
    _check(system.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    version = _call(system, _CREATE_RULESET, None, 0, _ASK_VERSION)
    files = _CHANGE_FILES | (_REFER if version >= 2 else 0) | (_TRUNCATE if version >= 3 else 0)
    # Older versions know only the beginning of this.
    known = 8 if version < 4 else 16 if version < 6 else 24
    rules = struct.pack("=QQQ", files, _BIND_AND_CONNECT_TCP, _SCOPES)[:known]
    ruleset = _call(system, _CREATE_RULESET, rules, len(rules), 0)
    try:
        # Libraries open it to write what nobody is to read.
        with open(os.devnull, "rb") as nothing:
            allowed = struct.pack("=Qi", _WRITE_FILE, nothing.fileno())
            _call(system, _ADD_RULE, ruleset, _RULE_PATH_BENEATH, allowed, 0)
        _call(system, _RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _call(system: ctypes.CDLL, number: int, *arguments: object) -> int:
    given = (ctypes.c_long(one) if isinstance(one, int) else one for one in arguments)
    return _check(system.syscall(ctypes.c_long(number), *given))


def _check(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
