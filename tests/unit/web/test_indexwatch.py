"""A new index is taken up while the old one serves, and what cannot be used changes nothing."""

import asyncio
import os
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import numpy as np
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from src.descriptors import by_name
from src.indexer import index_folder
from src.searcher import Searcher
from src.storing.rowtext import numbers_text
from src.web import indexwatch, openedindex
from src.web.clusterlink import ClusterLink
from src.web.indexwatch import AWAY, GONE, UNUSABLE, USELESS, IndexWatch
from src.web.openedindex import OpenedIndex
from src.web.problems import ProblemError
from src.web.settings import Settings
from tests.describing import describe_here
from tests.pictures import write_pictures


class NoWorker:
    """Stands for a worker: these tests describe nothing."""

    def __init__(self, recipe: object) -> None:
        self.recipe = recipe


@pytest.fixture(autouse=True)
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openedindex, "PictureWorker", NoWorker)
    monkeypatch.setattr(indexwatch, "REST_SECONDS", 0.0)
    monkeypatch.setattr(indexwatch, "PATIENCE_SECONDS", 30.0)


def write(path: Path, *names: str, descriptor: str = "color") -> None:
    picture = np.random.default_rng(len(names)).integers(0, 256, (32, 32, 3), np.uint8)
    numbers = numbers_text(by_name(descriptor).describe(picture))
    new = path.with_suffix(".new")
    new.write_bytes(b"".join(name.encode() + b"," + numbers + b"\n" for name in names))
    new.replace(path)


def ids(index: OpenedIndex) -> list[str]:
    return list(index.searcher.ids)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write(tmp_path / "index.csv", "old.jpg")
    return tmp_path / "index.csv"


@pytest.fixture
def openings(monkeypatch: pytest.MonkeyPatch) -> list[OpenedIndex]:
    """Those that are opened, in their order."""
    opened: list[OpenedIndex] = []

    class Noted(OpenedIndex):
        def __init__(
            self, settings: Settings, before: OpenedIndex | None = None, link: ClusterLink | None = None
        ) -> None:
            super().__init__(settings, before, link)
            opened.append(self)

    monkeypatch.setattr(indexwatch, "OpenedIndex", Noted)
    return opened


def running(path: Path, work: Callable[[IndexWatch], Awaitable[None]]) -> None:
    async def run() -> None:
        await work(IndexWatch(Settings(str(path))))

    asyncio.run(run())


def test_a_new_index_is_opened_once_for_all_requests(path: Path, openings: list[OpenedIndex]) -> None:
    async def work(watch: IndexWatch) -> None:
        # The first look is after the cache was written.
        old = await watch.index()
        assert ids(old) == ["old.jpg"]
        write(path, "new.jpg", "newer.jpg")
        before = len(openings)
        found = await asyncio.gather(*(watch.index() for _ in range(8)))
        assert set(found) == {openings[before]}
        assert ids(found[0]) == ["new.jpg", "newer.jpg"]
        assert ids(old) == ["old.jpg"]  # for the answers on their way
        # Its cache has been written meanwhile, and that is all.
        last = await watch.index()
        assert await watch.index() is last
        assert len(openings) <= before + 2

    running(path, work)


def test_the_old_index_serves_while_the_new_one_takes_its_time(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    may_end = threading.Event()

    class Slow(OpenedIndex):
        def __init__(
            self, settings: Settings, before: OpenedIndex | None = None, link: ClusterLink | None = None
        ) -> None:
            assert before is None or may_end.wait(30)
            super().__init__(settings, before, link)

    monkeypatch.setattr(indexwatch, "OpenedIndex", Slow)
    monkeypatch.setattr(indexwatch, "PATIENCE_SECONDS", 0.01)

    async def work(watch: IndexWatch) -> None:
        write(path, "new.jpg")
        assert [ids(await watch.index()) for _ in range(3)] == [["old.jpg"]] * 3
        may_end.set()
        while ids(await watch.index()) == ["old.jpg"]:
            await asyncio.sleep(0.01)

    running(path, work)


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def spoil(path: Path) -> None:
    path.write_bytes(os.urandom(5000))


def put_a_folder_there(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("damage", [Path.unlink, cut, spoil, put_a_folder_there])
def test_what_cannot_be_used_leaves_the_old_index_and_is_told(
    path: Path, damage: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    async def work(watch: IndexWatch) -> None:
        await watch.index()
        damage(path)
        old = await watch.index()
        assert ids(old) == ["old.jpg"]
        assert watch.trouble == (GONE if damage is Path.unlink else UNUSABLE)
        logged = len(caplog.records)
        assert await watch.index() is old
        assert len(caplog.records) == logged == 1  # nothing has changed since, and nothing is tried
        if path.is_dir():
            path.rmdir()
        write(path, "healed.jpg")
        assert ids(await watch.index()) == ["healed.jpg"]
        assert watch.trouble == ""

    running(path, work)


def test_after_a_while_it_is_tried_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexwatch, "RETRY_SECONDS", 0.0)

    class NoMemory(OpenedIndex):
        def __init__(
            self, settings: Settings, before: OpenedIndex | None = None, link: ClusterLink | None = None
        ) -> None:
            raise MemoryError

    async def work(watch: IndexWatch) -> None:
        write(path, "new.jpg")
        with monkeypatch.context() as short:
            short.setattr(indexwatch, "OpenedIndex", NoMemory)
            assert ids(await watch.index()) == ["old.jpg"]
        assert watch.trouble == UNUSABLE
        assert ids(await watch.index()) == ["new.jpg"]

    running(path, work)


def test_a_run_may_write_its_cache_before_its_index_is_opened(path: Path, openings: list[OpenedIndex]) -> None:
    async def work(watch: IndexWatch) -> None:
        await watch.index()
        other = path.with_name("other.csv")
        write(other, "new.jpg")
        Searcher(str(other))  # which writes a cache
        journal = path.with_name("index.csv.partial")
        journal.touch()
        before = len(openings)
        other.replace(path)
        waiting = asyncio.create_task(watch.index())
        await asyncio.sleep(0.1)
        assert len(openings) == before
        other.with_name("other.csv.cache").replace(path.with_name("index.csv.cache"))
        assert ids(await waiting) == ["new.jpg"]
        assert len(openings) == before + 1
        journal.unlink()

    running(path, work)


def test_the_worker_goes_on_if_pictures_are_described_as_before(path: Path) -> None:
    async def work(watch: IndexWatch) -> None:
        old = await watch.index()
        write(path, "same.jpg")
        same = await watch.index()
        assert same.worker is old.worker
        write(path, "other.jpg", descriptor="color-root")
        other = await watch.index()
        assert other.worker is not same.worker
        names = [one.recipe.descriptor.name for one in (same, other)]
        assert names == [one.searcher.descriptor.name for one in (same, other)]
        assert names[0] != names[1]

    running(path, work)


def test_requests_that_come_together_look_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexwatch, "REST_SECONDS", 60.0)

    async def work(watch: IndexWatch) -> None:
        await watch.index()
        write(path, "new.jpg")
        assert ids(await watch.index()) == ["old.jpg"]

    running(path, work)


def test_a_link_that_leads_to_another_index_is_followed(path: Path) -> None:
    other, link = path.with_name("other.csv"), path.with_name("link.csv")
    write(other, "other.jpg")
    link.symlink_to(path)

    async def work(watch: IndexWatch) -> None:
        assert ids(await watch.index()) == ["old.jpg"]
        link.unlink()
        link.symlink_to(other)
        assert ids(await watch.index()) == ["other.jpg"]

    running(link, work)


@pytest.mark.parametrize("damage", [Path.unlink, spoil])
def test_without_any_index_requests_are_told_to_come_again_until_there_is_one(
    path: Path, damage: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    damage(path)

    async def work(watch: IndexWatch) -> None:
        for _ in range(2):
            with pytest.raises(ProblemError) as told:
                await watch.index()
            assert (told.value.status, told.value.headers) == (503, {"Retry-After": "2"})
            assert told.value.detail == watch.trouble == (AWAY if damage is Path.unlink else USELESS)
        assert len(caplog.records) == 1
        write(path, "healed.jpg")
        assert ids(await watch.index()) == ["healed.jpg"]
        assert watch.trouble == ""

    running(path, work)


def test_shards_that_a_url_leads_to_are_asked_for_now_and_then_and_nobody_waits_for_it(
    tmp_path: Path, openings: list[OpenedIndex], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(indexwatch, "URL_REST_SECONDS", 0.0)
    url = "memory://watched/shards"

    def index_again(*names: str) -> None:
        write_pictures(tmp_path / "photos", names)
        index_folder(str(tmp_path / "photos"), url, describe=describe_here)

    async def until(watch: IndexWatch, names: list[str]) -> None:
        while ids(await watch.index()) != names:
            await asyncio.sleep(0.01)

    async def work() -> None:
        watch = IndexWatch(Settings(url))
        for _ in range(20):
            assert ids(await watch.index()) == ["old.jpg"]
            await asyncio.sleep(0.001)
        assert len(openings) == 1
        index_again("new.jpg", "old.jpg")
        await until(watch, ["new.jpg", "old.jpg"])
        manifest = MemoryFileSystem.store.pop("/watched/shards/manifest.json")
        while not watch.trouble:
            assert ids(await watch.index()) == ["new.jpg", "old.jpg"]
            await asyncio.sleep(0.001)
        MemoryFileSystem.store["/watched/shards/manifest.json"] = manifest
        while watch.trouble:
            await watch.index()
            await asyncio.sleep(0.001)

    index_again("old.jpg")
    asyncio.run(work())
