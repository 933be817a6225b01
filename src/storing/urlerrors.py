"""Step 2, index: what libraries of remote storage raise, told as the system tells what is wrong with a file."""

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import ExpectedError

LONGEST = 300  # letters of what a server has said

_PASSWORD = re.compile(r"(?<=://)([^/@\s:]*):[^/@\s]*(?=@)")


@contextmanager
def told_as_os_errors(place: str) -> Iterator[None]:
    """Raise an OSError with a number and one line of text for whatever goes wrong within the context.

    Parameters
    ----------
    place : str
        What people call the file or folder.
    """
    try:
        yield
    except (ExpectedError, MemoryError):
        raise
    except OSError as error:
        if error.errno is not None and error.strerror and error.filename is not None:
            raise  # of the disk of this machine
        raise _os_error(error, place) from error
    except Exception as error:
        # Each storage has a library of its own, and each library errors of its own.
        raise _os_error(error, place) from error


def _os_error(error: Exception, place: str) -> OSError:
    text = one_line(error)
    if _code_of(error) == "NoSuchBucket":
        # Not the same as a file that is not there, which may well be written.
        return OSError(errno.ENXIO, "there is no such bucket", place)
    if isinstance(error, FileNotFoundError):
        return FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), place)
    if isinstance(error, PermissionError):
        return PermissionError(errno.EACCES, f"no permission ({text})", place)
    if isinstance(error, TimeoutError):
        return TimeoutError(errno.ETIMEDOUT, f"no answer ({text})", place)
    number = error.errno if isinstance(error, OSError) and error.errno else errno.EIO
    return OSError(number, text, place)


def _code_of(error: BaseException) -> str | None:
    """Return by what an S3 server names an error."""
    response = getattr(error.__cause__ or error, "response", None)
    try:
        return str(response["Error"]["Code"])  # type: ignore[index]
    except (TypeError, KeyError):
        return None


def one_line(error: BaseException) -> str:
    """Return what an error says, in one line, and without the password of a URL."""
    strerror = error.strerror if isinstance(error, OSError) else None
    text = " ".join(str(strerror or error).split()) or type(error).__name__
    text = without_password(text)
    return text if len(text) <= LONGEST else text[:LONGEST] + "..."


def without_password(text: str) -> str:
    """Return a text with no passwords in the URLs in it."""
    return _PASSWORD.sub(r"\1:...", text)
