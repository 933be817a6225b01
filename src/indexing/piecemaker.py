"""Step 2, index: of what an index of given images is made: rows that were there, and records of described pictures."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, groupby
from operator import attrgetter
from typing import NamedTuple

from ..indexfile import Cache, FileState, GatheredRows, KeptRows, Piece, Place, Recorded, RecordedRows, Row


class PieceMaker:
    """Makes pieces of what is known of images, as few as possible.

    Parameters
    ----------
    sources : sequence of (str, Cache)
        The index files, by name, whose rows those of the index were, one after the other.
    before : callable
        Returns the images of these rows, in their order. To add one image to many, none of it is needed.
    recorded : Recorded
        What is recorded of described pictures; it may become more.
    path_of : callable
        Returns the path of an image, by its id.
    takes_rows : bool
        Whether numbers can be taken from the rows.
    copies_rows : bool
        Whether rows can be copied as they stand.
    keeps_columns : bool
        Whether what else is known of a content is kept.
    """

    def __init__(
        self,
        sources: Sequence[tuple[str, Cache]],
        before: Callable[[], Mapping[str, FileState]],
        recorded: Recorded,
        path_of: Callable[[str], str],
        *,
        takes_rows: bool,
        copies_rows: bool,
        keeps_columns: bool,
    ) -> None:
        self._names = [name for name, _ in sources]
        self._starts = [*accumulate((len(cache) for _, cache in sources), initial=0)]
        self._before, self._recorded, self._path_of = before, recorded, path_of
        self._takes_rows, self._copies_rows = takes_rows, copies_rows
        self._keeps_columns = keeps_columns and any(cache.columns for _, cache in sources)

    @cached_property
    def _ids(self) -> list[str]:
        return list(self._before())

    @cached_property
    def _states(self) -> list[FileState]:
        return list(self._before().values())

    @cached_property
    def _by_id(self) -> dict[str, int]:
        return {image_id: row for row, image_id in enumerate(self._ids)} if self._copies_rows else {}

    @cached_property
    def _by_digest(self) -> dict[bytes, int]:
        return {state.digest: row for row, state in enumerate(self._states)}

    def pieces(self, states: Mapping[str, FileState]) -> list[Piece]:
        """Return what an index of these images, in this order, is made of; every content must be known."""
        if (whole := self._whole_file(states)) is not None:
            return [whole]
        pieces: list[Piece] = []
        for (kind, _), group in groupby(self._sorts(states), attrgetter("kind", "run")):
            some = list(group)
            if kind is KeptRows:
                pieces.append(self._kept(some, states))
            elif kind is RecordedRows:
                first = self._recorded.places[states[some[0].image_id].digest]
                pieces.append(RecordedRows(first.journal, first.start, len(some)))
            else:
                pieces.append(self.gathered({one.image_id: states[one.image_id] for one in some}))
        return pieces

    def _whole_file(self, states: Mapping[str, FileState]) -> KeptRows | None:
        """Return all rows of an index file if these images are those of it: of many shards, most stay as they are."""
        row = self._by_id.get(next(iter(states), ""))
        if row is None:
            return None
        file = self._file_of(row)
        rows = slice(self._starts[file], self._starts[file + 1])
        if self._ids[rows] != list(states) or self._states[rows] != list(states.values()):
            return None
        return KeptRows(self._names[file], 0, len(states))

    def _sorts(self, states: Mapping[str, FileState]) -> Iterator["_Sort"]:
        """Tell of each image from what it is taken; consecutive ones of the same sort and run make one piece."""
        end: tuple[str, int] | None = None
        run = 0
        for number, (image_id, state) in enumerate(states.items()):
            row = self._by_id.get(image_id)
            # Where the content is the same, the row is copied with id, text and all.
            if row is not None and self._states[row].digest == state.digest:
                yield _Sort(image_id, KeptRows, (self._file_of(row), row - number))
                continue
            place = self._recorded.places.get(state.digest)
            if place is not None and self._is_as_recorded(image_id, state, place):
                run += end != (place.journal, place.start)
                end = place.journal, place.end
                yield _Sort(image_id, RecordedRows, (run,))
            else:
                yield _Sort(image_id, GatheredRows, ())

    def _is_as_recorded(self, image_id: str, state: FileState, place: Place) -> bool:
        """Tell whether a record has all that is known of an image."""
        is_same = place.path == self._path_of(image_id) and self._recorded.states[place.path] == state
        return is_same and (not self._keeps_columns or state.digest not in self._by_digest)

    def _kept(self, some: Sequence["_Sort"], states: Mapping[str, FileState]) -> KeptRows:
        now = [states[one.image_id] for one in some]
        first = self._by_id[some[0].image_id]
        source, start = self._row(first)
        is_same = self._states[first : first + len(now)] == now
        return KeptRows(source, start, start + len(now), None if is_same else now)

    def gathered(self, states: Mapping[str, FileState]) -> GatheredRows:
        """Return what the rows of images whose contents are known are made of."""
        digests = [state.digest for state in states.values()]
        columns: list[Row | None] = [None] * len(digests)
        if self._keeps_columns:
            columns = [self._row(row) if (row := self._by_digest.get(one)) is not None else None for one in digests]
        return GatheredRows(list(states), list(states.values()), list(map(self._content, digests)), columns)

    def _content(self, digest: bytes) -> Place | Row:
        place = self._recorded.places.get(digest)
        if place is not None:
            return place
        if not self._takes_rows:
            raise KeyError(digest)
        return self._row(self._by_digest[digest])

    def _file_of(self, row: int) -> int:
        return bisect_right(self._starts, row) - 1

    def _row(self, row: int) -> Row:
        file = self._file_of(row)
        return Row(self._names[file], row - self._starts[file])


class _Sort(NamedTuple):
    """From what an image is taken."""

    image_id: str
    kind: type[KeptRows] | type[RecordedRows] | type[GatheredRows]
    run: tuple[int, ...]
