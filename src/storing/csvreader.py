"""Step 2, index: read the rows of an index as text, which any program may have written.

Rows of the usual form are read many at a time by numpy. Whatever is unusual in them sends them to the careful way, row
by row, which takes every form of numbers that CSV writers use, and says what is wrong and where.
"""

import os
from collections.abc import Callable, Iterator
from itertools import islice
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..errors import IndexFileError
from .rowtext import BLOCK_ROWS, BYTE_ORDER_MARK, ID, NAME_ERRORS
from .stamp import line_digest

LONGEST_ROW = 1 << 20  # bytes; 1440 numbers take some 10,000
LONGEST_ID = 1 << 16  # bytes; a path has at most 4096 on Linux, and a quote that is never closed must not cost more
QUICK_ROWS = 64  # read at once: few enough that every step finds them in the CPU's cache
COMMA, NEWLINE, ZERO, POINT = b",\n0."
POWERS_OF_TEN = 10.0 ** np.arange(16)  # exact, as are whole numbers of 15 digits: quotients are rounded as by float()
# For each count of digits, which of the 16 bytes before a number's end they are, as two little-endian integers.
DIGIT_BYTES = np.array([[2**64 - 256 ** (8 - n) for n in (max(k - 8, 0), min(k, 8))] for k in range(16)], np.uint64)

Progress = Callable[[int, int], object]
"""Called now and then with how much is done and how much there is."""


class Block(NamedTuple):
    """Some rows of an index, as read from a CSV."""

    ids: list[str]
    features: NDArray[np.float32]
    """Shape (n, dimension)."""
    ends: list[int]
    """Where the lines of the rows end in the file, in bytes."""
    lengths: list[int]
    """How long they are; between them may be empty lines."""
    line_digests: list[bytes]
    """Digest (8 bytes) of each row's text, its line end included."""


def read_csv(path: str, dimension: int, progress: Progress | None = None) -> Iterator[Block]:
    """Read an index that any program may have written, some hundred rows at a time.

    Parameters
    ----------
    path : str
        The CSV file.
    dimension : int
        How many numbers a row must have.
    progress : callable, optional
        Called now and then with the bytes read and the bytes there are.

    Yields
    ------
    Block

    Raises
    ------
    IndexFileError
        For anything that is not an index, naming the line.
    OSError
        If the file cannot be read.
    """
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        rows = _rows(file)
        ids: list[str] = []
        while some := list(islice(rows, BLOCK_ROWS)):
            features = np.zeros((len(some), dimension), np.float32)
            parts = [slice(start, start + QUICK_ROWS) for start in range(0, len(some), QUICK_ROWS)]
            ids = [image_id for part in parts for image_id in _read_rows(some[part], features[part], path)]
            ends, lengths = [end for _, _, end in some], [len(row) for _, row, _ in some]
            yield Block(ids, features, ends, lengths, [line_digest(row) for _, row, _ in some])
            if progress is not None:
                progress(some[-1][2], size)
    if not ids:
        raise IndexFileError(f"{path} is empty: index a folder with index.py first")


def _rows(file: BinaryIO) -> Iterator[tuple[int, bytes, int]]:
    """Yield line number, bytes and end (in bytes from the start) of each row; a quoted id may hold line ends."""
    line, end = 1, len(BYTE_ORDER_MARK) if file.read(len(BYTE_ORDER_MARK)) == BYTE_ORDER_MARK else 0
    file.seek(end)
    while row := file.readline(LONGEST_ROW):
        # As long as a quote is open, the line end belongs to the id.
        while _is_open(row) and (more := file.readline(LONGEST_ROW)):
            row += more
        end += len(row)
        if row.strip(b"\r\n"):
            yield line, row, end
        line += max(row.count(b"\n"), 1)


def _is_open(row: bytes) -> bool:
    return row.startswith(b'"') and len(row) < LONGEST_ID and row.count(b'"') % 2 == 1


def _read_rows(rows: list[tuple[int, bytes, int]], features: NDArray[np.float32], path: str) -> list[str]:
    """Put the numbers of some rows into `features`, and return the ids."""
    try:
        heads = [_read_id(row, path) for _, row, _ in rows]
        _read_quickly([row[start:] for (_, row, _), (start, _) in zip(rows, heads, strict=True)], features)
        return [image_id for _, image_id in heads]
    except (IndexFileError, ValueError):
        # One by one, a row that is only unusual is read all the same, and the first that is wrong is named.
        return [_read_row(row, f"{path}, line {line}", one) for (line, row, _), one in zip(rows, features, strict=True)]


def _read_quickly(texts: list[bytes], features: NDArray[np.float32]) -> None:
    """Read the numbers of some rows, line ends included; ValueError if there is anything unusual in them."""
    # Behind the first line end begins the first number; 16 bytes before each end, and one behind it, are looked at.
    text = b"".join([b" " * 15, b"\n", *texts, b" "])
    # float() takes 1_0, too. Without a quote, a row has no line end but its last byte.
    if b"_" in text or b'"' in text or len(text) > 8 * LONGEST_ROW:
        raise ValueError
    data = np.frombuffer(text, np.uint8)
    ends, lines = np.flatnonzero((data == COMMA) | (data == NEWLINE)), np.flatnonzero(data == NEWLINE)
    if len(ends) != features.size + 1 or not np.array_equal(ends[:: features.shape[1]], lines):
        raise ValueError
    starts, ends = ends[:-1] + 1, ends[1:]
    filled = np.flatnonzero((ends - starts != 1) | (data[starts] != ZERO))
    values = _read_decimals(text, starts[filled], ends[filled])
    others = np.flatnonzero(np.isnan(values))
    if len(others):
        numbers = text[16:].replace(b"\n", b",").split(b",")
        values[others] = [float(numbers[position]) for position in filled[others].tolist()]
    if not ((values >= 0) & (values < 1e38)).all():  # what is larger may be too large for float32
        raise ValueError
    features.reshape(-1)[filled] = values


def _read_decimals(text: bytes, starts: NDArray[np.intp], ends: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return what float() makes of the numbers from `starts` to `ends`, NaN for those that are not like 0.0123."""
    data, counts = np.frombuffer(text, np.uint8), ends - starts - 2
    quick = np.flatnonzero((counts <= 15) & (data[starts] == ZERO) & (data[starts + 1] == POINT))
    counts = counts[quick]
    # Eight digits at once: each in a byte, then neighbours joined to numbers of two digits, of four, of eight.
    words = np.ndarray((len(text) - 15, 2), "<u8", text, strides=(1, 8))
    digits = (words[ends[quick] - 16] ^ 0x3030303030303030) & DIGIT_BYTES.take(counts, axis=0)
    wrong = ((digits + 0x7676767676767676) | digits) & 0x8080808080808080  # where a byte is above 9
    digits = (digits * 10 + (digits >> 8)) & 0x00FF00FF00FF00FF
    digits = (digits * 100 + (digits >> 16)) & 0x0000FFFF0000FFFF
    digits = (digits * 10_000 + (digits >> 32)) & 0xFFFFFFFF
    wholes = np.where(wrong[:, 0] | wrong[:, 1], np.nan, digits[:, 0] * 10**8 + digits[:, 1])
    values = np.full(len(starts), np.nan)
    values[quick] = wholes / POWERS_OF_TEN[counts]
    return values


def _read_id(row: bytes, where: str) -> tuple[int, str]:
    """Return where the numbers begin, and the id."""
    head = ID.match(row)
    if head is None:
        raise IndexFileError(f"{where}: does not begin with an image id and a comma: no index, or a cut one")
    try:
        text = head[2] or head[1].replace(b'""', b'"')
        return head.end(), text.decode("utf-8", NAME_ERRORS)
    except UnicodeDecodeError:
        raise IndexFileError(f"{where}: the image id is not UTF-8") from None


def _read_row(row: bytes, where: str, features: NDArray[np.float32]) -> str:
    """Put the numbers of a row into `features`, and return the id."""
    start, image_id = _read_id(row, where)
    texts = row[start:].rstrip(b"\r\n").split(b",")
    if not row.endswith(b"\n"):
        raise IndexFileError(
            f"{where}: the last row has no line end ({len(texts)} of {len(features)} numbers): "
            "the file was cut; index the folder again"
        )
    if len(texts) != len(features):
        raise IndexFileError(
            f"{where}: {len(texts)} numbers, {len(features)} are needed: "
            "another descriptor made it, or it is damaged; index the folder again"
        )
    with np.errstate(over="ignore"):
        features[:] = [_read_number(text, position, where) for position, text in enumerate(texts)]
    # One comparison finds negative numbers, NaN and what is too large for float32: none of them is in [0, inf).
    good = (features >= 0) & (features < np.inf)
    if not good.all() or b"_" in row[start:]:
        position = int(np.argmin(good)) if not good.all() else [b"_" in text for text in texts].index(True)
        raise _refusal(texts[position], position, where)
    return image_id


def _read_number(text: bytes, position: int, where: str) -> float:
    try:
        return float(text.removeprefix(b'"').removesuffix(b'"'))  # some programs quote every field: "0.25"
    except ValueError:
        raise _refusal(text, position, where) from None


def _refusal(text: bytes, position: int, where: str) -> IndexFileError:
    what = f"number {position + 1}: '{text[:20].decode('latin-1')}' is not a number from 0 up"
    return IndexFileError(f"{where}, {what}; index the folder again")
