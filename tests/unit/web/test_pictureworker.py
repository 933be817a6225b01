"""The process that may die, as requests use it: what becomes of works, and of those whose client has hung up."""

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import cast

import pytest

from src.colordescriptor import ColorDescriptor
from src.describer import WorkerFailed
from src.description import Recipe, Work
from src.errors import (
    CRASHED,
    DAMAGED,
    EMPTY,
    NO_MEMORY,
    NOT_AN_IMAGE,
    TOO_LARGE,
    UNREADABLE,
    VANISHED,
    UnreadableImage,
)
from src.web import pictureworker
from src.web.pictureworker import PictureWorker
from src.web.problems import PictureProblem, ProblemError

RECIPE = Recipe(ColorDescriptor())


class Queue:
    """Stands for the process: works are done when a test says so."""

    def __init__(self, setup: object) -> None:
        self.submitted: dict[object, Future[bytes]] = {}
        self.is_closed = False

    def submit(self, work: object) -> "Future[bytes]":
        self.submitted[work] = Future()
        return self.submitted[work]

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Queue:
    queue = Queue(None)
    monkeypatch.setattr(pictureworker, "WorkQueue", lambda setup: queue)
    return queue


def work(name: str) -> Work:
    return cast(Work, name)


def running(test: Callable[[PictureWorker], Awaitable[None]]) -> None:
    async def run() -> None:
        await test(PictureWorker(RECIPE))

    asyncio.run(run())


async def tried() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("error", "status", "lasts"),
    [
        (UnreadableImage(EMPTY, "it is empty"), 400, True),
        (UnreadableImage(TOO_LARGE, "60 megapixels"), 413, True),
        (UnreadableImage(NOT_AN_IMAGE, "it is text"), 415, True),
        (UnreadableImage(DAMAGED, "it is cut"), 422, True),
        (UnreadableImage(CRASHED, "it crashes the decoder"), 422, False),
        (UnreadableImage(VANISHED, "it is not there any more"), 422, False),
        (UnreadableImage(UNREADABLE, "the disk is away"), 422, False),
        (UnreadableImage(NO_MEMORY, "too much memory"), 413, False),
        (WorkerFailed("/usr/lib/nothing.so is not there"), 503, False),
    ],
)
def test_what_goes_wrong_is_a_problem_of_the_right_status_and_lasts_if_the_bytes_cause_it(
    queue: Queue, error: Exception, status: int, lasts: bool
) -> None:
    async def test(worker: PictureWorker) -> None:
        doing = asyncio.create_task(worker.do(work("picture")))
        await tried()
        queue.submitted["picture"].set_exception(error)
        with pytest.raises(ProblemError) as told:
            await doing
        assert told.value.status == status
        assert (isinstance(told.value, PictureProblem) and told.value.lasts) == lasts
        assert "/" not in told.value.detail

    running(test)


def test_whoever_hangs_up_takes_the_work_back(queue: Queue) -> None:
    async def test(worker: PictureWorker) -> None:
        doing = asyncio.create_task(worker.do(work("picture")))
        await tried()
        doing.cancel()
        await tried()
        assert queue.submitted["picture"].cancelled()

    running(test)


def test_a_worker_that_nobody_has_any_more_ends(queue: Queue) -> None:
    async def test(worker: PictureWorker) -> None:
        doing = asyncio.create_task(worker.do(work("picture")))
        del worker
        await tried()
        assert not queue.is_closed
        queue.submitted["picture"].set_result(b"done")
        assert await doing == b"done"

    running(test)
    gc.collect()
    end = time.monotonic() + 10
    while not queue.is_closed and time.monotonic() < end:
        time.sleep(0.01)
    assert queue.is_closed
