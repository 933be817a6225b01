"""Step 2, index: how many files a process may have open, of which each shard takes one."""

import sys
from contextlib import suppress

from ..errors import IndexFileError

# Beside the shards of one index: those of another state of it, and of others that are open, and all else.
INDEXES_AT_ONCE = 4
OTHER_FILES = 200
# Some systems name a limit that they do not grant; all grant this.
GRANTED = 10_240


def allow_shards(address: str, count: int) -> None:
    """Let this process have the shards of an index open, as far as the system does.

    Usually a program may open some hundred files unless it asks for more.

    Raises
    ------
    IndexFileError
        If they are more than the system lets a process of this user open.
    """
    if sys.platform == "win32":
        return  # maps of files count as none
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= INDEXES_AT_ONCE * count + OTHER_FILES:
        return
    for most in (hard, GRANTED):
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
            break
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if soft != resource.RLIM_INFINITY and soft <= count:
        raise IndexFileError(
            f"{address} has {count:,} shards, and a program may open {soft:,} files here: raise that (ulimit -n), or "
            "have fewer shards (--shard-size)"
        )
