"""Beyond one machine: a worker must be of the same version, or its vectors, and its answers, may be others."""

import hashlib
import os
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from .. import __version__
from ..errors import ExpectedError

PACKAGE = __package__.rpartition(".")[0]
"""How this project is called where it is imported: in a clone otherwise than installed."""

# What decides, beside this project, which numbers come out and which files are read. OpenCV is one of several packages.
_OPENCV = ("opencv-python", "opencv-python-headless", "opencv-contrib-python", "opencv-contrib-python-headless")
_OTHERS = ("numpy", "Pillow", "pillow-heif", "onnxruntime", "distributed")


class WrongVersion(ExpectedError):
    """A worker that is of another version."""


@cache
def own_version() -> str:
    """Return what differs where this project, or a library that decides about numbers, is of another version."""
    top = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    digest = hashlib.blake2b(digest_size=6)
    for folder, folders, names in os.walk(top):
        folders.sort()
        for name in sorted(names):
            if name.endswith(".py"):
                with open(os.path.join(folder, name), "rb") as file:
                    # An editor, or git on Windows, may have put other line ends.
                    digest.update(name.encode() + b"\0" + file.read().replace(b"\r\n", b"\n") + b"\0")
    opencv = next((found for name in _OPENCV if (found := _installed(name))), "none")
    others = ", ".join(f"{name} {_installed(name) or 'none'}" for name in _OTHERS)
    return f"image-similarity {__version__} ({digest.hexdigest()}), OpenCV {opencv}, {others}"


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def check_version(wanted: str, worker: str) -> None:
    """Raise WrongVersion unless this process, a worker that is called so, is of the version that is wanted."""
    if own_version() != wanted:
        raise WrongVersion(difference(worker, own_version(), wanted))


def difference(worker: str, found: str, wanted: str) -> str:
    """Return a line on a worker of another version: what it has otherwise."""
    here = set(wanted.split(", "))
    others = [one for one in found.split(", ") if one not in here]
    there = set(found.split(", "))
    ours = [one for one in wanted.split(", ") if one not in there]
    return f"the worker {worker} has {', '.join(others)}, and here is {', '.join(ours)}: install the same there"
