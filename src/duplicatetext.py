"""Duplicates: groups of them as lines of text and as JSON, which is read again with what somebody has decided."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timezone
from typing import Any, NamedTuple

from .distance import similarity_text
from .duplicategroup import KIND_WORDS, KINDS, ORIENTATION_WORDS, Copy, Group, Picture, counted, disk_words
from .errors import ExpectedError
from .printable import printable

KEEP, SPARE, PROTECTED, KNOWN, NEW = "keep", "spare", "protected", "known", "new"

Explain = Callable[[Picture, Copy], list[str]]
"""Says what was compared of a copy and the picture to keep, and by how much it differs, in a few lines."""

Found = tuple[Picture, Group | None]
"""A picture of a folder, and as a group of two the one that it is a copy of, if there is one."""


class Named(NamedTuple):
    """A picture, as a file of decisions names it."""

    text: str
    may_be_id: bool = True
    """Whether it may be an id, and not only a path."""


class Decision(NamedTuple):
    """What a file of decisions says of one group."""

    keep: tuple[Named, ...]
    spares: tuple[Named, ...]
    different: tuple[Named, ...]
    """Those that are copies of no other picture of their group."""


def as_lines(groups: Sequence[Group], explain: Explain | None = None) -> Iterator[str]:
    """Yield the lines of groups: of each a head, then a line a picture, the one to keep first; an empty line between.

    A picture's line has tabs between what becomes of it (`keep`, `spare` or `protected`), kind, similarity, width x
    height, bytes and path. A last column stands only where there is more to say, as of turned copies. What explains a
    copy follows its line, behind a tab.
    """
    for number, group in enumerate(groups):
        if number:
            yield ""
        yield f"{group.kind}: {_spares(group)}"
        yield _line(KEEP, "-", "-", group.keep)
        for copy in group.copies:
            yield _copy_line(PROTECTED if copy.is_protected else SPARE, copy, *_remarks(copy))
            yield from _reasons(explain, group, copy)


def known_as_lines(found: Sequence[Found], explain: Explain | None = None) -> Iterator[str]:
    """Yield a line for each picture of a folder: `known` or `new`, and the rest as `as_lines` has it.

    Of those that are known, the path of the picture that is there already stands last.
    """
    for picture, group in found:
        if group is None:
            yield _line(NEW, "-", "-", picture)
        else:
            (copy,) = group.copies
            yield _copy_line(KNOWN, copy, group.keep.path, *_remarks(copy))
            yield from _reasons(explain, group, copy)


def _copy_line(mark: str, copy: Copy, *more: str) -> str:
    line = _line(mark, copy.kind, similarity_text(copy.similarity), copy.picture)
    return "\t".join([line, *map(printable, more)])


def _reasons(explain: Explain | None, group: Group, copy: Copy) -> Iterator[str]:
    for line in explain(group.keep, copy) if explain is not None else ():
        yield f"\t{printable(line)}"


def _spares(group: Group) -> str:
    """Say what the spares of a group take."""
    if not group.spares:
        return "no spares, all are protected"
    return f"{counted(len(group.spares), 'spare')} {_take(len(group.spares))} {disk_words(group.spare_bytes)}"


def _line(mark: str, kind: str, similarity: str, picture: Picture) -> str:
    size = f"{picture.width}x{picture.height}"
    return "\t".join(map(printable, (mark, kind, similarity, size, str(picture.size), picture.path)))


def _remarks(copy: Copy) -> Iterator[str]:
    """Yield one column, if there is something to say."""
    more = [ORIENTATION_WORDS[copy.orientation], "" if copy.takes_disk else "takes no disk of its own"]
    if any(more):
        yield ", ".join(filter(None, more))


def as_json(groups: Sequence[Group], explain: Explain | None = None) -> list[dict[str, Any]]:
    """Return groups as JSON values: what `read_decisions` reads, and more."""
    return [
        {
            "kind": group.kind,
            "keep": _picture(group.keep),
            "spares": [_copy(group.keep, copy, explain) for copy in group.copies],
            "spare_bytes": group.spare_bytes,
        }
        for group in groups
    ]


def known_as_json(found: Sequence[Found], explain: Explain | None = None) -> dict[str, list[dict[str, Any]]]:
    """Return which pictures of a folder are known, with what they are copies of, and which are new, as JSON values."""
    copies = [(group.keep, group.copies[0]) for _, group in found if group is not None]
    unmarked = {"protected", "takes_disk"}
    return {
        "known": [
            {name: value for name, value in _copy(keep, copy, explain).items() if name not in unmarked}
            | {"copy_of": _picture(keep)}
            for keep, copy in copies
        ],
        "new": [_picture(picture) for picture, group in found if group is None],
    }


def _picture(picture: Picture) -> dict[str, Any]:
    return {
        "id": picture.id,
        "path": picture.path,
        "width": picture.width,
        "height": picture.height,
        "bytes": picture.size,
        "modified": _time_text(picture.mtime_ns),
    }


def _copy(keep: Picture, copy: Copy, explain: Explain | None) -> dict[str, Any]:
    values = _picture(copy.picture)
    why = {} if explain is None else {"explanation": explain(keep, copy)}
    return {
        "id": values.pop("id"),
        "path": values.pop("path"),
        "kind": copy.kind,
        "similarity": copy.similarity,
        "orientation": copy.orientation,
        **values,
        "protected": copy.is_protected,
        "takes_disk": copy.takes_disk,
        **why,
    }


def _time_text(time_ns: int) -> str | None:
    """Return a file's time as ISO 8601 has it, in UTC; None for what no calendar has."""
    try:
        return datetime.fromtimestamp(time_ns // 10**9, timezone.utc).isoformat().replace("+00:00", "Z")
    except (OverflowError, OSError, ValueError):
        return None


def read_decisions(path: str) -> list[Decision]:
    """Read a file of decisions: the JSON of groups, or so much of it as says what to do.

    It is `{"groups": [{"keep": ..., "spares": [...], "different": [...]}]}`. A picture is its id or path, or an object
    that has its path as "path" or else its id as "id"; "keep" may be one or a list of them. Nothing else is looked at.

    Raises
    ------
    ExpectedError
        If the file is not of that form.
    OSError
        If it cannot be read.
    """
    with open(path, "rb") as file:
        data = file.read()
    try:
        content = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ExpectedError(f"{path} is not JSON: {error}") from None
    groups = content.get("groups") if isinstance(content, dict) else None
    if not isinstance(groups, list):
        raise ExpectedError(f'{path} has no list "groups": it must be of the form that --json prints')
    return [_decision(f"{path}: group {number}", group) for number, group in enumerate(groups, 1)]


def _decision(where: str, group: Any) -> Decision:
    if not isinstance(group, dict):
        raise ExpectedError(f'{where} is not an object with "keep" and "spares"')
    keep = group.get("keep") or []
    decision = Decision(
        _names(where, "keep", keep if isinstance(keep, list) else [keep]),
        _names(where, "spares", group.get("spares") or []),
        _names(where, "different", group.get("different") or []),
    )
    if decision.spares and not decision.keep:
        raise ExpectedError(f"{where} keeps nothing: name a picture to keep, or no spares")
    return decision


def _names(where: str, role: str, entries: Any) -> tuple[Named, ...]:
    if not isinstance(entries, list):
        raise ExpectedError(f'{where}: "{role}" is not a list')
    return tuple(_named(where, role, entry) for entry in entries)


def _named(where: str, role: str, entry: Any) -> Named:
    has_path = isinstance(entry, dict) and "path" in entry
    text = entry.get("path" if has_path else "id") if isinstance(entry, dict) else entry
    if not isinstance(text, str):
        raise ExpectedError(f'{where}: "{role}" holds what is neither a name nor an object with "path" or "id"')
    return Named(text, may_be_id=not has_path)


def summary(groups: Sequence[Group], pictures: int) -> str:
    """Return the sum of what was found among so many pictures."""
    if not groups:
        return f"no duplicates among {counted(pictures, 'picture')}"
    spares = sum(len(group.spares) for group in groups)
    found = f"{counted(len(groups), 'group')} of duplicates among {counted(pictures, 'picture')}"
    size = disk_words(sum(group.spare_bytes for group in groups))
    return f"{found}: {counted(spares, 'spare')} {_take(spares)} {size}"


def summary_of_known(found: Sequence[Found], folder: str) -> str:
    """Return the sum of what is known of a folder."""
    kinds = Counter(group.kind for _, group in found if group is not None)
    parts = ", ".join(f"{kinds[kind]:,} {KIND_WORDS[kind]}" for kind in KINDS if kinds[kind])
    count = kinds.total()
    is_known = "is" if count == 1 else "are"
    return f"{count:,} of {counted(len(found), 'picture')} of {folder} {is_known} known{': ' if parts else ''}{parts}"


def _take(count: int) -> str:
    return "takes" if count == 1 else "take"
