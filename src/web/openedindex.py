"""The service: one index, as it was when it was opened, and all that answers from it need."""

import os

from ..description import Recipe
from ..imagereader import Reading
from ..indexfile import IndexPaths, csv_path
from ..searcher import Searcher
from ..threads import usable_cores
from .pictureworker import PictureWorker
from .problems import ProblemError
from .settings import Settings

# The other one describes meanwhile, and answers. On two cores, a request by colours among 100,000 took 4.9 ms of
# computing so, and 5.5 ms where a search took both.
CORES_A_THREAD = 2


SOON = {"Retry-After": "1"}


def status_of(path: str) -> os.stat_result | None:
    """Return what the system knows of a file; None if it cannot be looked at."""
    try:
        return os.stat(path)
    except OSError:
        return None


def written(status: os.stat_result) -> tuple[int, ...]:
    """Return which file it is, by two numbers, and what differs when it was written to."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def open_searcher(settings: Settings) -> Searcher:
    """Open an index as it is to be served; IndexFileError if it cannot be."""
    descriptor = None
    if settings.model:
        from ..modeldescriptor import ModelDescriptor

        descriptor = ModelDescriptor(settings.model)
    searcher = Searcher(settings.index, descriptor, threads=max(1, usable_cores() // CORES_A_THREAD))
    searcher.recipe()  # is of a descriptor that is known here
    return searcher


class OpenedIndex:
    """One index, as it was when it was opened.

    An answer is of one of these from its beginning to its end. It stays open as long as somebody has it.

    Parameters
    ----------
    settings : Settings
    before : OpenedIndex, optional
        What was served so far. Its worker goes on if pictures are still described in the same way.

    Attributes
    ----------
    searcher : Searcher
    worker : PictureWorker
        Describes queries as the images of this index were described, and does other works.
    folder : str or None
        Where the images are, if they are in one folder that is known.
    folders : mapping of str to str
        Where they are, by the name that ids begin with: "" if they are in one folder. Empty if nobody knows.
    name : str
        What the index is called to others.
    max_megapixels : float
        Of its pictures; those that are sent may have fewer.

    Raises
    ------
    IndexFileError
        If the index cannot be used.
    """

    def __init__(self, settings: Settings, before: "OpenedIndex | None" = None) -> None:
        self._paths = IndexPaths(csv_path(settings.index))
        before_opening = self._states()
        self.searcher = open_searcher(settings)
        # A cache that was written meanwhile, as for a CSV without one, is another file.
        self._opened = tuple(
            one if two is None or (one is not None and one[:2] == two[:2]) else two
            for one, two in zip(before_opening, self._states(), strict=True)
        )
        self.folder = settings.result_path or self.searcher.folder
        self.folders = self.searcher.folders if self.folder is None else {"": self.folder}
        self.name = os.path.basename(settings.index)
        self.max_megapixels = settings.max_megapixels_of_index
        recipe = self.searcher.recipe(Reading(settings.max_megapixels, self.searcher.full_resolution))
        is_same = before is not None and before.recipe.key == recipe.key
        self.worker: PictureWorker = before.worker if before is not None and is_same else PictureWorker(recipe)

    def check_files(self) -> None:
        """Raise ProblemError, 503, if somebody writes over the files that are open: then answers are of anything.

        index.py writes others, and what is open stays as it is.
        """
        for opened, now in zip(self._opened, self._states(), strict=True):
            if opened is not None and now is not None and opened[:2] == now[:2] and opened != now:
                raise ProblemError(503, "the index is just being written over: come again in a moment", SOON)

    def _states(self) -> tuple[tuple[int, ...] | None, ...]:
        found = (status_of(path) for path in (self._paths.cache, self._paths.added))
        return tuple(None if status is None else written(status) for status in found)

    @property
    def recipe(self) -> Recipe:
        """How queries are described."""
        return self.worker.recipe
