"""Step 2, index: the rows of an index as text. One row an image, no header: the image id, then its features.

Zeros are written ``0``, other numbers as the shortest text that reads back as the same float32. An id is written as
it is, quoted where CSV needs it; bytes of a file name that are no UTF-8 are written as those bytes.
"""

import hashlib
import os
import re
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from src.errors import ExpectedError

# How Python turns file names into text on this system, so that every name comes back as the same bytes.
NAME_ERRORS = sys.getfilesystemencodeerrors()
NEEDS_QUOTES = frozenset(',"\r\n')
LINE_DIGEST_BYTES = 8
FEWEST_NUMBERS = 100  # what has fewer in its first row may be any table
LONGEST_ROW = 1 << 20  # bytes; 1440 numbers take some 10,000
BLOCK_ROWS = 512  # 3 MB of features
LONGEST_ID = 1 << 16  # bytes; a path has at most 4096 on Linux, and a quote that is never closed must not cost more
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

# Numbers of this range, where all features of pictures lie, are written quickly.
SMALLEST_QUICK, LARGEST_QUICK = 1e-30, 1e6

# An image id and its comma, quoted (a quote in it is doubled) or plain.
ID = re.compile(rb'"((?:[^"]|"")*)",|([^",\r\n][^,\r\n]*),')

Progress = Callable[[int, int], object]
"""Called now and then with how much is done and how much there is."""


class IndexFileError(ExpectedError):
    """An index that cannot be used, told in one line: which file, which line of it, what to do."""


class Block(NamedTuple):
    """Some rows of an index, as read from a CSV."""

    ids: list[str]
    features: NDArray[np.float32]
    """Shape (n, dimension)."""
    ends: list[int]
    """Where the lines of the rows end in the file, in bytes."""
    line_digests: list[bytes]
    """Digest (8 bytes) of each row's text, its line end included."""


def id_text(image_id: str) -> bytes:
    """Return an image id as it stands in a row, quoted if it must be."""
    text = image_id.encode("utf-8", NAME_ERRORS)
    # Unless they are quoted, some readers strip spaces around a field, and a byte order mark at the file's start.
    if NEEDS_QUOTES.isdisjoint(image_id) and image_id == image_id.strip() and not text.startswith(BYTE_ORDER_MARK):
        return text
    return ('"' + image_id.replace('"', '""') + '"').encode("utf-8", NAME_ERRORS)


def numbers_text(features: NDArray[np.float32]) -> bytes:
    """Return a feature vector of float32, shape (dimension,), as it stands in a row, without the line end."""
    pattern = ["0"] * len(features)
    filled = np.flatnonzero(features)
    values = features[filled]
    if len(values) and not (values.min() >= SMALLEST_QUICK and values.max() < LARGEST_QUICK):
        # From another program; numpy knows how to write any number, one by one.
        for position, text in zip(filled.tolist(), values.astype("U32").tolist(), strict=True):
            pattern[position] = text.removesuffix(".0")
        return ",".join(pattern).encode("ascii")
    # Behind the digits that there are, this format writes no zeros.
    for position in filled.tolist():
        pattern[position] = "%.9g"
    return (",".join(pattern) % tuple(_shortest(values).tolist())).encode("ascii")


def _shortest(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Round positive numbers to as few significant digits as read back as the same float32.

    Six digits are the least that need trying: a decimal of fewer digits that reads back as x is at most 2**-24 of x
    away from it, less than half a unit in the sixth digit, so rounding x to six digits gives that very decimal. Nine
    are always enough.
    """
    doubles = values.astype(np.float64)
    scale = 10.0 ** (5 - np.floor(np.log10(doubles)))
    rounded = np.rint(doubles * scale) / scale
    for more in (10.0, 100.0, 1000.0):
        longer = np.flatnonzero(rounded.astype(np.float32) != values)
        finer = scale[longer] * more
        rounded[longer] = np.rint(doubles[longer] * finer) / finer
    return rounded


def line_digest(line: bytes) -> bytes:
    """Return the digest of a line, its line end included."""
    return hashlib.blake2b(line, digest_size=LINE_DIGEST_BYTES).digest()


def split_line(line: bytes) -> bytes:
    """Return the numbers of a line of a sound index, without id and line end."""
    head = ID.match(line)
    assert head is not None
    return line[head.end() :].rstrip(b"\r\n")


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
        is_empty = True
        while some := list(islice(rows, BLOCK_ROWS)):
            is_empty = False
            features = np.empty((len(some), dimension), np.float32)
            ids = []
            for number, (line, row, _) in enumerate(some):
                where = f"{path}, line {line}"
                start, image_id = _read_id(row, where)
                features[number] = _read_numbers(row[start:].rstrip(b"\r\n"), dimension, where, row.endswith(b"\n"))
                ids.append(image_id)
            yield Block(ids, features, [end for _, _, end in some], [line_digest(row) for _, row, _ in some])
            if progress is not None:
                progress(some[-1][2], size)
    if is_empty:
        raise IndexFileError(f"{path} is empty: index a folder with index.py first")


def looks_like_index(path: str) -> bool:
    """Tell whether a file is empty or begins as an index does, even a broken one, and so may be written anew."""
    if not os.path.isfile(path):
        return False
    with open(path, "rb") as file:
        start = file.read(1 << 16)
    head = ID.match(start.removeprefix(BYTE_ORDER_MARK))
    if head is None:
        return not start
    numbers = start.removeprefix(BYTE_ORDER_MARK)[head.end() :].split(b"\n")[0].split(b",")[:-1]
    return len(numbers) >= FEWEST_NUMBERS and all(_is_number(text) for text in numbers)


def _is_number(text: bytes) -> bool:
    try:
        return float(text) >= 0
    except ValueError:
        return False


def _rows(file: BinaryIO) -> Iterator[tuple[int, bytes, int]]:
    """Yield line number, bytes and end (in bytes from the start) of each row; a quoted id may hold line ends."""
    line, end = 1, 0
    if file.read(len(BYTE_ORDER_MARK)) == BYTE_ORDER_MARK:
        end = len(BYTE_ORDER_MARK)
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


def _read_id(row: bytes, where: str) -> tuple[int, str]:
    """Return where the numbers begin, and the id."""
    head = ID.match(row)
    if head is None:
        raise IndexFileError(f"{where}: does not begin with an image id and a comma: no index, or a cut one")
    quoted, plain = head.groups()
    try:
        text = plain if quoted is None else quoted.replace(b'""', b'"')
        return head.end(), text.decode("utf-8", NAME_ERRORS)
    except UnicodeDecodeError:
        raise IndexFileError(f"{where}: the image id is not UTF-8") from None


def _read_numbers(text: bytes, dimension: int, where: str, whole: bool) -> NDArray[np.float32]:
    texts = text.split(b",")
    if not whole:
        raise IndexFileError(
            f"{where}: the last row has no line end ({len(texts)} of {dimension} numbers): "
            "the file was cut; index the folder again"
        )
    if len(texts) != dimension:
        raise IndexFileError(
            f"{where}: {len(texts)} numbers, {dimension} are needed: "
            "another descriptor made it, or it is damaged; index the folder again"
        )
    features = np.zeros(dimension, np.float32)
    filled = [position for position, number in enumerate(texts) if number != b"0"]
    try:
        values = [float(texts[position]) for position in filled]
    except ValueError:
        values = [_read_number(texts[position], position, where) for position in filled]
    with np.errstate(over="ignore"):
        features[filled] = values
    # One comparison finds negative numbers, NaN and what is too large for float32: none of them is in [0, inf).
    good = (features >= 0) & (features < np.inf)
    if not good.all() or b"_" in text:
        position = int(np.argmin(good)) if not good.all() else [b"_" in number for number in texts].index(True)
        _refuse(texts[position], position, where)
    return features


def _read_number(text: bytes, position: int, where: str) -> float:
    # Some programs quote every field: "0.25".
    unquoted = text.removeprefix(b'"').removesuffix(b'"')
    try:
        return float(unquoted)
    except ValueError:
        _refuse(text, position, where)
    return 0.0


def _refuse(text: bytes, position: int, where: str) -> None:
    shown = text[:20].decode("latin-1")
    raise IndexFileError(f"{where}, number {position + 1}: '{shown}' is not a number from 0 up; index the folder again")
