"""Step 2, index: the image ids of an index, as its cache holds them."""

from collections.abc import Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray


def encoded_id(image_id: str) -> bytes:
    """Return an image id as the cache holds it."""
    # Names with undecodable bytes hold surrogates, which plain UTF-8 refuses.
    return image_id.encode("utf-8", "surrogatepass")


class Ids(Sequence[str]):
    """Image ids in the order of the rows; decoded when they are asked for, as a search asks for three of a million."""

    def __init__(self, names: NDArray[np.uint8], ends: NDArray[np.int64], others: Sequence[str] = ()) -> None:
        self._names, self._ends, self._others = names, ends, others

    def __len__(self) -> int:
        return len(self._ends) + len(self._others)

    def __contains__(self, image_id: object) -> bool:
        if not isinstance(image_id, str):
            return False
        name = np.frombuffer(encoded_id(image_id), np.uint8)
        starts = self._ends - np.diff(self._ends, prepend=0)
        starts = starts[self._ends - starts == len(name)]
        # From the back: names of photos differ in their last characters.
        for place in range(len(name) - 1, -1, -1):
            starts = starts[self._names[starts + place] == name[place]]
        return len(starts) > 0 or image_id in self._others

    def _start(self, row: int) -> int:
        return int(self._ends[row - 1]) if row else 0

    @overload
    def __getitem__(self, row: int) -> str: ...

    @overload
    def __getitem__(self, row: slice) -> list[str]: ...

    def __getitem__(self, row: int | slice) -> str | list[str]:
        if isinstance(row, slice):
            rows = range(len(self))[row]
            return self._decode(rows.start, rows.stop) if rows.step == 1 else [self[one] for one in rows]
        row = range(len(self))[row]
        return self._decode(row, row + 1)[0]

    def _decode(self, start: int, stop: int) -> list[str]:
        count = len(self._ends)
        ends = self._ends[start : min(stop, count)].tolist()
        if not ends:
            return list(self._others[max(start - count, 0) : max(stop - count, 0)])
        first = self._start(start)
        text = self._names[first : ends[-1]].tobytes()
        places = [0, *(end - first for end in ends)]
        own = [text[a:b].decode("utf-8", "surrogatepass") for a, b in zip(places, places[1:], strict=False)]
        return own + list(self._others[: max(stop - count, 0)])

    def followed_by(self, others: Sequence[str]) -> "Ids":
        """Return these ids and others as one."""
        return Ids(self._names, self._ends, others)
