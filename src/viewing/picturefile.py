"""Step 4, search: the files that result pictures are written to, and what must not be lost by that."""

import os
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from ..atomicfile import replacing
from ..errors import ExpectedError
from .picturemark import is_result_picture, marked_by_hand, marked_by_pillow

WRITABLE = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff")

# In these a mark needs more than a few bytes.
BY_PILLOW = (".webp", ".tif", ".tiff")

# JPEG as sharp as the small letters need it: little loss, and colour in full resolution.
ENCODING = [cv2.IMWRITE_JPEG_QUALITY, 92, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]


class _State(NamedTuple):
    """What tells a file from the one that stood there before; None in its place is no file."""

    size: int
    changed_ns: int


class PictureFile:
    """A file that a picture is to be written to: all that can be wrong with it is found before the work begins.

    Of files that are there, only result pictures of ours are replaced, others by force alone. A file that comes or
    changes after `check` is not. A link counts as what it leads to, and stays.

    Parameters
    ----------
    path : str
        Its ending names the format.
    force : bool, optional
        Replace whatever file is there, unless it is precious.

    Raises
    ------
    ExpectedError
        If the ending names no format, or nothing can be written to the folder.
    """

    def __init__(self, path: str, *, force: bool = False) -> None:
        self.path, self._force = path, force
        self._target = os.path.realpath(path)
        self._before: _State | None = None
        ending = _ending(path)
        if ending not in WRITABLE:
            raise ExpectedError(
                f"{path or repr(path)}: choose another name for --output, "
                "one that ends in .jpg, .png, .webp, .bmp or .tif"
            )
        folder = os.path.dirname(self._target)
        if not os.path.isdir(folder):
            raise ExpectedError(f"{path}: there is no folder {folder}; choose another name for --output, or make it")
        if not os.access(folder, os.W_OK):
            raise ExpectedError(f"{path}: no permission to write to the folder {folder}")

    def check(self, is_precious: Callable[[str], bool]) -> None:
        """Raise ExpectedError if what is there must stay: precious files, whatever the force, and files of others."""
        self._before = self._state()
        if self._before is None and not os.path.lexists(self.path):
            return
        if not os.path.isfile(self._target):
            raise ExpectedError(f"{self.path} is there and is not a file: choose another name for --output")
        if is_precious(self.path):
            raise ExpectedError(f"{self.path} is the index or one of the pictures: choose another name for --output")
        if not (self._force or is_result_picture(self._target)):
            raise ExpectedError(
                f"{self.path} is there and is no result picture: choose another name for --output, or --force"
            )

    def write(self, picture: NDArray[np.uint8]) -> None:
        """Write a picture, whole or not at all.

        Raises
        ------
        ExpectedError
            If the format cannot hold the picture, or somebody else has written to the file since it was checked.
        OSError
            If the file cannot be written; what was there before still is.
        """
        data = _encoded(picture, self.path)
        suffix = f".{os.getpid()}.new"
        try:
            with replacing(self._target, suffix=suffix, only_new=self._before is None) as file:
                file.write(data)
                if self._state() != self._before:
                    raise FileExistsError
        except FileExistsError:
            raise ExpectedError(
                f"{self.path} has been written by another program meanwhile: choose another name for --output"
            ) from None
        except OSError as error:
            # The error names the file that would have become the picture.
            raise OSError(error.errno, error.strerror, self.path) from error

    def _state(self) -> _State | None:
        try:
            found = os.stat(self._target)
        except OSError:
            return None
        return _State(found.st_size, found.st_mtime_ns)


def _encoded(picture: NDArray[np.uint8], path: str) -> bytes:
    """Return a picture with our mark, in the format that a name names; ExpectedError if it is too large for that."""
    ending = _ending(path)
    # Too many pixels are a False with some formats and versions, and an error with others.
    with suppress(cv2.error, ValueError):
        if ending in BY_PILLOW:
            return marked_by_pillow(picture, ending)
        encoded, data = cv2.imencode(ending, picture, ENCODING if ending in (".jpg", ".jpeg") else [])
        if encoded:
            return marked_by_hand(data.tobytes(), ending)
    height, width = picture.shape[:2]
    raise ExpectedError(f"{path}: a picture of {width} x {height} cannot be written as {ending}")


def _ending(path: str) -> str:
    return os.path.splitext(path)[1].lower()
