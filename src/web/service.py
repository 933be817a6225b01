"""The service: from a picture or an id to an answer, whatever it is asked by."""

import asyncio
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..answer import Answer
from ..describer import WorkerFailed, WorkQueue
from ..description import Setup, Work
from ..errors import EMPTY, NOT_AN_IMAGE, TOO_LARGE, UNSUPPORTED, UnreadableImage
from ..imagepart import Cut, Part
from ..threads import usable_cores
from .admission import Admission
from .openedindex import IndexWatch, OpenedIndex
from .problems import ProblemError
from .searchqueue import SearchQueue
from .settings import Settings
from .works import DescribeQuery, read_described

# A stranger's picture of 50 megapixels takes a second or two.
DECODE_SECONDS = 10.0
# Of pictures that cannot be used; of all others the content cannot be processed.
_STATUS = {EMPTY: 400, TOO_LARGE: 413, NOT_AN_IMAGE: 415, UNSUPPORTED: 415}


class Wanted(NamedTuple):
    """What is asked of the index, whatever the query."""

    limit: int = 3
    max_distance: float = np.inf
    part: Part | None = None
    explain: bool = False


class Service:
    """All that requests share."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.admission = Admission(settings.most_searches, settings.most_bytes_of_uploads)
        self.watch = IndexWatch(settings)
        self.searches = SearchQueue()
        self.works = WorkQueue(Setup(self.watch.current.recipe, usable_cores(), decode_seconds=DECODE_SECONDS))

    def close(self) -> None:
        """End the threads and processes."""
        self.searches.close()
        self.works.close()

    async def index(self) -> OpenedIndex:
        """Return the index as it is now, for one answer."""
        if await asyncio.to_thread(self.watch.refresh):
            self.works.close()
            self.works = WorkQueue(Setup(self.watch.current.recipe, usable_cores(), decode_seconds=DECODE_SECONDS))
        return self.watch.current

    async def work(self, work: Work) -> bytes:
        """Have a work done by the process that may die.

        Raises
        ------
        ProblemError
            If the picture is none that can be used, or no process works.
        """
        try:
            return await asyncio.wrap_future(self.works.submit(work))
        except UnreadableImage as error:
            raise ProblemError(_STATUS.get(error.kind, 422), f"the picture cannot be used: {error.reason}") from None
        except WorkerFailed:
            raise ProblemError(503, "no picture can be read at the moment", {"Retry-After": "5"}) from None

    async def answer_picture(self, index: OpenedIndex, data: bytes, name: str, wanted: Wanted) -> Answer:
        """Search by an encoded picture."""
        described = read_described(await self.work(DescribeQuery(data, wanted.part)), index.recipe)
        return await self._answer(index, name, described.features, described.cut, wanted)

    async def answer_id(self, index: OpenedIndex, image_id: str, wanted: Wanted) -> Answer:
        """Search by a picture of the index."""
        try:
            features = index.searcher.features_of(image_id)
        except ValueError:
            raise ProblemError(404, "there is no picture of this id in the index") from None
        return await self._answer(index, image_id, features, None, wanted)

    async def _answer(
        self, index: OpenedIndex, query: str, features: NDArray[np.float32], cut: Cut | None, wanted: Wanted
    ) -> Answer:
        found = await self.searches.explain(index.searcher, features, wanted.limit, wanted.max_distance)
        parts = (index.searcher.descriptor.parts or None) if wanted.explain else None
        return Answer(query, found, index.folder, parts=parts, cut=cut, folders=index.searcher.folders)
