"""Read the bytes of one file, or of a stream: neither blocks on odd entries, nor holds more than the content.

Nothing here looks into a file: whether one is a picture is decided from its content, by `src.imagereader`.
This module must stay quick to import: no OpenCV, no Pillow, no numpy.
"""

import errno
import io
import os
import stat
import time
from collections.abc import Callable
from typing import BinaryIO

from .errors import (
    BUSY,
    CHANGING,
    NO_MEMORY,
    TOO_LARGE,
    TRUNCATED,
    VANISHED,
    UnreadableImage,
    explain_mode,
    explain_os_error,
)

# A gigabyte is far above any photo (a 100-megapixel 16-bit TIFF has 0.6 GB) and below what would hurt.
MAX_FILE_BYTES = 1 << 30
# Enough of a file to know its format by.
HEAD_BYTES = 1 << 16
DIGEST_BYTES = 16  # 128 bits: two files will not share a digest by chance

_PIECE_BYTES = 1 << 20
# Of larger files, it is looked at whether they are there as a whole: holes cost no disk, but memory.
_LARGE_BYTES = 64 << 20
# A program that holds a file by a lease is asked by the system to give it up when we open the file.
_BUSY_PAUSES = (0.05, 0.15, 0.3, 0.5)
_OPEN_FLAGS = os.O_RDONLY
for _flag in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"):
    _OPEN_FLAGS |= getattr(os, _flag, 0)


def read_bytes(
    path: str,
    *,
    max_bytes: int = MAX_FILE_BYTES,
    check_head: Callable[[bytes], object] | None = None,
    got_on: Callable[[], object] = lambda: None,
) -> bytes:
    """Read a regular file as a whole; never block on a pipe or a device.

    Parameters
    ----------
    path : str
    max_bytes : int
        Refuse a file of more bytes.
    check_head : callable, optional
        Called with the first 64 KiB; raises UnreadableImage to save reading the rest (a film, a disk image).
    got_on : callable, optional
        Called after every megabyte: where a disk does not answer, reading waits without end.

    Raises
    ------
    UnreadableImage
        If it is not a regular file, not there, not permitted, too large or changing, if another program holds it, or if
        most of a large file is not there.
    """
    try:
        with _open(path) as file:
            return _read_regular(file.fileno(), max_bytes, check_head, got_on)
    except OSError as error:
        if os.path.isdir(path):
            raise UnreadableImage(*explain_mode(stat.S_IFDIR)) from error
        raise UnreadableImage(*explain_os_error(error)) from error
    except ValueError as error:  # a NUL in the path
        raise UnreadableImage(VANISHED, "no file can have that name") from error
    except MemoryError as error:
        raise UnreadableImage(NO_MEMORY, "not enough memory to read it") from error


def read_stream(
    stream: BinaryIO, *, max_bytes: int = MAX_FILE_BYTES, check_head: Callable[[bytes], object] | None = None
) -> bytes:
    """Read what comes from a pipe or the like to its end; see `read_bytes`."""
    try:
        data = _read_all(stream.read, HEAD_BYTES, max_bytes, check_head)
    except OSError as error:
        raise UnreadableImage(*explain_os_error(error)) from error
    except MemoryError as error:
        raise UnreadableImage(NO_MEMORY, "not enough memory to read it") from error
    if len(data) > max_bytes:
        raise UnreadableImage(TOO_LARGE, f"more than {max_bytes:,} bytes")
    return data


def content_digest(data: bytes) -> bytes:
    """Return the digest, `DIGEST_BYTES` bytes, by which a file's content is known again."""
    # Loads OpenSSL, which a search hardly ever needs.
    from hashlib import blake2b

    return blake2b(data, digest_size=DIGEST_BYTES).digest()


def parted_digests(joined: bytes) -> frozenset[bytes]:
    """Return digests of `content_digest` that lie one after the other."""
    return frozenset(joined[start : start + DIGEST_BYTES] for start in range(0, len(joined), DIGEST_BYTES))


def _open(path: str) -> BinaryIO:
    pauses = iter(_BUSY_PAUSES)
    while True:
        try:
            return open(path, "rb", buffering=0, opener=lambda name, _: os.open(name, _OPEN_FLAGS))
        except OSError as error:
            pause = next(pauses, None)
            if error.errno not in BUSY or pause is None:
                raise
            time.sleep(pause)


def _read_regular(
    descriptor: int, max_bytes: int, check_head: Callable[[bytes], object] | None, got_on: Callable[[], object]
) -> bytes:
    status = os.fstat(descriptor)
    size = status.st_size
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableImage(*explain_mode(status.st_mode))

    def read(length: int) -> bytes:
        got_on()
        return os.read(descriptor, length)

    def check(head: bytes) -> None:
        if check_head is not None and len(head) < size:
            check_head(head)
        # Only now: a long film is no picture, whatever its size.
        if size > max_bytes:
            raise UnreadableImage(TOO_LARGE, f"a file of {size:,} bytes; the limit is {max_bytes:,}")
        if size > _LARGE_BYTES:
            _refuse_holes(descriptor, size, len(head))

    data = _read_all(read, min(HEAD_BYTES, size + 1), size, check)
    if len(data) != size:
        raise UnreadableImage(CHANGING, "it was changed while it was being read")
    return data


def _read_all(
    read: Callable[[int], bytes], head_bytes: int, most: int, check_head: Callable[[bytes], object] | None
) -> bytes:
    """Read to the end, or until it is more than `most`."""
    piece = read(head_bytes)
    if check_head is not None:
        check_head(piece)
    # Hands its bytes over without copying them: they are held once.
    data = io.BytesIO()
    while piece:
        data.write(piece)
        piece = read(min(_PIECE_BYTES, most + 1 - data.tell()))
    return data.getvalue()


def _refuse_holes(descriptor: int, size: int, position: int) -> None:
    """Raise UnreadableImage if most of a file is holes, as of a download that was interrupted; go on at `position`."""
    if not hasattr(os, "SEEK_HOLE"):
        return
    there = end = 0
    try:
        while end < size:
            start = os.lseek(descriptor, end, os.SEEK_DATA)
            end = os.lseek(descriptor, start, os.SEEK_HOLE)
            there += end - start
    except OSError as error:
        if error.errno != errno.ENXIO:  # that is, the rest is a hole; others are of file systems that know no holes
            there = size
    os.lseek(descriptor, position, os.SEEK_SET)
    if there < size // 2:
        trouble = f"only {there:,} of its {size:,} bytes are there, as after an interrupted download"
        raise UnreadableImage(TRUNCATED, trouble)
