"""Step 2, index: one run over an index, which holds its lock, looks at files, and replaces the index at the end."""

import errno
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from .. import indexfile
from ..description import Describe, Outcome, Recipe, Setup
from ..descriptors import recognised
from ..errors import IndexFileError
from ..imagefiles import FoundFile, Skip
from ..indexfile import FileState, IndexInfo, Place
from .choice import choose_datasets, known_datasets
from .datasets import Datasets
from .knownfiles import KnownFiles
from .options import Options, Report
from .recorder import state_of
from .target import Target
from .unseen import Unseen

# What a system says of a disk that takes no more.
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# So many rows may follow those that the index was written with. They are copied whenever another is added.
MOST_ADDED = 512


class IndexRun:
    """One run over one index, from taking its lock to releasing it; a context manager.

    Parameters
    ----------
    folders : sequence of str
        The dataset folders, or none if the index knows them.
    target : Target
        The index.
    describe, options
        As for `indexer.index_folder`.
    recipe : Recipe
        What makes the feature vectors.
    is_whole : bool, optional
        Whether the run is about all that is in the folders, not some files of them.

    Attributes
    ----------
    report : Report
    known : KnownFiles
        What is known at the start.
    datasets : Datasets
    unseen : Unseen
        Takes what is left out.
    own_files : list of str
        Absolute paths of the index and all that belongs to it.
    """

    def __init__(
        self,
        folders: Sequence[str],
        target: Target,
        recipe: Recipe,
        describe: Describe,
        options: Options,
        is_whole: bool = True,
    ) -> None:
        self.report = Report()
        self._start = time.monotonic()
        self._walk_ns = time.time_ns()
        self._given = folders
        self._target = target
        self._recipe = recipe
        self._describe_with = describe
        self._options = options
        self._is_whole = is_whole
        made_by = recipe.descriptor
        kind = made_by.name, made_by.dimension, made_by.distance
        self._info = IndexInfo(*kind, recipe.key, recipe.reading.full_resolution)
        self.own_files = target.own_files

    def __enter__(self) -> "IndexRun":
        rebuild = self._options.rebuild
        self._target.check(self._info, self._is_vector, rebuild=rebuild)
        self._journal = self._target.lock(self._recipe.key, self._info.dimension, fresh=rebuild)
        try:
            self._target.clear_up()
            warn = self.report.warnings.append
            self.known = KnownFiles(self._target, self._info, self._choose, self._journal, warn, rebuild=rebuild)
        except BaseException:
            self._target.close(finished=False)
            self._journal.close(finished=False)
            self._target.withdraw()
            raise
        # Also by what the workers of a cluster have described.
        self._is_resumed = bool(self.known.recorded.places)
        self.datasets = self.known.datasets
        self.unseen = Unseen(self.known, self._target.path, self._options, self.report)
        self._info = self._info.of_datasets(self.datasets.remembered())
        return self

    def _choose(self, cache: indexfile.Cache | None, known: Sequence[indexfile.DatasetFolder]) -> Datasets:
        if not self._given or (known and not self._is_whole):
            return known_datasets(self._target.path, known, self._given)
        rebuild, prune = self._options.rebuild, self._options.prune
        return choose_datasets(self._target.path, cache, known, self._given, rebuild=rebuild, prune=prune)

    def _is_vector(self, numbers: NDArray[np.float32]) -> bool:
        """Tell whether numbers, shape (n,), are a vector of the descriptor, or one that another one recognises."""
        with suppress(ValueError):
            self._recipe.check(numbers)
            return True
        return recognised(numbers) is not None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        # A full disk will be full again: drop the journal. After any other end the next run goes on, as where a server
        # has not answered. What a run over the whole folder has left is only used up by another such run.
        is_ended = error is None or (isinstance(error, OSError) and error.errno in FULL)
        is_finished = is_ended and (self._is_whole or not self._is_resumed)
        try:
            self._target.close(finished=is_finished)
        finally:  # a signal may come here, too
            self._journal.close(finished=is_finished)
        self._target.withdraw()
        self.report.seconds = time.monotonic() - self._start
        if isinstance(error, OSError):
            where = error.filename or self._target.path
            raise IndexFileError(f"{where}: {error.strerror}; the index is as it was") from error

    def check_rows_stay(self) -> None:
        """Raise IndexFileError unless the rows of images that this run does not look at can stay as they are."""
        if not self.known.has_text:
            raise IndexFileError(
                f"{self._target.path} was changed by another program, or by a run that was killed, or made by another "
                "version or with other options (--full-resolution): index the folder with --dataset"
            )

    def append(self, files: Sequence[FoundFile]) -> bool:
        """Append files that are not in the index, without copying it; return False if that cannot be done."""
        added = self.known.added_rows()
        if (
            added is None
            or added.stop - added.start + len(files) > MOST_ADDED
            or any(file.id in added.cache.ids for file in files)
            or self._info != added.cache.info
            or not indexfile.can_append(self._target.path)
        ):
            return False
        states = dict(sorted(self._describe(files, known=b"").items()))
        self.report.indexed, self.report.new = added.stop + len(states), len(states)
        if states:
            with self.known.sources() as sources:
                rows = sources.gathered(self.known.gathered(states))
                indexfile.append_rows(self._target.path, added, rows, self._info)
        return True

    def replace_index(
        self, kept: dict[str, FileState], files: Sequence[FoundFile], *, was_walked: bool = False
    ) -> None:
        """Write the index of the files in `kept`, whose content is known, and of `files`, if it is not that already.

        If a folder `was_walked`, what is in neither of them may be gone.
        """
        states = {**kept, **self._look_at(files, kept)}
        # A dataset folder without any picture is an error, not a folder whose pictures were deleted.
        staying = self.unseen.staying_rows(states, was_walked=was_walked)
        states.update(staying)
        if not states:
            if self._is_whole:
                raise IndexFileError(f"there is no image to index in {self.datasets}")
            raise IndexFileError(f"nothing would be left of {self._target.path}: remove the file instead")
        self.report.count(self.known.indexed, states, staying)
        told = self.unseen.told.to_keep(is_whole=self._is_whole, is_told=self._options.tells_skips)
        self._target.write(self.known, dict(sorted(states.items())), self._info, told)

    def _look_at(self, files: Sequence[FoundFile], kept: dict[str, FileState]) -> dict[str, FileState]:
        states, unknown = self._split(files)
        same = (states.keys() | kept.keys()) == self.known.indexed.keys()
        if unknown or not same or not self.known.has_text:
            # Something will be written, and the features of the rest will be copied.
            if self.known.drops_damaged_cache() and kept:
                raise IndexFileError(f"{self._target.path}.cache is damaged: index the folder again")
            states, unknown = self._split(files)
        if unknown:
            states.update(self._describe(unknown, b"".join(self.known.digests())))
        return states

    def _split(self, files: Sequence[FoundFile]) -> tuple[dict[str, FileState], list[FoundFile]]:
        """Part the files whose state is what it was from those that must be looked at."""
        states, unknown = {}, []
        for file in files:
            state = self.known.state(file.id)
            if state is not None and state[:3] == (file.size, file.mtime_ns, file.ctime_ns):
                states[file.id] = state
            else:
                unknown.append(file)
        return states, unknown

    def _describe(self, files: Sequence[FoundFile], known: bytes) -> dict[str, FileState]:
        states = {}
        # Closed at once if this run ends early, so that no process goes on describing.
        setup = Setup(
            self._recipe, self._options.jobs, known, recorder=self._target.recorder(self._recipe.key, self._walk_ns)
        )
        with closing(self._describe_with(files, setup)) as outcomes:
            for done, (file, outcome) in enumerate(zip(files, outcomes, strict=True), 1):
                if outcome.kind:
                    self.unseen.skip(Skip(file.id, outcome.kind, outcome.reason), file=file)
                else:
                    states[file.id] = self._record(file, outcome)
                self._options.progress(done, len(files))
        return states

    def _record(self, file: FoundFile, outcome: Outcome) -> FileState:
        state = state_of(file, outcome.digest, self._walk_ns)
        if outcome.features is not None:
            if self._recipe.is_blank(outcome.features):
                self.report.blank.append(file.id)
            text = indexfile.numbers_text(outcome.features)
            self._journal.append(self.datasets.path_of(file.id), state, outcome.features, text)
        elif outcome.recorded is not None:
            self.known.recorded.remember(state, Place(*outcome.recorded))
        return state
