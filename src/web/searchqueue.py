"""The service: searches that wait at the same time are done together, which is faster than one after the other."""

import asyncio
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..searcher import Explanation, Searcher

Results = list[Explanation]


class _Asked(NamedTuple):
    features: NDArray[np.float32]
    answer: "asyncio.Future[Results]"


class SearchQueue:
    """Searches on threads of its own: what comes while all of them search waits, and is then searched at once.

    Parameters
    ----------
    threads : int, optional
        More than one if others do the work.
    """

    def __init__(self, threads: int = 1) -> None:
        self._threads = ThreadPoolExecutor(threads, "search")
        self._most = threads
        self._waiting: dict[tuple[Searcher, int, float], list[_Asked]] = defaultdict(list)
        self._working: set[asyncio.Task[None]] = set()

    async def explain(
        self, searcher: Searcher, features: NDArray[np.float32], limit: int, max_distance: float
    ) -> Results:
        """Do as `Searcher.explain` does."""
        asked = _Asked(features, asyncio.get_running_loop().create_future())
        self._waiting[searcher, limit, max_distance].append(asked)
        if len(self._working) < self._most:
            task = asyncio.create_task(self._work())
            self._working.add(task)
            task.add_done_callback(self._working.discard)
        return await asked.answer

    def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _work(self) -> None:
        while self._waiting:
            # What waits longest comes first.
            key = searcher, limit, max_distance = next(iter(self._waiting))
            some = [one for one in self._waiting.pop(key) if not one.answer.done()]  # others have hung up
            if not some:
                continue
            vectors = [one.features for one in some]
            try:
                found = await asyncio.get_running_loop().run_in_executor(
                    self._threads, searcher.explain_many, vectors, limit, max_distance
                )
            # Whatever it is, it is for those who asked; the next ones are answered.
            except Exception as error:
                for one in some:
                    if not one.answer.done():
                        one.answer.set_exception(error)
            else:
                for one, results in zip(some, found, strict=True):
                    if not one.answer.done():
                        one.answer.set_result(results)
