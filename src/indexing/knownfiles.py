"""What an index already knows: which files it has seen, and the features and CSV text of each content."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..indexfile import (
    BLOCK_ROWS,
    Cache,
    CopiedRows,
    FileState,
    IndexInfo,
    IndexPaths,
    Journal,
    NewRows,
    Stamp,
    matching_cache,
    numbers_text,
    read_cache,
    settle_append,
    split_line,
)


class KnownFiles:
    """What the cache of the last run and the journal of an unfinished one know together.

    Parameters
    ----------
    index_path : str
        The CSV.
    info : IndexInfo
        What the index will say of itself. A cache of another key (which names what makes the features) knows nothing
        of use; one of another folder knows contents, but no files.
    journal : Journal
        Open.
    rebuild : bool
        Whether to forget the cache.

    Attributes
    ----------
    cache : Cache or None
    csv_is_ours : bool
        Whether the CSV is the one the cache was written with.
    """

    def __init__(self, index_path: str, info: IndexInfo, journal: Journal, *, rebuild: bool) -> None:
        self._journal = journal
        self._index_path = index_path
        self._folder = info.folder
        self.cache: Cache | None = None
        self.csv_is_ours = False
        if not rebuild:
            self.cache, self.csv_is_ours = _usable_cache(index_path, info.key)
        self._is_same_folder = self.cache is not None and info.is_of_same_folder(self.cache.info)
        self._csv = open(index_path, "rb") if self.csv_is_ours else None  # noqa: SIM115

    # Adding one image to many needs none of these.

    @cached_property
    def indexed(self) -> dict[str, FileState]:
        """The files in the cache, by image id in the order of its rows."""
        return _states(self.cache) if self.cache else {}

    @cached_property
    def _rows(self) -> dict[bytes, int]:
        return {state.digest: row for row, state in enumerate(self.indexed.values())}

    @cached_property
    def _rows_by_id(self) -> dict[str, int]:
        return {image_id: row for row, image_id in enumerate(self.indexed)}

    def state(self, image_id: str) -> FileState | None:
        """Return what is known of a file: the journal is newer than the cache."""
        state = self._journal.states.get(f"{self._folder}/{image_id}")
        return self.indexed.get(image_id) if state is None and self._is_same_folder else state

    def digests(self) -> set[bytes]:
        """Return the digests of all contents whose features are known."""
        return self._journal.digests() | self._rows.keys()

    def pieces(self, states: dict[str, FileState]) -> Iterator[NewRows | CopiedRows]:
        """Yield what an index of these images, in this order, is made of.

        Parameters
        ----------
        states : dict of str to FileState
            By image id; every content must be known.
        """
        first_row: int | None = None
        ids: list[str] = []
        for image_id, state in states.items():
            row = self._row_as_it_stands(image_id, state)
            is_next_row = first_row is not None and row == first_row + len(ids)
            follows = is_next_row or (first_row is row is None and len(ids) < BLOCK_ROWS)
            if ids and not follows:
                yield self._piece(first_row, ids, states)
                ids = []
            if not ids:
                first_row = row
            ids.append(image_id)
        if ids:
            yield self._piece(first_row, ids, states)

    def _row_as_it_stands(self, image_id: str, state: FileState) -> int | None:
        """Return the row of the old index that can be copied with id, text and all."""
        row = self._rows_by_id.get(image_id) if self.csv_is_ours else None
        return row if row is not None and self.indexed[image_id].digest == state.digest else None

    def _piece(self, row: int | None, ids: list[str], states: dict[str, FileState]) -> NewRows | CopiedRows:
        some = [states[image_id] for image_id in ids]
        if row is not None and self.cache is not None and self._csv is not None:
            return CopiedRows(self.cache, self._csv, row, row + len(ids), some)
        return self.new_rows(ids, some)

    def new_rows(self, ids: list[str], states: list[FileState]) -> NewRows:
        """Return images whose contents are known as rows that are to be written."""
        features, texts = zip(*(self._described(state.digest) for state in states), strict=True)
        return NewRows(ids, states, np.stack(features), texts)

    def added_rows(self) -> CopiedRows | None:
        """Return the rows that were appended to the index since it was written, or None if none can be appended."""
        if self.cache is None or self._csv is None or self.cache.lines[-1] != os.fstat(self._csv.fileno()).st_size:
            return None
        first, count = self.cache.rows_in_file, len(self.cache.ids)
        rows = zip(self.cache.states[first:].tolist(), self.cache.digests[first:], strict=True)
        states = [FileState(size, mtime_ns, ctime_ns, digest.tobytes()) for (size, mtime_ns, ctime_ns), digest in rows]
        return CopiedRows(self.cache, self._csv, first, count, states)

    def _described(self, digest: bytes) -> tuple[NDArray[np.float32], bytes]:
        if digest in self._journal:
            return self._journal.load(digest)
        assert self.cache is not None
        row = self._rows[digest]
        features = self.cache.row(row)
        if self._csv is None:
            return features, numbers_text(features)
        # Writing numbers as text takes longer than all else here, so text that is there is copied.
        start, end = self.cache.lines[row : row + 2].tolist()
        self._csv.seek(start)
        return features, split_line(self._csv.read(end - start))

    def holds(self, ids: list[str], states: dict[str, FileState]) -> bool:
        """Tell whether the index is made of just these images with these contents."""
        if not self.csv_is_ours or ids != list(self.indexed):
            return False
        return all(states[image_id].digest == state.digest for image_id, state in self.indexed.items())

    def is_up_to_date(self, info: IndexInfo) -> bool:
        """Tell whether the cache says the same of the index, and knows its CSV without reading that."""
        now = replace(info, csv=Stamp.of(self._index_path))
        return self.cache is not None and self.cache.info == now

    def forgets_damaged_cache(self) -> bool:
        """Check the features in the cache; if they are damaged, forget the cache and return True."""
        if self.cache is None or self.cache.is_whole(with_features=True):
            return False
        self.cache, self.csv_is_ours = None, False
        self.indexed, self._rows, self._rows_by_id = {}, {}, {}
        return True

    def close(self) -> None:
        """Let the index file go."""
        if self._csv is not None:
            self._csv.close()


def _usable_cache(index_path: str, key: str | None) -> tuple[Cache | None, bool]:
    """Return the cache, if it was made with `key`, and whether the CSV is the one it was written with."""
    cache = None
    with suppress(OSError):
        settle_append(index_path)
        cache = matching_cache(index_path)
    is_ours = cache is not None
    if cache is None:
        # Even if somebody changed the CSV, or a run died between the two files, what it says of the pictures holds.
        cache = read_cache(IndexPaths(index_path))
    if cache is None or cache.info.key != key or not cache.is_whole(with_features=False):
        return None, False
    return cache, is_ours


def _states(cache: Cache) -> dict[str, FileState]:
    sizes_and_times = cache.states.tolist()
    digests = [digest.tobytes() for digest in cache.digests]
    return {
        image_id: FileState(size, mtime_ns, ctime_ns, digest)
        for image_id, (size, mtime_ns, ctime_ns), digest in zip(cache.ids[:], sizes_and_times, digests, strict=True)
    }
