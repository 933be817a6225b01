"""The service: from a picture or an id to an answer, whatever it is asked by."""

import asyncio
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..answer import Answer
from ..description import Work
from ..imagepart import Cut, Part
from .admission import Admission
from .indexwatch import IndexWatch
from .openedindex import OpenedIndex
from .problems import ProblemError
from .searchqueue import SearchQueue
from .settings import Settings
from .works import DescribeQuery, read_described


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

    def close(self) -> None:
        """End the threads and processes."""
        self.searches.close()
        self.watch.current.worker.close()

    async def index(self) -> OpenedIndex:
        """Return the index as it is now, for one answer."""
        return await self.watch.index()

    async def work(self, work: Work) -> bytes:
        """Have a work done that depends on no index; others are for the `worker` of theirs. See `PictureWorker.do`."""
        return await self.watch.current.worker.do(work)

    async def answer_picture(self, index: OpenedIndex, data: bytes, name: str, wanted: Wanted) -> Answer:
        """Search by an encoded picture."""
        described = read_described(await index.worker.do(DescribeQuery(data, wanted.part)), index.recipe)
        return await self._answer(index, name, described.features, described.cut, wanted)

    async def answer_id(self, index: OpenedIndex, image_id: str, wanted: Wanted) -> Answer:
        """Search by a picture of the index."""
        try:
            features = await asyncio.to_thread(index.searcher.features_of, image_id)
        except ValueError:
            raise ProblemError(404, "there is no picture of this id in the index") from None
        return await self._answer(index, image_id, features, None, wanted)

    async def _answer(
        self, index: OpenedIndex, query: str, features: NDArray[np.float32], cut: Cut | None, wanted: Wanted
    ) -> Answer:
        found = await self.searches.explain(index.searcher, features, wanted.limit, wanted.max_distance)
        parts = (index.searcher.descriptor.parts or None) if wanted.explain else None
        return Answer(query, found, index.folder, parts=parts, cut=cut, folders=index.searcher.folders)
