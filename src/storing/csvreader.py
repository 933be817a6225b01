"""Step 2, index: read the rows of an index as text, which any program may have written."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..distance import Distance, Kind
from ..errors import IndexFileError
from .nametext import name_of_bytes
from .rowtext import BLOCK_ROWS, BYTE_ORDER_MARK, LONGEST_ID, LONGEST_ROW, is_number, match_id, numbers_at_end

MOST_COMMAS = 32  # in an id that is not quoted; what has more is rather two rows without a line end between

Progress = Callable[[int, int], object]
"""Called now and then with how much is done and how much there is."""


class Block(NamedTuple):
    """Some rows of an index, as read from a CSV."""

    ids: list[str]
    features: NDArray[np.float32]
    """Shape (n, dimension)."""
    lines: list[bytes]
    """The text of the rows, line ends included; between them may be empty lines."""
    ends: list[int]
    """Where these lines end in the file, in bytes."""


def read_csv(path: str, dimension: int, distance: Distance, progress: Progress | None = None) -> Iterator[Block]:
    """Read an index that any program may have written, some hundred rows at a time.

    A row must have `dimension` numbers that are legal for the distance. What is no index is refused by an
    IndexFileError that names the line. Progress is told in bytes.
    """
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        rows = _rows(file)
        is_empty = True
        while (block := _read_block(rows, path, dimension, distance)).ids:
            is_empty = False
            yield block
            if progress is not None:
                progress(block.ends[-1], size)
    if is_empty:
        raise IndexFileError(f"{path} is empty: index a folder with index.py first")


def _read_block(rows: Iterator[tuple[int, bytes, int]], path: str, dimension: int, distance: Distance) -> Block:
    block = Block([], np.empty((BLOCK_ROWS, dimension), np.float32), [], [])
    # Each is looked at before the next is read: what is no row may be as long as the longest.
    for count, (line, row, end) in enumerate(islice(rows, BLOCK_ROWS)):
        block.ids.append(_read_row(row, f"{path}, line {line}", block.features[count], distance))
        block.lines.append(row)
        block.ends.append(end)
    return block._replace(features=block.features[: len(block.ids)])


def first_numbers(path: str) -> NDArray[np.float32]:
    """Return the numbers of the first row of an index, shape (n,); shape (0,) if it has none that can be read."""
    with open(path, "rb") as file, suppress(IndexFileError, ValueError):
        for _, row, _ in _rows(file):
            fields = row.rstrip(b"\r\n").split(b",")
            texts = fields[len(fields) - min(numbers_at_end(fields), len(fields) - 1) :]
            with np.errstate(over="ignore"):
                return np.array([float(text.strip(b'"')) for text in texts]).astype(np.float32)
    return np.empty(0, np.float32)


def read_ids(path: str, dimension: int) -> list[str]:
    """Return the image ids of an index of that many numbers a row; of one that is no index, those that are some.

    OSError is raised if it cannot be read.
    """
    ids: list[str] = []
    with open(path, "rb") as file, suppress(IndexFileError):
        for _, row, _ in _rows(file):
            ids.append(_read_id(row, path, dimension)[1])
    return ids


def _rows(file: BinaryIO) -> Iterator[tuple[int, bytes, int]]:
    """Yield line number, bytes and end (in bytes from the start) of each row; a quoted id may hold line ends."""
    line, end = 1, len(BYTE_ORDER_MARK) if file.read(len(BYTE_ORDER_MARK)) == BYTE_ORDER_MARK else 0
    file.seek(end)
    while row := file.readline(LONGEST_ROW):
        # As long as a quote is open, the line end belongs to the id.
        while row.startswith(b'"') and len(row) < LONGEST_ID and row.count(b'"') % 2:
            if not (more := file.readline(LONGEST_ROW)):
                break
            row += more
        end += len(row)
        if row.strip(b"\r\n"):
            yield line, row, end
        line += max(row.count(b"\n"), 1)


def _read_id(row: bytes, where: str, dimension: int) -> tuple[int, str]:
    """Return where the numbers begin, of which there may be another number than `dimension`, and the id."""
    head = match_id(row)
    start, name = (head.end(), head[2] or head[1].replace(b'""', b'"')) if head else (0, b"")
    if row.count(b",", start) >= dimension:
        # Some programs write a name as it is, whatever commas and quotes it has. The last fields are then the numbers.
        text = row.rsplit(b",", dimension)[0]
        before, comma, last = text.rpartition(b",")
        if before.count(b",") < MOST_COMMAS and b"\n" not in text and not (comma and is_number(last)):
            start, name = len(text) + 1, text
    if not name:
        raise IndexFileError(f"{where}: does not begin with an image id and a comma: no index, or a cut one")
    if b"\0" in name:
        raise IndexFileError(f"{where}: the image id has a zero byte, as no file can: damaged; index the folder again")
    try:
        return start, name_of_bytes(name)
    except UnicodeDecodeError:
        raise IndexFileError(f"{where}: the image id is not UTF-8") from None


def _read_row(row: bytes, where: str, features: NDArray[np.float32], distance: Distance) -> str:
    """Put the numbers of a row into `features`, and return the id."""
    start, image_id = _read_id(row, where, len(features))
    numbers = row[start:].rstrip(b"\r\n")
    texts = numbers.split(b",")
    # Not every program ends the last row. If it was cut within a number, what is left may be one: no row shows that.
    if not row.endswith(b"\n") and (len(texts) < len(features) or not is_number(texts[-1])):
        raise IndexFileError(
            f"{where}: the last row has no line end ({len(texts)} of {len(features)} numbers): "
            "the file was cut; index the folder again"
        )
    if len(texts) != len(features):
        raise IndexFileError(
            f"{where}: {len(texts)} numbers, {len(features)} are needed: another descriptor made it, "
            f"{'a comma in the image id lacks quotes, ' if len(texts) > len(features) else ''}"
            "or it is damaged; index the folder again"
        )
    # Some programs quote every field: "0.25".
    plain = [text.removeprefix(b'"').removesuffix(b'"') for text in texts] if b'"' in numbers else texts
    try:
        values = [number for run, kind in distance.legal for number in _numbers(plain[run], kind)]
    except ValueError:
        raise _refusal(texts, [is_number(text) for text in plain].index(False), where, distance) from None
    with np.errstate(over="ignore"):
        features[:] = values
    # NaN is not legal, nor is what is too large for float32.
    if (illegal := distance.first_illegal(features)) is not None:
        raise _refusal(texts, illegal, where, distance)
    # float() reads 1_0 as 10, which no other program writes.
    if b"_" in numbers:
        raise _refusal(texts, [b"_" in text for text in texts].index(True), where, distance)
    return image_id


def _numbers(texts: list[bytes], kind: Kind) -> Iterable[float]:
    """Return the numbers of texts that are most probably of a kind; ValueError if one is no number."""
    if kind.are_whole:
        return map(WHOLE.__getitem__, texts)
    # Most of the others are zeros, and a comparison is quicker than float().
    return [0.0 if text == b"0" else float(text) for text in texts]


class _Whole(dict[bytes, float]):
    """The numbers that a byte can be, by their texts: finding one is quicker than float()."""

    def __missing__(self, text: bytes) -> float:
        return float(text)


WHOLE = _Whole({b"%d" % number: float(number) for number in range(256)})


def _refusal(texts: list[bytes], position: int, where: str, distance: Distance) -> IndexFileError:
    legal = distance.kind_at(position, len(texts)).number
    what = f"number {position + 1}: '{texts[position][:20].decode('latin-1')}' is not {legal}"
    return IndexFileError(f"{where}, {what}; index the folder again")
