"""Where the ONNX files of the known networks lie, and whether they are what they must be."""

import mmap
import os
import sys
from hashlib import sha256

from ..errors import ExpectedError, explain_os_error
from .knownnetworks import KNOWN

FOLDER_VARIABLE = "IMAGE_SIMILARITY_NETWORKS"

# In a clone the package is called src, and there is a Makefile.
HOW_TO_SET_UP = "make deep" if __name__.startswith("src.") else "image-similarity networks"


def folder() -> str:
    """Return the folder of the files: that of the environment variable, or else one of this Python environment."""
    return os.environ.get(FOLDER_VARIABLE) or os.path.join(sys.prefix, "share", "image-similarity")


def path_of(name: str) -> str:
    """Return where the file of a known network is, or would be."""
    return os.path.join(folder(), f"{name}.onnx")


def is_sound(name: str) -> bool:
    """Tell whether the file of a known network is there as it must be."""
    try:
        open_checked(name)
    except ExpectedError:
        return False
    return True


def open_checked(name: str) -> mmap.mmap:
    """Open the file of a known network for reading; that takes no memory of its own.

    Raises
    ------
    ExpectedError
        If it is missing, damaged, or of another version: one line that says what to do.
    """
    path = path_of(name)
    try:
        with open(path, "rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except FileNotFoundError:
        raise ExpectedError(f"the network {path} is not there: {HOW_TO_SET_UP} sets it up") from None
    except ValueError:  # nothing can be mapped of an empty file
        raise _damaged(path) from None
    except OSError as error:
        raise ExpectedError(f"the network {path} cannot be read: {explain_os_error(error)[1]}") from error
    if sha256(data).hexdigest() != KNOWN[name].onnx_sha256:
        data.close()
        raise _damaged(path)
    return data


def _damaged(path: str) -> ExpectedError:
    return ExpectedError(f"the network {path} is damaged, or of another version: {HOW_TO_SET_UP} makes it anew")
