"""What of a dataset folder is left out by choice: patterns of the command line, and of `.imageignore` files.

The patterns are those of gitignore. As there, an entry is left out if the last pattern that matches it says so, and a
folder that is left out is not entered. Patterns of the command line go before those of files, and a file before those
of the folders above. What was to stay private must not get into an index by accident: a file that cannot be used is
an error.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .errors import ExpectedError, UnreadableImage
from .filebytes import read_bytes

NAME = ".imageignore"
MAX_BYTES = 1 << 20


class _Level(NamedTuple):
    """The patterns of one file, or of the command line: the last one that matches an entry decides."""

    folder: str
    """What the ids begin with that it is about."""
    patterns: Sequence["_Pattern"]
    """From the last one on."""

    def verdict(self, path: str) -> bool | None:
        path = path.removeprefix(self.folder)
        for pattern in self.patterns:
            if pattern.expression.fullmatch(path):
                pattern.decided = True
                return pattern.leaves_out
        return None


@dataclass
class _Pattern:
    text: str
    expression: re.Pattern[str]
    """Matches the entries that are meant, as a full match."""
    leaves_out: bool
    """Whether they are left out; otherwise they are taken all the same."""
    decided: bool = False
    """Whether it has decided what becomes of an entry."""


class Exclusions(NamedTuple):
    """What is left out in a folder."""

    given: Sequence[_Level]
    """The patterns of the command line, which are one level or none."""
    levels: Sequence[_Level]
    """The patterns of files: those of the folder first, then those of the folders above."""

    def leaves_out(self, id_: str, *, is_folder: bool) -> bool:
        """Tell whether an entry of the folder is left out."""
        # In regular expressions a dot is no line break, and patterns have none; names may.
        path = id_.replace("\n", "\0") + ("/" if is_folder else "")
        verdicts = (level.verdict(path) for level in (*self.given, *self.levels))
        return next((verdict for verdict in verdicts if verdict is not None), False)

    def idle(self) -> list[str]:
        """Return the patterns of the command line that have left out nothing so far."""
        patterns = [pattern for level in self.given for pattern in reversed(level.patterns)]
        return [pattern.text for pattern in patterns if pattern.leaves_out and not pattern.decided]


def exclusions_of(patterns: Sequence[str]) -> Exclusions | None:
    """Return what patterns of the command line leave out of a dataset folder; ExpectedError if they cannot be used."""
    if not patterns:
        return None
    compiled: list[_Pattern] = []
    for pattern in patterns:
        # In a file, a line of nothing or behind a number sign says nothing; here somebody has meant something.
        if not pattern.strip():
            raise ExpectedError(f"--exclude '{pattern}' names nothing: give a pattern, such as '*.png' or 'private/'")
        line = pattern.removeprefix(".") if pattern.startswith("./") else pattern
        line = f"\\{line}" if line.startswith("#") else line.replace("\n", "\0")
        compiled += _compile(pattern, line, "--exclude")
    return Exclusions([_Level("", compiled[::-1])], [])


def with_ignore_file(above: Exclusions | None, path: str, folder_id: str) -> Exclusions:
    """Return what is left out in a folder that has an `.imageignore`; ExpectedError if that cannot be used."""
    given, levels = above or ((), ())
    start = f"{folder_id}/".replace("\n", "\0") if folder_id else ""
    lines = enumerate(_read_lines(path), 1)
    compiled = [one for number, line in lines for one in _compile(line, line, f"{path}, line {number}:")]
    return Exclusions(given, [_Level(start, compiled[::-1]), *levels])


def _compile(text: str, line: str, where: str) -> list[_Pattern]:
    """Return the pattern of a line, or none if it says nothing, as a comment does."""
    # Hardly any folder needs it, and it takes as long to load as a walk over some thousand files.
    from pathspec import GitIgnoreSpec, RegexPattern

    try:
        compiled = GitIgnoreSpec.from_lines([_for_entries(line)], backend="simple").patterns
    except Exception as error:  # its own, and those of regular expressions
        raise ExpectedError(f"{where} '{text}' is no pattern that gitignore knows") from error
    some = (one for one in compiled if isinstance(one, RegexPattern))
    found = [_Pattern(text, one.regex, bool(one.include)) for one in some if one.regex]
    if not found and line.strip() and not line.startswith("#"):
        raise ExpectedError(f"{where} '{text}' names nothing")
    return found


def _for_entries(line: str) -> str:
    """Return a pattern whose regular expression, as a full match, matches the same entries and not what is in them."""
    body = line if line.endswith("\\ ") else line.rstrip()
    start, end = "!" if body.startswith("!") else "", "/" if body.endswith("/") else ""
    body = body.removeprefix("!").removesuffix("/")
    # To the library, these match whatever comes behind, too.
    if body == "**" or body.endswith("/**"):
        body += "/?*"
    elif body == "*" or body.endswith("/*"):
        body = f"{body[:-1]}?*"
    return start + body + end


def _read_lines(path: str) -> list[str]:
    try:
        data = read_bytes(path, max_bytes=MAX_BYTES)
    except UnreadableImage as error:
        raise ExpectedError(f"{path}: {error}; it says what not to index, so nothing is indexed without it") from error
    if b"\0" in data:
        raise ExpectedError(f"{path} is not plain text: save it as UTF-8, with a pattern in each line")
    lines = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    return [os.fsdecode(line.removesuffix(b"\r")) for line in lines]
