"""Duplicates: which picture of a group is worth keeping."""

from collections.abc import Callable, Sequence
from typing import Any

from ..duplicategroup import Picture

Order = Callable[[Picture], Any]
"""What the picture to keep has the smallest of."""


def _best(picture: Picture) -> Any:
    """Most pixels; of these the least compressed, which has most bytes for them; of these the oldest."""
    return -picture.pixels, -picture.size, picture.mtime_ns


RULES: dict[str, Order] = {
    "best": _best,
    "oldest": lambda picture: picture.mtime_ns,
    "newest": lambda picture: -picture.mtime_ns,
    "largest": lambda picture: -picture.size,
    "smallest": lambda picture: picture.size,
    "shortest-name": lambda picture: len(picture.id),
}
"""What `--keep` may say. Among equals the best is kept, then the first by id."""


def to_keep(pictures: Sequence[Picture], rule: str, protected: Sequence[bool]) -> int:
    """Return which of some pictures is to be kept: one that is protected, if any is as good as the rule's.

    What is protected stays anyway. If a thumbnail is, the picture of full size must not go for it.

    Raise ValueError, naming those there are, if there is no rule of that name.
    """
    if rule not in RULES:
        raise ValueError(f"there is no rule '{rule}', only " + ", ".join(f"'{known}'" for known in RULES))
    order = RULES[rule]

    def key(place: int) -> Any:
        picture = pictures[place]
        return order(picture), _best(picture), picture.id

    best = min(range(len(pictures)), key=key)
    places = [place for place, is_safe in enumerate(protected) if is_safe]
    return min((place for place in places if _is_as_good(pictures[place], pictures[best])), key=key, default=best)


def _is_as_good(one: Picture, other: Picture) -> bool:
    return (one.pixels, one.size) >= (other.pixels, other.size)
