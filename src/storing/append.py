"""Step 2, index: append rows to an index CSV where it lies, so that adding a picture does not copy a large index.

A file that is written in place is half written when the writer dies. The rows are written beside the CSV first. So a
reader knows which bytes at its end do not count yet. All that writes here needs the journal of the index.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from ..atomicfile import replacing
from .paths import IndexPaths, remove_if_there

TITLE = b"image similarity rows to append 1\n"
SIZE_BYTES = 8
BLOCK_BYTES = 1 << 20


def can_append(path: str) -> bool:
    """Tell whether a file may be written in place: it can be opened, and no snapshot shares it by another name."""
    try:
        with open(path, "r+b") as file:
            return os.fstat(file.fileno()).st_nlink == 1
    except OSError:
        return False


@contextmanager
def appending(path: str, size: int, rows: bytes) -> Iterator[None]:
    """Append whole rows to a CSV of `size` bytes; they count when the context ends well.

    If it does not, or the process dies, the note beside the CSV stays, and `undo_half_append` makes it what it was.
    """
    note_path = IndexPaths(path).adding
    with replacing(note_path, like=path) as note:
        note.write(TITLE + size.to_bytes(SIZE_BYTES, "little") + rows)
    with open(path, "r+b") as file:
        file.seek(size)
        file.write(rows)
        file.flush()
        os.fsync(file.fileno())
    yield
    remove_if_there(note_path)


def is_half_appended(path: str, size: int) -> bool:
    """Tell whether a CSV is what it was at `size` bytes, and then some bytes of rows that a run was appending."""
    note_path = IndexPaths(path).adding
    if not os.path.isfile(note_path):  # to open a pipe would take forever
        return False
    try:
        with open(note_path, "rb") as note, open(path, "rb") as file:
            head = note.read(len(TITLE) + SIZE_BYTES)
            if os.fstat(file.fileno()).st_size - size > os.fstat(note.fileno()).st_size - len(head):
                return False
            file.seek(size)
            if head != TITLE + size.to_bytes(SIZE_BYTES, "little") or not (more := file.read(BLOCK_BYTES)):
                return False
            while more and note.read(len(more)) == more:
                more = file.read(BLOCK_BYTES)
            return not more
    except OSError:
        return False


def undo_half_append(path: str, size: int) -> None:
    """Make a CSV that `is_half_appended` what it was."""
    with open(path, "r+b") as file:
        file.truncate(size)
        os.fsync(file.fileno())
