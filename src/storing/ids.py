"""Step 2, index: the image ids of an index, as its cache holds them."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Any, NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from .nametext import ERRORS, packed_name, unpacked_name


def ascend(places: NDArray[np.int64]) -> bool:
    """Tell whether places follow each other, in a file that anyone may have made: their differences may overflow."""
    return bool((places[1:] >= places[:-1]).all())


class Names(NamedTuple):
    """The ids of one file: their text one after the other, and where each of them ends in it."""

    text: NDArray[np.uint8]
    ends: NDArray[np.int64]

    def find(self, image_id: bytes) -> int | None:
        """Return the row of an id."""
        name = np.frombuffer(image_id, np.uint8)
        lengths = np.diff(self.ends, prepend=0)
        # A large cache is not checked before it is used: its ends may lie anywhere.
        rows = np.flatnonzero((lengths == len(name)) & (self.ends >= len(name)) & (self.ends <= len(self.text)))
        starts = self.ends[rows] - len(name)
        # From the back: names of photos differ in their last characters.
        for place in range(len(name) - 1, -1, -1):
            same = self.text[starts + place] == name[place]
            rows, starts = rows[same], starts[same]
            if not len(rows):
                return None  # strangers ask for ids of thousands of letters
        return int(rows[0]) if len(rows) else None

    def are_sound(self) -> bool:
        """Tell whether every name ends where the next begins, within the text, and is one of a file."""
        starts = np.append(0, self.ends)
        if not ascend(starts) or starts[-1] != len(self.text):
            return False
        text = self.text.tobytes()
        try:
            text.decode("utf-8", "surrogatepass").encode("utf-8", ERRORS)
        except UnicodeError:
            return False
        if b"\0" in text:
            return False
        # None begins in the middle of a character, whose further bytes are 10xxxxxx.
        first = self.text[starts[:-1][starts[:-1] < len(self.text)]]
        return bool(((first & 0xC0) != 0x80).all())

    def decode(self, start: int, stop: int) -> list[str]:
        """Return the ids start..stop."""
        ends = self.ends[start:stop].tolist()
        if not ends:
            return []
        first = int(self.ends[start - 1]) if start else 0
        text = self.text[first : ends[-1]].tobytes()
        places = [0, *(end - first for end in ends)]
        return [unpacked_name(text[a:b]) for a, b in zip(places, places[1:], strict=False)]


class Ids(Sequence[str]):
    """The ids of all files, in the order of the rows; decoded when asked for, as a search needs three of a million."""

    def __init__(self, parts: Sequence[Names]) -> None:
        self._parts = parts
        self._starts = [*accumulate((len(part.ends) for part in parts), initial=0)]

    def __len__(self) -> int:
        return self._starts[-1]

    def find(self, image_id: str) -> int | None:
        """Return the row of an image id, the first if there are several; None if there is none."""
        name = packed_name(image_id)
        rows = (part.find(name) for part in self._parts)
        return next((start + row for start, row in zip(self._starts, rows, strict=False) if row is not None), None)

    def index(self, value: Any, start: int = 0, stop: int | None = None) -> int:
        """Return the row of an image id; ValueError if it is not there."""
        row = self.find(value) if isinstance(value, str) else None
        if row is None or not start <= row < (len(self) if stop is None else stop):
            raise ValueError(f"{value!r} is not in the index")
        return row

    def __contains__(self, image_id: object) -> bool:
        return isinstance(image_id, str) and self.find(image_id) is not None

    @overload
    def __getitem__(self, row: int) -> str: ...

    @overload
    def __getitem__(self, row: slice) -> list[str]: ...

    def __getitem__(self, row: int | slice) -> str | list[str]:
        if isinstance(row, slice):
            rows = range(len(self))[row]
            if rows.step != 1:
                return [self[one] for one in rows]
            parts = zip(self._parts, self._starts, strict=False)
            cuts = ((part, max(rows.start - first, 0), max(rows.stop - first, 0)) for part, first in parts)
            return [one for part, start, stop in cuts for one in part.decode(start, stop)]
        row = range(len(self))[row]
        part = bisect_right(self._starts, row) - 1
        return self._parts[part].decode(row - self._starts[part], row - self._starts[part] + 1)[0]
