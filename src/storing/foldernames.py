"""Step 2, index: how the files of an index of shards are called, and which of a folder are its own."""

import re

from .paths import DESCRIBED, FOLDER_JOURNAL, MANIFEST, TOLD_SKIPS

_PART = re.compile(r"part-[0-9]{5,9}\.csv")
_DESCRIBED = re.compile(rf"{DESCRIBED}/[0-9a-f]{{32}}")
_WHOLE = rf"{_PART.pattern}(\.cache|\.lists)?|{re.escape(MANIFEST)}|{TOLD_SKIPS}|{_DESCRIBED.pattern}"
# What `shardfolder.private_suffix` and `atomicfile.unfinished_name` make of these names, and the lock under which
# somebody who opens a shard without its cache writes that.
_UNFINISHED = re.compile(
    rf"({_WHOLE})\.[0-9a-f]+-[0-9a-f]{{8}}\.new|\.({_WHOLE})-[0-9a-f]{{8}}\.new|{_PART.pattern}\.partial"
)
_OWN = re.compile(rf"{_WHOLE}|{_UNFINISHED.pattern}|{re.escape(FOLDER_JOURNAL)}")


def part_name(number: int) -> str:
    """Return the name of a shard."""
    return f"part-{number:05d}.csv"


def part_number(name: str) -> int:
    """Return the number of a shard, by its name."""
    return int(name[len("part-") : -len(".csv")])


def is_part_name(name: str) -> bool:
    """Tell whether a file is called as a shard is."""
    return _PART.fullmatch(name) is not None


def is_part(name: str) -> bool:
    """Tell whether a file of the folder is a shard or beside one, whatever the manifest says."""
    return is_part_name(part_of(name))


def part_of(name: str) -> str:
    """Return the name of the shard that a file of the folder is, or lies beside."""
    return name.removesuffix(".cache").removesuffix(".lists")


def is_described(name: str) -> bool:
    """Tell whether a file of the folder is what workers have described."""
    return _DESCRIBED.fullmatch(name) is not None


def is_unfinished(name: str) -> bool:
    """Tell whether a file of the folder is what somebody who died has not finished."""
    return _UNFINISHED.fullmatch(name) is not None


def is_own(name: str) -> bool:
    """Tell whether a file of the folder can be of the index."""
    return _OWN.fullmatch(name) is not None
