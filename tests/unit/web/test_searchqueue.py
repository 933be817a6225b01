"""Searches that wait are done together, in their turn, and for nobody who has gone."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from src.web.searchqueue import SearchQueue


class Searcher:
    """Notes what is asked together; the first search waits until it may end. A vector of -1 cannot be searched by."""

    def __init__(self) -> None:
        self.may_end = threading.Event()
        self.asked: list[tuple[list[float], int]] = []

    def explain_many(self, queries: Sequence[NDArray[np.float32]], limit: int, max_distance: float) -> list[float]:
        numbers = [float(query[0]) for query in queries]
        self.asked.append((numbers, limit))
        assert self.may_end.wait(30)
        if -1 in numbers:
            raise ValueError("no vector")
        return numbers


def running(test: Callable[[Searcher, Callable[..., "asyncio.Task[Any]"]], Awaitable[None]]) -> None:
    async def run() -> None:
        searcher, queue = Searcher(), SearchQueue()
        asked: Any = searcher

        def ask(number: float, limit: int = 3) -> "asyncio.Task[Any]":
            return asyncio.create_task(queue.explain(asked, np.array([number], np.float32), limit, 9.0))

        first = ask(0)
        while not searcher.asked:
            await asyncio.sleep(0.001)
        await test(searcher, ask)
        assert await first == 0
        queue.close()

    asyncio.run(run())


def test_what_waits_is_searched_together_and_what_waits_longest_comes_first() -> None:
    async def test(searcher: Searcher, ask: Callable[..., "asyncio.Task[Any]"]) -> None:
        tasks = [ask(1), ask(2, limit=7), ask(3), ask(4, limit=7)]
        await asyncio.sleep(0.01)
        searcher.may_end.set()
        assert await asyncio.gather(*tasks) == [1, 2, 3, 4]
        assert searcher.asked == [([0], 3), ([1, 3], 3), ([2, 4], 7)]

    running(test)


def test_nothing_is_searched_for_who_has_hung_up() -> None:
    async def test(searcher: Searcher, ask: Callable[..., "asyncio.Task[Any]"]) -> None:
        tasks = [ask(1), ask(2), ask(3, limit=7)]
        await asyncio.sleep(0.01)
        for task in (tasks[0], tasks[2]):
            task.cancel()
        await asyncio.sleep(0.01)
        searcher.may_end.set()
        assert await tasks[1] == 2
        assert searcher.asked == [([0], 3), ([2], 3)]

    running(test)


def test_an_error_is_told_to_those_who_asked_together_and_others_are_answered() -> None:
    async def test(searcher: Searcher, ask: Callable[..., "asyncio.Task[Any]"]) -> None:
        tasks = [ask(-1), ask(1), ask(2, limit=7)]
        await asyncio.sleep(0.01)
        searcher.may_end.set()
        for task in tasks[:2]:
            with pytest.raises(ValueError, match="no vector"):
                await task
        assert await tasks[2] == 2

    running(test)
