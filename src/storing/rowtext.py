"""Step 2, index: the rows of an index as text. One row an image, no header: the image id, then its features.

Zeros are written ``0``, other numbers as the shortest text that reads back as the same float32. An id is written as
it is, quoted where CSV needs it; bytes of a file name that are no UTF-8 are written as those bytes.
"""

import os
import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from .ids import ascend
from .nametext import name_bytes, stored_name

NEEDS_QUOTES = frozenset(',"\r\n')
BLOCK_ROWS = 512  # 3 MB of features
LONGEST_ID = 1 << 16  # bytes; a path has at most 4096 on Linux, and a quote that is never closed must not cost more
LONGEST_ROW = 1 << 20  # bytes; 1440 numbers take some 10,000
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
LINE_DIGEST_BYTES = 8

# Numbers of this range, where all features of pictures lie, are written quickly; whole ones more so.
SMALLEST_QUICK, LARGEST_QUICK = 1e-30, 1e6
LARGEST_WHOLE = 2.0**24  # float32 holds all whole numbers up to there
TEXT_OF_BYTE = [str(number) for number in range(256)]

# An image id and its comma, quoted (a quote in it is doubled) or plain.
ID = re.compile(rb'"([^"]*(?:""[^"]*)*)",|([^",\r\n][^,\r\n]*),')


def match_id(row: bytes) -> re.Match[bytes] | None:
    """Match the id that a row begins with, and its comma: group 1 if it is quoted, 2 if not."""
    return ID.match(row, 0, LONGEST_ID)  # the regular expression remembers its way through every quote


def id_text(image_id: str) -> bytes:
    """Return an image id as it stands in a row, quoted if it must be."""
    text, name = name_bytes(image_id), stored_name(image_id)
    # Unless they are quoted, some readers strip spaces around a field, and a byte order mark at the file's start.
    if NEEDS_QUOTES.isdisjoint(name) and name == name.strip() and not text.startswith(BYTE_ORDER_MARK):
        return text
    return b'"' + text.replace(b'"', b'""') + b'"'


def numbers_text(features: NDArray[np.float32]) -> bytes:
    """Return a feature vector of float32, shape (dimension,), as it stands in a row, without the line end."""
    pattern = ["0"] * len(features)
    filled = np.flatnonzero(features)
    values = features[filled]
    with np.errstate(invalid="ignore"):
        numbers = values.astype(np.uint32)
    are_whole = (numbers == values) & (values < LARGEST_WHOLE)
    for position, number in zip(filled[are_whole].tolist(), numbers[are_whole].tolist(), strict=True):
        pattern[position] = TEXT_OF_BYTE[number] if number < len(TEXT_OF_BYTE) else str(number)
    others, values = filled[~are_whole], values[~are_whole]
    if len(values) and not (values.min() >= SMALLEST_QUICK and values.max() < LARGEST_QUICK):
        # From another program; numpy knows how to write any number, one by one.
        for position, text in zip(others.tolist(), values.astype("U32").tolist(), strict=True):
            pattern[position] = text.removesuffix(".0")
        return ",".join(pattern).encode("ascii")
    # Behind the digits that there are, this format writes no zeros.
    for position in others.tolist():
        pattern[position] = "%.9g"
    return (",".join(pattern) % tuple(_shortest(values).tolist())).encode("ascii")


def _shortest(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Round positive numbers to as few significant digits as read back as the same float32.

    Six digits are the least that need trying. A decimal of fewer digits that reads back as x is at most 2**-24 of x
    away from it. That is less than half a unit in the sixth digit, so x rounded to six digits is that very decimal.
    Nine are always enough.
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
    # Loads OpenSSL, which a search hardly ever needs.
    from hashlib import blake2b

    return blake2b(line, digest_size=LINE_DIGEST_BYTES).digest()


def are_lines(places: NDArray[np.int64], size: int) -> bool:
    """Tell whether lines may begin at these places, shape (n + 1,), of a CSV of so many bytes; the last one ends there.

    No line is longer than a row can be: a file may have any size on a disk that holds nothing of it.
    """
    if not (places.item(0) >= 0 and ascend(places) and places.item(-1) <= size):
        return False
    return bool(np.diff(places).max(initial=0) <= LONGEST_ID + LONGEST_ROW)


def split_line(line: bytes) -> bytes | None:
    """Return the numbers of a line that this program wrote, without id and line end; None if it is no such line."""
    head = match_id(line)
    return line[head.end() :].rstrip(b"\r\n") if head else None


def is_number(field: bytes) -> bool:
    """Tell whether a field of a row is a number, quoted or not."""
    try:
        float(field[1:-1] if field.startswith(b'"') and field.endswith(b'"') else field)
    except ValueError:
        return False
    return True


def numbers_at_end(fields: Sequence[bytes]) -> int:
    """Return how many of the last fields of a row are numbers; what stands before is the id."""
    return next((count for count, field in enumerate(reversed(fields)) if not is_number(field)), len(fields))


def looks_like_index(path: str, is_vector: Callable[[NDArray[np.float32]], bool]) -> bool:
    """Tell whether a file is empty or begins as an index does, even a broken one, and so may be written anew.

    The numbers of its first row, shape (n,), must be a feature vector, as far as `is_vector` can tell.
    """
    if not os.path.isfile(path):
        return False
    with open(path, "rb") as file:
        start = file.read(LONGEST_ROW).removeprefix(BYTE_ORDER_MARK)
    head = match_id(start)
    if head is None:
        return not start
    fields = start[head.end() :].split(b"\n")[0].rstrip(b"\r").split(b",")
    count = numbers_at_end(fields)
    with np.errstate(over="ignore"):
        numbers = np.array([float(field.strip(b'"')) for field in fields[len(fields) - count :]]).astype(np.float32)
    return count > 0 and is_vector(numbers)
