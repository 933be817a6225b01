"""Duplicates: which picture of a group is worth keeping."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..duplicategroup import Picture
from .colours import are_grey

Order = Callable[[Picture, bool], Any]
"""What the picture to keep has the smallest of, by itself and by whether it is grey."""


def _best(picture: Picture, is_grey: bool) -> Any:
    """Most pixels; of these one in colours; of these the least compressed, which has most bytes; then the oldest.

    Nobody gets colours back from a copy in grey, which may have more bytes if it was saved once more.
    """
    return -picture.pixels, is_grey, -picture.size, picture.mtime_ns


RULES: dict[str, Order] = {
    "best": _best,
    "oldest": lambda picture, _: picture.mtime_ns,
    "newest": lambda picture, _: -picture.mtime_ns,
    "largest": lambda picture, _: -picture.size,
    "smallest": lambda picture, _: picture.size,
    "shortest-name": lambda picture, _: len(picture.id),
}
"""What `--keep` may say. Among equals the best is kept, then that of the shortest id, then the first by id.

`a.jpg` comes before `a (1).jpg`, and `2019/a.jpg` before `backup/2019/a.jpg`.
"""


def to_keep(pictures: Sequence[Picture], rule: str, protected: Sequence[bool], colours: NDArray[np.uint8]) -> int:
    """Return which of n pictures is to be kept: one that is protected, if any is as good as the rule's.

    `colours` are small pictures of them, shape (n, COLOUR, COLOUR, 3) of `fingerprint`.

    What is protected stays anyway. If a thumbnail is, the picture of full size must not go for it.

    Raise ValueError, naming those there are, if there is no rule of that name.
    """
    if rule not in RULES:
        raise ValueError(f"there is no rule '{rule}', only " + ", ".join(f"'{known}'" for known in RULES))
    order = RULES[rule]
    grey = are_grey(colours).tolist()

    def key(place: int) -> Any:
        picture = pictures[place]
        return order(picture, grey[place]), _best(picture, grey[place]), len(picture.id), picture.id

    best = min(range(len(pictures)), key=key)
    places = [place for place, is_safe in enumerate(protected) if is_safe]
    as_good = [place for place in places if _worth(pictures[place], grey[place]) >= _worth(pictures[best], grey[best])]
    return min(as_good, key=key, default=best)


def _worth(picture: Picture, is_grey: bool) -> tuple[int, bool, int]:
    return picture.pixels, not is_grey, picture.size
