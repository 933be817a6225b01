"""Step 4, search: the rows of an index whose parts are open elsewhere, in other processes or on other machines.

What others are asked for is exact, each of its own rows, so that merging it is, too: by distance, and rows at the same
distance in the order of the index.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import accumulate
from typing import Any, Protocol, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from ..distance import by_name
from ..indexfile import IndexInfo
from .fetched import FETCHED_ROWS, Fetch, FetchedPictures
from .localparts import LocalParts
from .neighbours import Floats, merged
from .parts import Ask, Parts, Pictures, RowNumbers, Rows
from .shortlist import Found

QUERIES_AT_ONCE = 256  # of 5856 numbers, they are 6 MB
NAMES_AT_ONCE = 10_000

Made = TypeVar("Made")


class Elsewhere(Protocol):
    """Where parts are open."""

    def __call__(self, work: Callable[..., Made], arguments: Mapping[int, tuple[Any, ...]], /) -> dict[int, Made]:
        """Do work there, for some parts by their numbers, and return what it gives.

        Its first argument is the `LocalParts` of that number. IndexFileError is raised if any of it cannot be done.
        """


class JoinedParts(Parts):
    """The rows of several `LocalParts` that are open elsewhere, one after the other.

    Parameters
    ----------
    path : str
    info : IndexInfo
    counts : sequence of int
        How many rows each of them has.
    elsewhere : Elsewhere
    could_spread : callable, optional
        Tells what the method of this name does.
    """

    def __init__(
        self,
        path: str,
        info: IndexInfo,
        counts: Sequence[int],
        elsewhere: Elsewhere,
        could_spread: Callable[[], bool] = lambda: False,
    ) -> None:
        self.path, self.info = path, info
        self._elsewhere = elsewhere
        self._could_spread = could_spread
        self._starts = np.array([0, *accumulate(counts)], np.intp)
        components = range(len(by_name(info.distance).components))
        self._components: tuple[int | None, ...] = tuple(components) or (None,)

    @property
    def ids(self) -> Sequence[str]:
        # To hold this would be a circle: workers would keep an index open long after it is used here.
        return _Ids(self)

    def __len__(self) -> int:
        return int(self._starts[-1])

    def could_spread(self) -> bool:
        return self._could_spread()

    def reading(self) -> AbstractContextManager[None]:
        return nullcontext()

    def nearest(self, *asks: Ask) -> list[list[Found]]:
        found: list[list[Found]] = [[] for _ in asks]
        for start in range(0, len(asks[0].queries), QUERIES_AT_ONCE):
            some = [ask._replace(queries=np.asarray(ask.queries[start : start + QUERIES_AT_ONCE])) for ask in asks]
            of_parts = self._of_all(_nearest, some)
            for ask, own, of_ask in zip(asks, found, zip(*of_parts, strict=True), strict=True):
                own += [self._merged(of_query, ask.limit) for of_query in zip(*of_ask, strict=True)]
        return found

    def nearest_pictures(self, ask: Ask, *, vectors: bool) -> tuple[list[Found], Pictures]:
        count = len(ask.queries)
        if not 0 < count * ask.limit * (len(self._starts) - 1) <= FETCHED_ROWS:
            found = self.nearest(ask)[0]
            return found, self.at_hand(_rows_of(found), vectors=vectors)
        # Asking again would take as long as most searches.
        some, components = ask._replace(queries=np.asarray(ask.queries)), self._components if vectors else ()
        of_parts = self._of_all(_nearest_pictures, some, components)
        found = [self._merged(of_query, ask.limit) for of_query in zip(*(own for own, _, _ in of_parts), strict=True)]
        rows = np.concatenate([own + start for (_, own, _), start in zip(of_parts, self._starts[:-1], strict=True)])
        return found, FetchedPictures(rows, self._fetch, Fetch.joined([fetch for _, _, fetch in of_parts]))

    def ranked(self, ask: Ask) -> list[RowNumbers]:
        return [rows for rows, _ in self.nearest(ask)[0]]

    def at_hand(self, rows: Rows, *, vectors: bool = True) -> Pictures:
        components = self._components if vectors else ()
        return FetchedPictures(rows, lambda some: self._fetch(some, components))

    def names(self, rows: Rows) -> list[str]:
        return self._fetch(np.asarray(rows, np.intp), ()).names

    def take(self, rows: Rows, component: int | None = None) -> Floats:
        components = self._components if component is None else (component,)
        taken: Floats = np.concatenate(self._fetch(np.asarray(rows, np.intp), components).components, axis=1)
        return taken.astype(np.float32)

    def known(self, image_ids: Sequence[str]) -> set[str]:
        known: set[str] = set()
        for start in range(0, len(image_ids), NAMES_AT_ONCE):
            known.update(*self._of_all(LocalParts.known, image_ids[start : start + NAMES_AT_ONCE]))
        return known

    def find(self, image_id: str) -> int | None:
        found = zip(self._of_all(_find, image_id), self._starts.tolist(), strict=False)
        return next((start + row for row, start in found if row is not None), None)

    def _of_all(self, work: Callable[..., Made], *arguments: Any) -> list[Made]:
        numbers = range(len(self._starts) - 1)
        made = self._elsewhere(work, dict.fromkeys(numbers, arguments))
        return [made[number] for number in numbers]

    def _merged(self, of_parts: Sequence[Found], limit: int) -> Found:
        starts = self._starts[:-1].tolist()
        return merged([(rows + start, away) for (rows, away), start in zip(of_parts, starts, strict=True)], limit)

    def _fetch(self, rows: NDArray[np.intp], components: Sequence[int | None] = ()) -> Fetch:
        """Fetch what is known of rows, in their order."""
        whose = np.searchsorted(self._starts, rows, "right") - 1
        parts = np.unique(whose).tolist() or [0]  # which knows what nothing looks like
        own = {part: rows[whose == part] - self._starts[part] for part in parts}
        made = self._elsewhere(Fetch.of, {part: (some, components) for part, some in own.items()})
        places = np.argsort(np.argsort(whose, kind="stable"))
        return Fetch.joined([made[part] for part in own]).picked(places)


def _nearest(parts: LocalParts, asks: Sequence[Ask]) -> list[list[Found]]:
    return parts.nearest(*asks)


def _nearest_pictures(
    parts: LocalParts, ask: Ask, components: Sequence[int | None]
) -> tuple[list[Found], RowNumbers, Fetch]:
    found = parts.nearest(ask)[0]
    rows = np.unique(_rows_of(found))
    return found, rows, Fetch.of(parts, rows, components)


def _find(parts: LocalParts, image_id: str) -> int | None:
    return parts.find(image_id)


def _rows_of(found: Sequence[Found]) -> RowNumbers:
    return np.concatenate([np.empty(0, np.intp), *(rows for rows, _ in found)])


class _Ids(Sequence[str]):
    """The image ids, asked for when they are wanted, many at once."""

    def __init__(self, parts: JoinedParts) -> None:
        self._parts = parts

    def __len__(self) -> int:
        return len(self._parts)

    def __contains__(self, image_id: object) -> bool:
        return isinstance(image_id, str) and self._parts.find(image_id) is not None

    def __iter__(self) -> Iterator[str]:
        for start in range(0, len(self), NAMES_AT_ONCE):
            yield from self[start : start + NAMES_AT_ONCE]

    @overload
    def __getitem__(self, row: int) -> str: ...

    @overload
    def __getitem__(self, row: slice) -> list[str]: ...

    def __getitem__(self, row: int | slice) -> str | list[str]:
        if isinstance(row, slice):
            return self._parts.names(range(len(self))[row])
        return self._parts.names([range(len(self))[row]])[0]
