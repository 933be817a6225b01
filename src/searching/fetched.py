"""Step 4, search: what is known of rows that lie elsewhere, fetched some hundred at a time."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .neighbours import Floats
from .parts import Pictures, Rows

# Fetched at once, and held: of 5856 numbers, they are 24 MB.
FETCHED_ROWS = 1024


class Fetch(NamedTuple):
    """What is known of some rows, on its way."""

    names: list[str]
    components: list[NDArray[Any]]
    """The vectors, shape (rows, numbers): as one, or by component; none if they are not wanted."""

    @classmethod
    def of(cls, pictures: Pictures, rows: Rows, components: Iterable[int | None]) -> "Fetch":
        """Take what is known of rows, these components of their vectors."""
        return cls(pictures.names(rows), [packed(pictures.take(rows, component)) for component in components])

    @classmethod
    def joined(cls, fetches: "Sequence[Fetch]") -> "Fetch":
        """Join what several have fetched, one after the other."""
        names = [name for fetch in fetches for name in fetch.names]
        return cls(names, [np.concatenate(some) for some in zip(*(fetch.components for fetch in fetches), strict=True)])

    def picked(self, places: NDArray[np.intp]) -> "Fetch":
        """Return what is known of those at some places, in that order."""
        return Fetch([self.names[place] for place in places.tolist()], [one[places] for one in self.components])


def packed(vectors: Floats) -> NDArray[Any]:
    """Return vectors in fewer bytes if all of their numbers are whole and from 0 to 255, as those of networks are."""
    with np.errstate(invalid="ignore"):
        small = vectors.astype(np.uint8)
    return small if np.array_equal(small, vectors) else vectors


class FetchedPictures(Pictures):
    """What is known of some rows, asked for one by one or many at once, and fetched in their order.

    Parameters
    ----------
    rows : sequence of int
        Those that may be asked for, best in this order.
    fetch : callable
        Fetches some of these.
    known : Fetch, optional
        What has been fetched already, of all of them.
    """

    def __init__(self, rows: Rows, fetch: Callable[[NDArray[np.intp]], Fetch], known: Fetch | None = None) -> None:
        self._rows = np.array(list(dict.fromkeys(np.asarray(rows).tolist())), np.intp)
        self._places = {row: place for place, row in enumerate(self._rows.tolist())}
        self._fetch = fetch
        self._known = known
        self._block = range(len(self._rows)) if known is not None else range(0)

    def names(self, rows: Rows) -> list[str]:
        return [name for fetch in self._fetched(rows) for name in fetch.names]

    def take(self, rows: Rows, component: int | None = None) -> Floats:
        taken = [
            np.concatenate(fetch.components, axis=1, dtype=np.float32)
            if component is None
            else fetch.components[component].astype(np.float32)
            for fetch in self._fetched(rows)
        ]
        return taken[0] if len(taken) == 1 else np.concatenate(taken)

    def _fetched(self, rows: Rows) -> Iterator[Fetch]:
        """Yield what is known of rows in their order, in one piece or more."""
        places = np.array([self._places[row] for row in np.asarray(rows).tolist()], np.intp)
        while len(places):
            if self._known is None or places[0] not in self._block:
                start = int(places[0]) // FETCHED_ROWS * FETCHED_ROWS
                self._block = range(start, min(start + FETCHED_ROWS, len(self._rows)))
                self._known = self._fetch(self._rows[start : self._block.stop])
            outside = np.flatnonzero((places < self._block.start) | (places >= self._block.stop))
            count = int(outside[0]) if len(outside) else len(places)
            yield self._known.picked(places[:count] - self._block.start)
            places = places[count:]
