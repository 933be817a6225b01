"""What an index already knows: which files it has seen, and the features and CSV text of each content."""

import os
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from .. import indexfile
from ..indexfile import (
    Cache,
    CopiedRows,
    DatasetFolder,
    FileState,
    GatheredRows,
    IndexInfo,
    Journal,
    Piece,
    Recorded,
    Sources,
)
from .choice import names_in
from .datasets import Datasets
from .piecemaker import PieceMaker
from .target import Opened, Target

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
    has_text : bool
        Whether they can be copied as they stand.
    recorded : Recorded
        What is recorded by this run, and by the one before if that was interrupted.
    """

    def __init__(
        self,
        target: Target,
        info: IndexInfo,
        choose: Choose,
        journal: Journal,
        warn: Callable[[str], object],
        *,
        rebuild: bool,
    ) -> None:
        self._target, self._dimension = target, info.dimension
        self._journal = journal
        self.recorded: Recorded = journal.recorded
        if not rebuild:
            target.share(journal)
            for place, state in target.recorded(info.key or "", info.dimension):
                self.recorded.remember(state, place)
        self._rebuild = rebuild
        self._opened: Opened | None = target.open(warn)
        self._old = self._opened.cache if self._opened is not None else None
        self.cache: Cache | None = None
        self.has_text = False
        self.datasets = choose(self._old, self._folders())
        if self._opened is not None and self._opened.cache.info.key == info.key:
            self.cache, self.has_text = self._opened.cache, self._opened.has_text

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
            return dict.fromkeys(indexfile.read_ids(self._target.path, self._dimension), indexfile.NOTHING_KNOWN)
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
    def _maker(self) -> PieceMaker:
        return PieceMaker(
            self._opened.sources if self._opened is not None else (),
            lambda: self._rows_before if self._old is not None else {},
            self.recorded,
            self.datasets.path_of,
            takes_rows=self.cache is not None,
            copies_rows=self.has_text and not self._rebuild,
            keeps_columns=not self._rebuild,
        )

    def state(self, image_id: str) -> FileState | None:
        """Return what is known of a file: the journal is newer than the cache."""
        states = self.recorded.states
        state = states.get(self.datasets.path_of(image_id)) if states else None
        return self._unmoved.get(image_id) if state is None else state

    def digests(self) -> set[bytes]:
        """Return the digests of all contents whose features are known."""
        return self.recorded.places.keys() | {state.digest for state in self.indexed.values()}

    def pieces(self, states: Mapping[str, FileState]) -> list[Piece]:
        """Return what an index of these images, in this order, is made of; every content must be known."""
        return self._maker.pieces(states)

    def gathered(self, states: Mapping[str, FileState]) -> GatheredRows:
        """Return what the rows of images whose contents are known are made of."""
        return self._maker.gathered(states)

    def sources(self) -> Sources:
        """Open what `pieces` are made of, for this process."""
        return Sources(self.datasets.remembered(), self._target.open_source, lambda name, stack: self._journal)

    def flush(self) -> None:
        """Let other processes see what is recorded."""
        self._journal.flush()

    def added_rows(self) -> CopiedRows | None:
        """Return the rows that were appended to the index since it was written, or None if none can be appended."""
        cache, csv = self.cache, self._opened.csv if self._opened is not None else None
        if cache is None or csv is None or cache.lines[-1] != os.fstat(csv.fileno()).st_size:
            return None
        return CopiedRows(cache, csv, cache.rows_in_file, len(cache), cache.states(cache.rows_in_file))

    def holds(self, states: Mapping[str, FileState]) -> bool:
        """Tell whether the index is made of just these images with these contents, in this order."""
        is_same = self.has_text and list(states) == list(self.indexed)
        return is_same and all(states[image_id].digest == state.digest for image_id, state in self.indexed.items())

    def drops_damaged_cache(self) -> bool:
        """Check the features in the cache; if they are damaged, drop the cache and return True."""
        if self.cache is None or not self._target.is_damaged():
            return False
        self.cache, self.has_text = None, False
        self._unmoved = {}
        vars(self).pop("_maker", None)  # it would take rows from there
        return True
