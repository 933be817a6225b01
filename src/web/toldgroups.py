"""The service: groups of duplicates as `duplicates.py --json` tells them, read without trusting a word of it."""

import json
from typing import Any, NamedTuple

from ..duplicatefinder import DEFAULT_THRESHOLD
from ..duplicategroup import KINDS, NEAR
from ..errors import ExpectedError

# Of 200,000 pictures in 60,000 groups it tells in 80 MB.
MOST_BYTES = 200_000_000
MOST_NUMBER = 2**53  # what JavaScript counts up to
_NO_DEFAULT = object()


class ToldPicture(NamedTuple):
    """A picture of a group."""

    id: str
    path: str
    width: int
    height: int
    bytes: int
    kind: str = ""
    """What it is to the one to keep; empty for that one itself."""
    similarity: float = 1.0
    orientation: int = 1
    """As `Copy.orientation` has it."""
    is_protected: bool = False
    takes_disk: bool = True


class ToldGroup(NamedTuple):
    """A group: the picture to keep first, then its copies."""

    pictures: tuple[ToldPicture, ...]

    @property
    def kind(self) -> str:
        """The loosest kind of its copies."""
        return max((copy.kind for copy in self.pictures[1:]), key=KINDS.index)

    @property
    def spares(self) -> list[ToldPicture]:
        """The copies that may go."""
        return [copy for copy in self.pictures[1:] if not copy.is_protected]

    @property
    def spare_bytes(self) -> int:
        """How much disk the spares take."""
        return sum(copy.bytes for copy in self.spares if copy.takes_disk)


class ToldGroups(NamedTuple):
    """All that is told."""

    groups: list[ToldGroup]
    pictures: int
    """Among how many pictures they were found."""
    without: int = 0
    """How many pictures could not be compared."""
    threshold: float = DEFAULT_THRESHOLD
    any_orientation: bool = False


def read_groups(data: bytes) -> ToldGroups:
    """Read the JSON that tells groups.

    Raises
    ------
    ExpectedError
        If it is of any other form, or a picture is in two groups. It does not say where the JSON is from.
    """
    if len(data) > MOST_BYTES:
        raise ExpectedError(f"more than {MOST_BYTES // 10**6} MB")
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        raise ExpectedError("no whole JSON") from None
    values = _Values("the file", content)
    groups = [_group(f"group {number}", one) for number, one in enumerate(values.list("groups"), 1)]
    named = [picture.path or picture.id for group in groups for picture in group.pictures]
    if len(set(named)) < len(named):
        raise ExpectedError("a picture is in two groups")
    threshold = values.number("threshold", 1.0, DEFAULT_THRESHOLD)
    return ToldGroups(
        groups, values.whole("pictures", 0), values.whole("without", 0), threshold, values.truth("any_orientation")
    )


def _group(where: str, content: Any) -> ToldGroup:
    values = _Values(where, content)
    copies = values.list("spares")
    if not copies:
        raise ExpectedError(f"{where} has no copies")
    return ToldGroup((
        _picture(f"{where}: keep", content.get("keep"), is_copy=False),
        *(_picture(f"{where}: spare {number}", copy, is_copy=True) for number, copy in enumerate(copies, 1)),
    ))  # fmt: skip


def _picture(where: str, content: Any, is_copy: bool) -> ToldPicture:
    values = _Values(where, content)
    picture = ToldPicture(
        values.text("id"), values.text("path", ""), values.whole("width"), values.whole("height"), values.whole("bytes")
    )
    if not is_copy:
        return picture
    kind = values.text("kind")
    if kind not in KINDS:
        raise ExpectedError(f'{where}: "kind" is none of {", ".join(KINDS)}')
    orientation = values.whole("orientation", 1)
    if not 1 <= orientation <= 8:
        raise ExpectedError(f'{where}: "orientation" is not from 1 to 8')
    return picture._replace(
        kind=kind,
        similarity=values.number("similarity", 1.0) if kind == NEAR else 1.0,
        orientation=orientation if kind == NEAR else 1,
        is_protected=values.truth("protected"),
        takes_disk=values.truth("takes_disk", default=True),
    )


class _Values:
    """The values of a JSON object, which must be of their kinds.

    What is wrong is said in the words of `decisions`, which a model of pydantic would not do.
    """

    def __init__(self, where: str, content: Any) -> None:
        if not isinstance(content, dict):
            raise ExpectedError(f"{where} is no object")
        self._where, self._content = where, content

    def _get(self, name: str, kinds: type | tuple[type, ...], what: str, default: Any = _NO_DEFAULT) -> Any:
        value = self._content.get(name, default)
        # A truth is a number to Python.
        is_one = isinstance(value, kinds) and isinstance(value, bool) == (kinds is bool)
        if not is_one:
            raise ExpectedError(f'{self._where}: "{name}" is not {what}')
        return value

    def list(self, name: str) -> "list[Any]":
        found: list[Any] = self._get(name, list, "a list")
        return found

    def text(self, name: str, default: Any = _NO_DEFAULT) -> str:
        text: str = self._get(name, str, "text", default)
        if "\0" in text:
            raise ExpectedError(f'{self._where}: "{name}" is no name of a file')
        return text

    def whole(self, name: str, default: Any = _NO_DEFAULT) -> int:
        number: int = self._get(name, int, "a whole number", default)
        if not 0 <= number <= MOST_NUMBER:
            raise ExpectedError(f'{self._where}: "{name}" is out of range')
        return number

    def number(self, name: str, most: float, default: Any = _NO_DEFAULT) -> float:
        number = self._get(name, (int, float), "a number", default)
        if not 0 <= number <= most:  # nor is NaN
            raise ExpectedError(f'{self._where}: "{name}" is out of range')
        return float(number)

    def truth(self, name: str, default: bool = False) -> bool:
        truth: bool = self._get(name, bool, "true or false", default)
        return truth
