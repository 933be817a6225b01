"""The file that says what should be found: a CSV, each line a query and images that are relevant to it.

`query,relevant[,relevant...]`; a query may have several lines. A first line that begins with the word `query` is a
heading. Paths are relative to the folder of the queries and to the dataset, with `/`.
"""

import csv
from collections.abc import Iterator
from typing import NamedTuple

from ..errors import ExpectedError

HEADING = "query"


class Line(NamedTuple):
    """What a line says."""

    number: int
    query: str
    relevant: tuple[str, ...]


class Truth(NamedTuple):
    """The file."""

    path: str
    lines: list[Line]

    def error(self, line: Line, what: str) -> ExpectedError:
        """Return the error of a line."""
        return ExpectedError(f"{self.path}, line {line.number}: {what}")


def read_truth(path: str) -> Truth:
    """Read the file.

    Raises
    ------
    ExpectedError
        If a line cannot be read, or there is none; told with its number.
    OSError
        If the file cannot be read.
    """
    # Names of files may hold any bytes.
    with open(path, encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        lines = list(_lines(path, csv.reader(file, skipinitialspace=True, strict=True)))
    if not lines:
        raise ExpectedError(f"{path} holds no line: each names a query and what is relevant to it, query,relevant")
    return Truth(path, lines)


def _lines(path: str, reader: Iterator[list[str]]) -> Iterator[Line]:
    number = 0
    while True:
        number = getattr(reader, "line_num", number) + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise ExpectedError(f"{path}, line {number}: {error}") from None
        if cells is None:
            return
        query, *relevant = [cell.strip().removeprefix("./") for cell in cells] or [""]
        if number == 1 and query.lower() == HEADING:
            continue
        named = tuple(one for one in relevant if one)
        if not query and not named:
            continue
        if not query or not named:
            what = "no query" if not query else f"nothing that is relevant to '{query}'"
            raise ExpectedError(f"{path}, line {number} names {what}: write query,relevant")
        yield Line(number, query, named)
