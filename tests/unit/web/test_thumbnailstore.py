"""Thumbnails are made once, kept within bounds, and not tried again where the bytes give none."""

import asyncio

import pytest

from src.web.problems import PictureProblem, ProblemError
from src.web.thumbnailstore import ThumbnailCache, ThumbnailKey, ThumbnailStore

KEY = ThumbnailKey("a", "1", 16)


class Worker:
    """Makes what the test says, when it says so."""

    def __init__(self, *made: bytes | ProblemError) -> None:
        self.made = list(made)
        self.asked = self.cancelled = 0
        self.go = asyncio.Event()

    async def make(self) -> bytes:
        self.asked += 1
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        made = self.made.pop(0)
        if isinstance(made, ProblemError):
            raise made
        return made


def get(store: ThumbnailStore, worker: Worker) -> "asyncio.Task[bytes]":
    return asyncio.create_task(store.get(KEY, worker.make))


def test_one_that_many_ask_for_is_made_once_even_if_the_first_hangs_up() -> None:
    async def test() -> None:
        store, worker = ThumbnailStore(), Worker(b"made")
        asking = [get(store, worker) for _ in range(3)]
        await asyncio.sleep(0)
        asking[0].cancel()
        worker.go.set()
        assert await asyncio.gather(*asking[1:]) == [b"made"] * 2
        assert await get(store, worker) == b"made"
        assert worker.asked == 1

    asyncio.run(test())


def test_a_picture_whose_bytes_give_none_is_tried_once_and_any_other_failure_again() -> None:
    async def test() -> None:
        gone, damaged = PictureProblem(422, "not there", lasts=False), PictureProblem(422, "damaged", lasts=True)
        store, worker = ThumbnailStore(), Worker(ProblemError(503, "later"), gone, damaged)
        worker.go.set()
        for detail in ("later", "not there", "damaged", "damaged"):
            with pytest.raises(ProblemError) as caught:
                await get(store, worker)
            assert caught.value.detail == detail
        assert worker.asked == 3

    asyncio.run(test())


def test_what_nobody_waits_for_any_more_is_not_made_and_may_be_asked_for_again() -> None:
    async def test() -> None:
        store, worker = ThumbnailStore(), Worker(b"made")
        asking = [get(store, worker) for _ in range(2)]
        await asyncio.sleep(0)
        for one in asking:
            one.cancel()
        again = get(store, worker)
        await asyncio.wait(asking)
        worker.go.set()
        assert await again == b"made"
        assert (worker.asked, worker.cancelled) == (2, 1)

    asyncio.run(test())


def test_what_was_asked_for_last_is_kept() -> None:
    cache = ThumbnailCache(most_bytes=10)
    keys = [ThumbnailKey("a", "1", side) for side in (16, 17, 18)]
    for key in keys[:2]:
        cache.put(key, b"12345")
    assert cache.get(keys[0]) == b"12345"
    cache.put(keys[2], b"12345")
    assert [cache.get(key) for key in keys] == [b"12345", None, b"12345"]
    cache.put(keys[0], b"1")
    cache.put(keys[1], b"1234")
    assert [cache.get(key) for key in keys] == [b"1", b"1234", b"12345"]
    cache.put(keys[1], b"more than it holds")
    assert cache.get(keys[1]) is None
    assert cache.get(ThumbnailKey("a", "2", 16)) is None
