"""The service: from a picture or an id to an answer, whatever it is asked by."""

from typing import NamedTuple

import anyio.to_thread
import numpy as np
from fastapi import Request

from ..answer import Answer
from ..imagepart import Part
from ..searcher import Explanation
from .admission import Admission
from .describedquery import Described, DescribeQuery, read_described
from .indexwatch import IndexWatch
from .knowngroups import KnownGroups
from .metrics import Metrics
from .openedindex import OpenedIndex
from .problems import ProblemError
from .searchqueue import SearchQueue
from .servedfiles import is_file_of, path_inside, path_of_served
from .settings import Settings
from .thumbnailstore import ThumbnailStore

# Of a picture with more links to it in the index, fewer others are found than were asked for.
MOST_ASKED = 1000
# A cluster has more than one thread to search with, and each search is some time on its way there.
CLUSTER_SEARCHES = 8


class Wanted(NamedTuple):
    """What is asked of the index, whatever the query."""

    limit: int = 3
    max_distance: float = np.inf
    part: Part | None = None
    explain: bool = False
    others: bool = False
    """Whether a picture of the index is left out of what is found for it."""
    places: bool = True
    """Whether an explanation tells where pictures are similar, for which each is read again."""


class Service:
    """All that requests share."""

    def __init__(self, settings: Settings, metrics: Metrics | None = None, admission: Admission | None = None) -> None:
        self.settings = settings
        self.metrics = metrics or Metrics()
        self.admission = admission or Admission(settings.most_searches, settings.most_bytes_of_uploads)
        self.watch = IndexWatch(settings)
        self.searches = SearchQueue(1 if settings.cluster is None else CLUSTER_SEARCHES)
        self.thumbnails = ThumbnailStore()
        self.metrics.observe(self.watch, self.admission)
        self.groups = KnownGroups(settings)

    def close(self) -> None:
        """End the threads and processes."""
        self.searches.close()
        self.groups.close()
        self.watch.close()
        if self.watch.current is not None:
            self.watch.current.worker.close()

    async def index(self) -> OpenedIndex:
        """Return the index as it is now, for one answer; ProblemError, 503, if there has been none so far."""
        return await self.watch.index()

    async def answer_picture(self, index: OpenedIndex, data: bytes, name: str, wanted: Wanted) -> Answer:
        """Search by an encoded picture."""
        described = await self.describe_picture(index, data, wanted.part)
        return await self.answer(index, name, described, wanted)

    async def answer_id(self, index: OpenedIndex, image_id: str, wanted: Wanted) -> Answer:
        """Search by a picture of the index."""
        return await self.answer_described(
            index, image_id, await self.describe_id(index, image_id, wanted.part), wanted
        )

    async def answer_described(self, index: OpenedIndex, image_id: str, described: Described, wanted: Wanted) -> Answer:
        """Search by what a picture of the index, or a part of it, is described by."""
        if not wanted.others:
            return await self.answer(index, image_id, described, wanted)
        asked = wanted.limit + 1
        while True:
            answer = await self.answer(index, image_id, described, wanted._replace(limit=asked))
            others = await anyio.to_thread.run_sync(_others, index, image_id, answer.results)
            if len(others) >= wanted.limit or len(answer.results) < asked or asked > MOST_ASKED:
                ranked = enumerate(others[: wanted.limit], 1)
                return answer._replace(results=[result._replace(rank=rank) for rank, result in ranked])
            # Several links in the folder lead to the picture.
            asked *= 2

    async def describe_picture(self, index: OpenedIndex, data: bytes, part: Part | None) -> Described:
        """Describe an encoded picture, or a part of it, as the images of an index were described.

        Raises
        ------
        ProblemError
            If it is none that can be used.
        """
        with self.metrics.describing.time():
            return read_described(await index.worker.do(DescribeQuery(data, part, index.max_megapixels)))

    async def describe_id(self, index: OpenedIndex, image_id: str, part: Part | None) -> Described:
        """Return what a picture of the index is described by; a part of it is described anew, from its file.

        So is all of it where queries are described by more than the pictures of an index, unless its file is gone.

        Raises
        ------
        ProblemError
            If it is not in the index, or its file cannot be used.
        """
        # These threads may all wait for a cluster: health, and the opening of an index, have others.
        known = await anyio.to_thread.run_sync(_described, index, image_id) if part is None else None
        if known is not None and len(known.features) == index.recipe.descriptor.dimension:
            return known
        try:
            return await self._describe_file(index, image_id, part)
        except ProblemError:
            if known is None:
                raise
            return known

    async def _describe_file(self, index: OpenedIndex, image_id: str, part: Part | None) -> Described:
        path = await anyio.to_thread.run_sync(path_of_served, index, image_id)
        return read_described(await index.worker.do(DescribeQuery(path, part, index.max_megapixels)))

    async def answer(self, index: OpenedIndex, query: str, described: Described, wanted: Wanted) -> Answer:
        """Search by what a query is described by."""
        with self.metrics.searching.time():
            try:
                found = await self.searches.explain(
                    index.searcher, described.features, wanted.limit, wanted.max_distance
                )
            except Exception:
                index.check_files()
                raise
        index.check_files()
        searcher, cut = index.searcher, described.cut
        has_parts = wanted.explain and (searcher.descriptor.parts or searcher.gives_reasons)
        parts = searcher.descriptor.parts if has_parts else None
        return Answer(
            query, found, index.folder, parts=parts, cut=cut, folders=searcher.folders, tells_outlines=wanted.explain,
            finds_the_same=searcher.finds_the_same, is_blank=index.recipe.is_blank(described.features),
        )  # fmt: skip


def _others(index: OpenedIndex, image_id: str, results: list[Explanation]) -> list[Explanation]:
    path = path_inside(index, image_id)
    return [one for one in results if one.image_id != image_id and not is_file_of(index, one.image_id, path)]


def service_of(request: Request) -> Service:
    """Return what requests share."""
    service: Service = request.app.state.service
    return service


def _described(index: OpenedIndex, image_id: str) -> Described:
    try:
        return Described(index.searcher.features_of(image_id), None)
    except ValueError:
        raise ProblemError(404, "there is no picture of this id in the index") from None
