"""Where a cluster searches: what is served while it is away, and when workers join."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from src.cluster.failures import ClusterFailed
from src.cluster.openedgroup import Group
from src.errors import IndexFileError
from src.searcher import LocalParts, Parts
from src.web import indexwatch, openedindex
from src.web.indexwatch import UNUSABLE, USELESS, IndexWatch
from src.web.problems import CLUSTER_LOST, ProblemError
from src.web.settings import Settings
from tests.unit.web.test_indexwatch import NoWorker, cut, ids, write

AWAY = ClusterFailed("the scheduler at tcp://host:8786 has gone away")


class Here:
    """Stands for a link and its cluster, which opens indexes in this process."""

    failure: ClusterFailed | None = None
    idle_workers = 0

    def __init__(self, address: str) -> None:
        pass

    def cluster(self) -> "Here":
        if self.failure is not None:
            raise self.failure
        return self

    def open_parts(self, path: str) -> Parts:
        class Opened(LocalParts):
            def could_spread(self) -> bool:
                return Here.idle_workers > 0

        return Opened(Group(path, None).open())

    def drop(self) -> None:
        """Do nothing."""


def running(path: Path, work: Callable[[IndexWatch], Awaitable[None]]) -> None:
    async def run() -> None:
        await work(IndexWatch(Settings(str(path), cluster="tcp://host:8786")))

    asyncio.run(run())


@pytest.fixture(autouse=True)
def path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(openedindex, "PictureWorker", NoWorker)
    monkeypatch.setattr(indexwatch, "ClusterLink", Here)
    monkeypatch.setattr(indexwatch, "REST_SECONDS", 0.0)
    monkeypatch.setattr(indexwatch, "PATIENCE_SECONDS", 30.0)
    monkeypatch.setattr(indexwatch, "LOST_RETRY_SECONDS", 0.0)
    write(tmp_path / "index.csv", "old.jpg")
    Group(str(tmp_path / "index.csv"), None).open()  # which writes its cache
    return tmp_path / "index.csv"


async def refused(watch: IndexWatch) -> str:
    with pytest.raises(ProblemError) as told:
        await watch.index()
    assert told.value.status == 503
    return told.value.detail


def test_a_new_index_that_cannot_be_used_leaves_the_old_one(path: Path) -> None:
    async def work(watch: IndexWatch) -> None:
        cut(path)
        assert ids(await watch.index()) == ["old.jpg"]
        assert watch.trouble == UNUSABLE

    running(path, work)


def test_while_the_cluster_is_away_requests_are_told_so_and_the_log_once(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def work(watch: IndexWatch) -> None:
        monkeypatch.setattr(Here, "failure", AWAY)
        assert watch.lose_cluster(AWAY)
        assert [await refused(watch) for _ in range(3)] == [CLUSTER_LOST] * 3
        assert len(caplog.records) == 1
        monkeypatch.setattr(Here, "failure", None)
        assert ids(await watch.index()) == ["old.jpg"]
        # A shard that is gone is no trouble with the cluster.
        assert watch.lose_cluster(IndexFileError("part-00001.csv is not there"))
        assert watch.trouble == USELESS
        assert ids(await watch.index()) == ["old.jpg"]
        assert watch.trouble == ""

    running(path, work)


def test_the_index_is_opened_again_where_workers_have_joined(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexwatch, "SPREAD_SECONDS", 0.0)

    async def next_of(watch: IndexWatch) -> object:
        await watch.index()  # nobody waits for that
        while watch._opening is not None:
            await asyncio.sleep(0.001)
        return watch.current

    async def work(watch: IndexWatch) -> None:
        old = watch.current
        assert await next_of(watch) is old
        monkeypatch.setattr(Here, "idle_workers", 1)
        assert await next_of(watch) is not old

    running(path, work)
