"""Duplicates: decisions made elsewhere, by a person or a script, and pairs that are remembered to be no duplicates.

Decisions are carried over to the groups that are found now. Of a remembered pair, each picture is known by the digest
of its content, so it may be moved and renamed.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import BinaryIO, NamedTuple

from .duplicategroup import Copy, Group, Picture
from .duplicatetext import Decision, Named
from .errors import ExpectedError
from .filebytes import DIGEST_BYTES
from .printable import printable

Pairs = frozenset[frozenset[bytes]]
"""Pairs of digests, in any order."""

# A line of the file is two digests and, for people, two names. It may be deleted with any editor.
HEAD = b"# image similarity: pairs of pictures that are no duplicates: digests of both files, and their names then\n"


class Decided(NamedTuple):
    """Decisions, carried over to the groups that were found."""

    groups: list[Group]
    """What is to be kept, each with its spares."""
    different: list[tuple[Picture, Picture]]
    """Pairs that are no duplicates."""


class Content(NamedTuple):
    """A picture, as it is remembered."""

    digest: bytes
    name: str


def decided(
    path: str, decisions: Sequence[Decision], groups: Sequence[Group], copy_of: Callable[[Picture, Picture], Copy]
) -> Decided:
    """Carry decisions over to the groups that were found: all of them, or none.

    Parameters
    ----------
    path : str
        The file that they are from, for errors.
    decisions : sequence of Decision
    groups : sequence of Group
    copy_of : callable
        Called with two pictures of a group, where the first is to be kept instead of the one that was found best: says
        what the second is to it.

    Raises
    ------
    ExpectedError
        If a name is of no picture of these groups, a picture is named twice, or a spare is not in the group of what is
        kept.
    """
    members = _Members(path, groups)
    found = Decided([], [])
    for number, decision in enumerate(decisions, 1):
        keep, spares, different = (members.take(number, names) for names in decision)
        by_keep: dict[Picture, list[Copy]] = {}
        for spare in spares:
            keeps = [one for one in keep if one.group is spare.group]
            if not keeps:
                where = f"{path}: group {number}: '{spare.picture.id}'"
                raise ExpectedError(f"{where} is not a copy of what is kept, as groups are found now; nothing was done")
            # Of several, one that is the same file, so that it may become a link to that one.
            best = next((one for one in keeps if one.picture.digest == spare.picture.digest), keeps[0])
            as_found = spare.copy if best.copy is None else None
            copy = as_found or copy_of(best.picture, spare.picture)
            by_keep.setdefault(best.picture, []).append(copy)
        found.groups.extend(Group(kept, tuple(copies)) for kept, copies in by_keep.items())
        together = {one.picture for one in different}
        found.different.extend(
            (one.picture, other)
            for one in different
            for other in (one.group.keep, *(copy.picture for copy in one.group.copies))
            # Files of one content stay copies of each other, though both are different from the rest.
            if other != one.picture and not (other in together and other.digest == one.picture.digest)
        )
    return found


class _Member(NamedTuple):
    group: Group
    picture: Picture
    copy: Copy | None
    """None for the one to keep."""


class _Members:
    """The pictures of all groups by name: each may be taken once."""

    def __init__(self, path: str, groups: Sequence[Group]) -> None:
        self._path = path
        self._by_id: dict[str, _Member] = {}
        self._by_path: dict[str, _Member] = {}
        self._taken: set[str] = set()
        for group in groups:
            for member in [
                _Member(group, group.keep, None),
                *(_Member(group, one.picture, one) for one in group.copies),
            ]:
                self._by_id[member.picture.id] = member
                self._by_path[os.path.abspath(member.picture.path)] = member

    def take(self, number: int, names: Sequence[Named]) -> list[_Member]:
        """Return the pictures that a decision, the how manyth it is, names."""
        return [self._take(f"{self._path}: group {number}: '{name.text}'", name) for name in names]

    def _take(self, where: str, name: Named) -> _Member:
        # No file has a NUL in its name.
        by_path = self._by_path.get(os.path.abspath(name.text))
        by_id = self._by_id.get(name.text) if name.may_be_id else None
        member = by_id or by_path
        if member is None:
            raise ExpectedError(f"{where} is in no group that is found now; nothing was done")
        if by_id is not None and by_path is not None and by_id is not by_path:
            raise ExpectedError(f"{where} is the id of one picture and the path of another one; nothing was done")
        if member.picture.id in self._taken:
            raise ExpectedError(f"{where} is named a second time; nothing was done")
        self._taken.add(member.picture.id)
        return member


def read_pairs(path: str) -> Pairs:
    """Read the pairs of a file; none where there is no file yet.

    Raises
    ------
    ExpectedError
        If the file is none of ours, or a line of it holds no pair.
    OSError
        If it cannot be read.
    """
    try:
        with open(path, "rb") as file:
            head, *lines = file.read().splitlines(keepends=True) or [b""]
    except FileNotFoundError:
        return frozenset()
    # An empty file is what somebody has made for this, or what a full disk has left.
    if head.rstrip() != HEAD.rstrip() and (lines or not HEAD.startswith(head)):
        raise ExpectedError(f"{path} is there and is no file of --ignore: choose another name for it")
    pairs = set()
    for number, line in enumerate(lines, 2):
        pair = _pair(line)
        # What a run that was killed has not written to its end is not a line yet.
        if pair is None and line.strip() and line[:1] != b"#" and line[-1:] == b"\n":
            raise ExpectedError(f"{path}: line {number} is not a pair of two digests: correct or delete it")
        if pair is not None:
            pairs.add(pair)
    return frozenset(pairs)


def _pair(line: bytes) -> frozenset[bytes] | None:
    with suppress(ValueError):
        one, other = (bytes.fromhex(digest.decode()) for digest in line.split(b"\t")[0].split())
        if len(one) == len(other) == DIGEST_BYTES and one != other:
            return frozenset((one, other))
    return None


def remember_pairs(path: str, pairs: Iterable[tuple[Content, Content]]) -> int:
    """Add pairs to a file, which is made if there is none; return how many it did not hold before.

    Raises
    ------
    ExpectedError
        If two pictures of a pair have the same content, or as for `read_pairs`. Nothing was written.
    OSError
        If it cannot be written; what was in it still is.
    """
    known = set(read_pairs(path))
    lines = []
    for one, other in pairs:
        if one.digest == other.digest:
            raise ExpectedError(f"'{one.name}' and '{other.name}' are the same file, byte by byte, and stay duplicates")
        pair = frozenset((one.digest, other.digest))
        if pair not in known:
            known.add(pair)
            lines.append(_line(one, other))
    if lines:
        _append(path, lines)
    return len(lines)


def _line(one: Content, other: Content) -> bytes:
    names = f"{printable(one.name)}\t{printable(other.name)}"
    return f"{one.digest.hex()} {other.digest.hex()}\t{names}\n".encode()


def _append(path: str, lines: Sequence[bytes]) -> None:
    with open(path, "a+b", buffering=0) as file:
        _wait_for_turn(file)
        file.seek(0)
        data = file.read()
        *others, last = data.splitlines(keepends=True) or [b""]
        # What was cut when a run was killed goes; the last line that somebody has written with an editor gets its end.
        is_cut = last[-1:] != b"\n" and _pair(last) is None and not (others and last[:1] == b"#")
        whole = len(data) - len(last) if is_cut else len(data)
        start = HEAD if whole == 0 else b"" if is_cut or last[-1:] == b"\n" else b"\n"
        try:
            file.truncate(whole)
            _write(file.fileno(), start + b"".join(lines))
            os.fsync(file.fileno())
        except OSError as error:
            # A full disk has taken a part of it.
            with suppress(OSError):
                file.truncate(whole)
            raise OSError(error.errno, error.strerror, path) from error


def _wait_for_turn(file: BinaryIO) -> None:
    """Let another run that adds pairs finish, where the system knows locks."""
    with suppress(ImportError, OSError):
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX)


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
