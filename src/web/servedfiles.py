"""The service: from an image id to the file that may be served; strangers send ids, and may have written the index.

A file is served if the index has its id, it is a regular file that lies in its dataset folder once all links are
followed, and begins as a picture does. About all others, nothing is told but that they are not served.
"""

import os
import stat
from contextlib import ExitStack, suppress
from typing import BinaryIO, NamedTuple

from ..errors import UnreadableImage
from ..filebytes import HEAD_BYTES
from ..imagereader import name_format
from ..indexfile import split_id
from .openedindex import OpenedIndex
from .problems import ProblemError

# The names that are registered; of others, the name of the format says it.
_MEDIA_TYPES = {
    "JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp", "AVIF": "image/avif",
    "HEIF": "image/heic", "TIFF": "image/tiff", "BMP": "image/bmp", "JPEG2000": "image/jp2",
    "WBMP": "image/vnd.wap.wbmp", "ICO": "image/vnd.microsoft.icon", "CUR": "image/vnd.microsoft.icon",
    "PSD": "image/vnd.adobe.photoshop", "HDR": "image/vnd.radiance", "PPM": "image/x-portable-anymap",
}  # fmt: skip
_FLAGS = os.O_RDONLY
# A link, a pipe or a device that has just taken the place of the file is not followed or waited for.
for _flag in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY", "O_NOFOLLOW"):
    _FLAGS |= getattr(os, _flag, 0)


class ServedFile(NamedTuple):
    """A picture file that is open."""

    file: BinaryIO
    path: str
    """Where it is, without links."""
    size: int
    mtime_ns: int
    head: bytes
    """What it begins with; the file goes on behind it."""
    media_type: str

    @property
    def tag(self) -> str:
        """What is another one for another content."""
        return f"{self.mtime_ns:x}-{self.size:x}"


def open_served(index: OpenedIndex, image_id: str) -> ServedFile:
    """Open the picture file of an image id.

    Raises
    ------
    ProblemError
        If there is none that may be served.
    """
    if image_id not in index.searcher:
        raise ProblemError(404, "there is no picture of this id in the index")
    path = path_inside(index, image_id)
    served = None if path is None else _open_picture(path)
    if served is None:
        raise ProblemError(404, "the picture of this id is not there, or is none that can be shown")
    return served


def path_of_served(index: OpenedIndex, image_id: str) -> str:
    """Return where the file of an image id is, for the process that may die; raise as `open_served` does."""
    served = open_served(index, image_id)
    served.file.close()
    return served.path


def is_gone(index: OpenedIndex, image_id: str) -> bool:
    """Tell whether there is no file that may be served where an image was; False where its folder is not known."""
    if split_id(image_id, index.folders)[0] not in index.folders:
        return False
    path = path_inside(index, image_id)
    return path is None or not os.path.isfile(path)


def is_file_of(index: OpenedIndex, image_id: str, path: str | None) -> bool:
    """Tell whether an image is the file at a path, which it may be by a link; a copy of it is another file."""
    own = None if path is None else path_inside(index, image_id)
    if own is None or path is None:
        return False
    with suppress(OSError):
        return own == path or os.path.samefile(own, path)
    return False


def path_inside(index: OpenedIndex, image_id: str) -> str | None:
    """Return where an image is, without links; None if that is not within its folder."""
    name, relative = split_id(image_id, index.folders)
    if name not in index.folders or os.path.isabs(relative) or ".." in relative.replace(os.sep, "/").split("/"):
        return None
    try:
        folder = os.path.realpath(index.folders[name], strict=True)
        path = os.path.realpath(os.path.join(folder, relative), strict=True)
        return path if path != folder and os.path.commonpath([folder, path]) == folder else None
    except (OSError, ValueError):  # not there, in a circle, too long; a NUL; another drive of Windows
        return None


def _open_picture(path: str) -> ServedFile | None:
    with suppress(OSError, UnreadableImage), ExitStack() as closing:
        # Opening a device may do something.
        if stat.S_ISREG(os.lstat(path).st_mode):
            file = closing.enter_context(os.fdopen(os.open(path, _FLAGS), "rb", buffering=0))
            status = os.fstat(file.fileno())
            if stat.S_ISREG(status.st_mode):
                head = file.read(HEAD_BYTES)
                name = name_format(head)
                media_type = _MEDIA_TYPES.get(name, f"image/x-{name.lower()}")
                closing.pop_all()
                return ServedFile(file, path, status.st_size, status.st_mtime_ns, head, media_type)
    return None
