"""Removing: the trash of the user's desktop, as Send2Trash finds it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from .heldfile import HeldFile
from .reasons import Stays


class Bin:
    """The trash. Only who uses it loads what knows where it is; ImportError if that is not installed."""

    def __init__(self) -> None:
        # The specification of that folder wants such a path to be ignored; the library would have the trash in the
        # current folder, where nobody looks for it.
        if not os.path.isabs(os.environ.get("XDG_DATA_HOME", os.sep)):
            del os.environ["XDG_DATA_HOME"]
        import send2trash

        self._library = send2trash

    def take(self, spare: HeldFile) -> None:
        """Put a file that has been looked at into the trash; Stays if it is where it was."""
        with _turn():
            spare.look_again()
            try:
                self._library.send2trash(os.path.abspath(spare.path))
            except self._library.TrashPermissionError as error:
                raise Stays("its disk has no trash that it could be put into; --permanently deletes it") from error
            except (OSError, ValueError) as error:
                raise Stays(f"the trash cannot take it ({_words(error)}); --permanently deletes it") from error
        if spare.has_name():
            raise Stays("the trash has not taken it; --permanently deletes it")


@contextmanager
def _turn() -> Iterator[None]:
    """Wait until no other run uses the trash: the library looks for a free name, and takes it a moment later.

    Of two files of one name that were put there at once, the second would replace the first.
    """
    descriptor = None
    with suppress(OSError, ImportError):
        import fcntl

        descriptor = os.open(os.path.expanduser("~"), os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _words(error: OSError | ValueError) -> str:
    """Return what happened, and to which file or folder."""
    if not isinstance(error, OSError) or not error.strerror:
        return str(error)
    return error.strerror if error.filename is None else f"{error.strerror}: {os.fsdecode(error.filename)}"
