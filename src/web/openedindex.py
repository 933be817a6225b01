"""The service: one index, as it was when it was opened, and all that answers from it need."""

from ..description import Recipe
from ..imagereader import Reading
from ..indexfile import name_of
from ..searcher import Searcher
from ..threads import usable_cores
from .clusterlink import ClusterLink
from .pictureworker import PictureWorker
from .problems import ProblemError
from .settings import Settings

# The other one describes meanwhile, and answers. On two cores, a request by colours among 100,000 took 4.9 ms of
# computing so, and 5.5 ms where a search took both.
CORES_A_THREAD = 2


SOON = {"Retry-After": "1"}


def open_searcher(settings: Settings, link: ClusterLink | None = None) -> Searcher:
    """Open an index as it is to be served, in this process or on a cluster; ExpectedError if it cannot be."""
    descriptor = None
    if settings.model:
        from ..modeldescriptor import ModelDescriptor

        descriptor = ModelDescriptor(settings.model)
    threads = max(1, usable_cores() // CORES_A_THREAD)
    cluster = link.cluster() if link is not None else None
    searcher = Searcher(settings.index, descriptor, threads=threads, cluster=cluster)
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
    link : ClusterLink, optional
        To the cluster that searches.

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
    ExpectedError
        If the index, or the cluster, cannot be used.
    """

    def __init__(
        self, settings: Settings, before: "OpenedIndex | None" = None, link: ClusterLink | None = None
    ) -> None:
        self.searcher = open_searcher(settings, link)
        self.folder = settings.result_path or self.searcher.folder
        self.folders = self.searcher.folders if self.folder is None else {"": self.folder}
        self.name = name_of(settings.index)
        self.max_megapixels = settings.max_megapixels_of_index
        recipe = self.searcher.recipe(Reading(settings.max_megapixels, self.searcher.full_resolution))
        is_same = before is not None and before.recipe.key == recipe.key
        self.worker: PictureWorker = before.worker if before is not None and is_same else PictureWorker(recipe)

    def check_files(self) -> None:
        """Raise ProblemError, 503, if somebody writes over the files that are open: then answers are of anything."""
        if self.searcher.is_written_over():
            raise ProblemError(503, "the index is just being written over: come again in a moment", SOON)

    @property
    def recipe(self) -> Recipe:
        """How queries are described."""
        return self.worker.recipe
