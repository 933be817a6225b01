"""What an index already knows: which files it has seen, and the features and CSV text of each content."""

import os
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import groupby
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from .. import indexfile
from ..indexfile import Cache, Columns, CopiedRows, DatasetFolder, FileState, IndexInfo, Journal, NewRows
from .choice import names_in
from .datasets import Datasets

Choose = Callable[[Cache | None, Sequence[DatasetFolder]], Datasets]
"""Tells the dataset folders of a run from the index as it is and from the folders that it knows."""


class KnownFiles:
    """What the cache of the last run and the journal of an interrupted one know together.

    A cache of another key than the index will have (which names what makes the features) knows nothing but which
    images there were. One of another folder knows contents, but no files. To `rebuild` is to know nothing, but
    the rows of pictures that are not found may still be taken from the cache.

    Attributes
    ----------
    datasets : Datasets
        The dataset folders of the index, as `choose` finds them.
    cache : Cache or None
        The one that rows can be taken from.
    csv : binary file or None
        The CSV, if it is the one that the cache was written with.
    """

    def __init__(self, index_path: str, info: IndexInfo, choose: Choose, journal: Journal, *, rebuild: bool) -> None:
        self._index_path, self._dimension = index_path, info.dimension
        self._journal = journal
        self._rebuild = rebuild
        self._old: Cache | None = None
        self.cache: Cache | None = None
        self.csv: BinaryIO | None = None
        matching = None
        with suppress(OSError):
            indexfile.settle_append(index_path)
            matching = indexfile.matching_cache(index_path)
        # Even if somebody changed the CSV, or a run died between the two files, what it says of the pictures holds.
        cache = matching or indexfile.read_cache(index_path)
        if cache is not None and cache.is_whole(with_features=False):
            self._old = cache
        self.datasets = choose(self._old, self._folders())
        if self._old is not None and self._old.info.key == info.key:
            self.cache = self._old
            self.csv = open(index_path, "rb") if matching else None  # noqa: SIM115

    def _folders(self) -> Sequence[DatasetFolder]:
        if self._old is not None and self._old.info.datasets:
            return self._old.info.datasets
        return names_in(self._rows_before)

    # Adding one image to many needs none of these.

    @cached_property
    def _rows_before(self) -> dict[str, FileState]:
        if self._old is not None:
            return dict(zip(self._old.ids[:], self._old.states(), strict=True))
        try:
            return dict.fromkeys(indexfile.read_ids(self._index_path, self._dimension), indexfile.NOTHING_KNOWN)
        except OSError:
            return {}

    @property
    def indexed(self) -> dict[str, FileState]:
        """The files in the cache, by image id in the order of its rows."""
        return self._rows_before if self.cache and not self._rebuild else {}

    @cached_property
    def listed(self) -> Mapping[str, FileState]:
        """The images of the index that are in the dataset folders, even if their features are of no use any more."""
        return self.datasets.rows_of(self._rows_before, lambda folder: not folder.is_new)

    @cached_property
    def _unmoved(self) -> Mapping[str, FileState]:
        return self.datasets.rows_of(self.indexed, lambda folder: folder.is_where_it_was)

    @property
    def told_skips(self) -> bytes:
        """The skips that the last run has told of, as `ToldSkips` keeps them."""
        return self.cache.told_skips if self.cache and not self._rebuild else b""

    @cached_property
    def _sorted_ids(self) -> list[str]:
        return sorted(self.listed)

    def ids_at(self, image_id: str) -> list[str]:
        """Return the id, if it is in the index, and those below it if it is a folder's; `.` is the dataset folder."""
        if image_id.split("/")[-1] == os.curdir:
            name = self.datasets.name_of(image_id)
            return [one for one in self._sorted_ids if self.datasets.name_of(one) == name]
        first, last = (bisect_left(self._sorted_ids, f"{image_id}{end}") for end in "/0")  # 0 comes next after /
        # An id of another dataset folder, p//1.jpg, may begin as those below a subfolder p do.
        name = self.datasets.name_of(image_id)
        below = [one for one in self._sorted_ids[first:last] if self.datasets.name_of(one) == name]
        return [*([image_id] if image_id in self.listed else []), *below]

    @cached_property
    def _old_rows(self) -> dict[bytes, int]:
        return {state.digest: row for row, state in enumerate(self._rows_before.values())} if self._old else {}

    @cached_property
    def _rows(self) -> dict[bytes, int]:
        return self._old_rows if self.cache else {}

    @cached_property
    def _rows_by_id(self) -> dict[str, int]:
        return {image_id: row for row, image_id in enumerate(self.indexed)}

    def state(self, image_id: str) -> FileState | None:
        """Return what is known of a file: the journal is newer than the cache."""
        states = self._journal.states
        state = states.get(self.datasets.path_of(image_id)) if states else None
        return self._unmoved.get(image_id) if state is None else state

    def digests(self) -> set[bytes]:
        """Return the digests of all contents whose features are known."""
        return self._journal.records.keys() | {state.digest for state in self.indexed.values()}

    def pieces(self, states: dict[str, FileState]) -> Iterator[NewRows | CopiedRows]:
        """Yield what an index of these images, in this order, is made of; every content must be known."""

        def piece(place_and_id: tuple[int, str]) -> tuple[bool, int]:
            place, image_id = place_and_id
            row = self._rows_by_id.get(image_id) if self.csv else None
            # Where the content is the same, the row is copied with id, text and all.
            if row is None or self.indexed[image_id].digest != states[image_id].digest:
                return False, place // indexfile.BLOCK_ROWS
            return True, row - place

        for (is_copied, _), group in groupby(enumerate(states), piece):
            some = {image_id: states[image_id] for _, image_id in group}
            if is_copied and self.cache is not None and self.csv is not None:
                start = self._rows_by_id[next(iter(some))]
                yield CopiedRows(self.cache, self.csv, start, start + len(some), list(some.values()))
            else:
                yield self.new_rows(some)

    def new_rows(self, states: dict[str, FileState]) -> NewRows:
        """Return the rows of images whose contents are known, to be written."""
        features, texts = zip(*(self._described(state.digest) for state in states.values()), strict=True)
        columns = self._columns_of([state.digest for state in states.values()])
        return NewRows(list(states), list(states.values()), np.stack(features), texts, columns)

    def _columns_of(self, digests: Sequence[bytes]) -> Columns:
        """Return what else is known of contents, whatever made their features: also of files that only moved."""
        if self._old is None or self._rebuild or not self._old.columns:
            return {}
        rows = np.array([self._old_rows.get(digest, -1) for digest in digests])
        is_known = (rows >= 0)[:, np.newaxis]
        return {
            name: np.where(is_known, column[rows], 0).astype(np.uint8) for name, column in self._old.columns.items()
        }

    def added_rows(self) -> CopiedRows | None:
        """Return the rows that were appended to the index since it was written, or None if none can be appended."""
        cache, csv = self.cache, self.csv
        if cache is None or csv is None or cache.lines[-1] != os.fstat(csv.fileno()).st_size:
            return None
        return CopiedRows(cache, csv, cache.rows_in_file, len(cache), cache.states(cache.rows_in_file))

    def _described(self, digest: bytes) -> tuple[NDArray[np.float32], bytes]:
        if digest in self._journal.records:
            return self._journal.load(digest)
        assert self.cache is not None
        row = self._rows[digest]
        features = self.cache.rows(row, row + 1)[0]
        if self.csv is None:
            return features, indexfile.numbers_text(features)
        # Writing numbers as text takes longer than all else here, so text that is there is copied.
        start, end = self.cache.lines[row : row + 2].tolist()
        self.csv.seek(start)
        return features, indexfile.split_line(self.csv.read(end - start)) or indexfile.numbers_text(features)

    def holds(self, states: dict[str, FileState]) -> bool:
        """Tell whether the index is made of just these images with these contents, in this order."""
        is_same = self.csv is not None and list(states) == list(self.indexed)
        return is_same and all(states[image_id].digest == state.digest for image_id, state in self.indexed.items())

    def drops_damaged_cache(self) -> bool:
        """Check the features in the cache; if they are damaged, drop the cache and return True."""
        if self.cache is None or self.cache.is_whole(with_features=True):
            return False
        self.close()
        self.cache = self.csv = None
        self._rows, self._rows_by_id, self._unmoved = {}, {}, {}
        return True

    def close(self) -> None:
        """Close the CSV."""
        if self.csv is not None:
            self.csv.close()
