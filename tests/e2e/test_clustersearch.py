"""Searching on a real scheduler and real workers: the answers of one file, whole or none, whoever dies."""

import gc
import random
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from src.cluster import tasks, workers
from src.colordescriptor import ColorDescriptor
from src.commands import search as search_command
from src.daskcluster import Cluster, connect
from src.errors import ExpectedError, IndexFileError
from src.indexfile import IndexInfo
from src.searcher import Searcher
from tests.clusters import TestCluster
from tests.programs import ROOT, fail, succeed, succeed_here
from tests.rowindexes import Vectors, write_file, write_shards
from tests.unit.searching.test_fusedneighbours import make_vectors

ROWS, SIZES = 450, (50, 5, 195, 125, 75)
# Whoever searches on and on leaves the cores to what is awaited.
PAUSE_SECONDS = 0.02
QUERY = ["--query", str(ROOT / "queries" / "Tartan_Fringe_Scarfimg_00000066.jpg")]


@pytest.fixture
def connected(cluster: TestCluster) -> Iterator[Cluster]:
    with connect(cluster.address) as connected:
        await_workers(connected, 2)
        yield connected


def await_workers(cluster: Cluster, count: int) -> None:
    while len(cluster.client.nthreads()) != count:
        time.sleep(0.02)


@pytest.fixture(scope="module")
def by_colours(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Vectors]:
    return write_both(tmp_path_factory.mktemp("colour"), "colour")


def write_both(folder: Path, kind: str) -> tuple[Path, Path, Vectors]:
    """Write the same rows as an index file and as shards; a tenth of them are copies of others."""
    vectors = make_vectors(ROWS, seed=3)
    if kind == "fused":
        info = IndexInfo("some-networks", vectors.shape[1], "fused")
    else:
        vectors = np.ascontiguousarray(vectors[:, 1280:2720] if kind == "colour" else vectors[:, :1280])
        vectors[::10] = vectors[np.random.default_rng(0).integers(0, ROWS, ROWS // 10)]
        maker = ColorDescriptor()
        info = IndexInfo(maker.name, maker.dimension, maker.distance)
        if kind == "cosine":
            info = IndexInfo("some-network", vectors.shape[1], "cosine")
    write_file(folder / "one.csv", vectors, info)
    write_shards(folder / "shards", vectors, info, SIZES)
    return folder / "one.csv", folder / "shards", vectors


@pytest.mark.parametrize("kind", ["colour", "cosine", "fused"])
def test_answers_are_those_of_one_file_ties_included(connected: Cluster, tmp_path: Path, kind: str) -> None:
    file, shards, vectors = write_both(tmp_path, kind)
    one, many = Searcher(str(file)), Searcher(str(shards), cluster=connected)
    assert (len(many), many.ids[:]) == (len(one), one.ids[:])
    queries = [*vectors[:: {"colour": 4, "cosine": 3, "fused": 9}[kind]]]
    assert many.search_many(queries, 12) == one.search_many(queries, 12)
    assert many.search_many(queries[:3], ROWS) == one.search_many(queries[:3], ROWS)
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(many.search, queries[:20]))
    assert found == [one.search(query) for query in queries[:20]]
    assert np.array_equal(many.features_of("000244.jpg"), one.features_of("000244.jpg"))
    assert "nobody.jpg" not in many
    assert many.known(["nobody.jpg", "000444.jpg", "000003.jpg"]) == {"000003.jpg", "000444.jpg"}
    assert [rows.tolist() for rows in many.rank_many(queries[:2], ROWS)] == [
        rows.tolist() for rows in one.rank_many(queries[:2], ROWS)
    ]
    whole = Searcher(str(file), cluster=connected)
    assert whole.search_many(queries[:5]) == one.search_many(queries[:5])


def test_the_program_prints_what_it_prints_without_a_cluster(
    cluster: TestCluster, by_colours: tuple[Path, Path, Vectors]
) -> None:
    options = [*QUERY, "--result-path", "photos", "--json", "--explain", "--index", str(by_colours[1])]
    wanted = succeed_here(search_command.main, *options)
    assert succeed("search.py", *options, "--cluster", cluster.address) == wanted
    assert succeed_here(search_command.main, *options, "--cluster", "local") == wanted


def test_a_shard_that_cannot_be_used_is_told_in_one_line(
    cluster: TestCluster, connected: Cluster, tmp_path: Path
) -> None:
    _, shards, _ = write_both(tmp_path, "colour")
    for path in (shards / "part-00002.csv.cache", shards / "part-00002.csv"):
        path.rename(tmp_path / path.name)
    said = fail("search.py", *QUERY, "--index", shards, "--cluster", cluster.address)
    assert "the worker tcp://127.0.0.1:" in said
    assert f"{shards}/part-00002.csv is not there: bring it back" in said
    # A cache that is cut is as good as none; the shard itself may not be cut.
    (shards / "part-00002.csv").write_bytes((tmp_path / "part-00002.csv").read_bytes()[:-300])
    with pytest.raises(IndexFileError, match=r"part-00002\.csv has "):
        Searcher(str(shards), cluster=connected)
    with pytest.raises(IndexFileError, match=f"^{tmp_path}/none/ does not exist"):
        Searcher(f"{tmp_path}/none/", cluster=connected)


def test_every_answer_is_whole_while_workers_die_and_others_join(
    cluster: TestCluster, connected: Cluster, by_colours: tuple[Path, Path, Vectors]
) -> None:
    file, shards, vectors = by_colours
    queries = [*vectors[::4]]
    wanted = Searcher(str(file)).search_many(queries, 5)
    searcher, chance = Searcher(str(shards), cluster=connected), random.Random(5)
    end = Event()

    def search(numbers: range) -> int:
        count = 0
        while not end.is_set():
            number = numbers[count % len(numbers)]
            assert searcher.search(queries[number], 5) == wanted[number], number
            count += 1
            end.wait(PAUSE_SECONDS)
        return count

    with ThreadPoolExecutor(3) as threads:
        searching = [threads.submit(search, range(start, len(queries), 3)) for start in range(3)]
        try:
            for _ in range(2):
                cluster.add_worker()
            await_workers(connected, 4)
            for left in (3, 2):
                time.sleep(chance.random() / 4)
                cluster.kill_worker(cluster.workers[0])
                await_workers(connected, left)
            time.sleep(chance.random() / 4)
        finally:
            end.set()
    assert all(one.result() > 10 for one in searching)


def test_a_worker_that_joins_late_gets_shards_when_the_index_is_opened_again_and_others_keep_theirs(
    cluster: TestCluster, connected: Cluster, by_colours: tuple[Path, Path, Vectors]
) -> None:
    file, shards, vectors = by_colours
    await_workers(connected, 2)
    before = Searcher(str(shards), cluster=connected)
    assert not before.could_spread()
    late = cluster.add_worker()
    await_workers(connected, 3)
    assert before.could_spread()
    again = Searcher(str(shards), cluster=connected)
    assert not again.could_spread()
    assert again.search_many([*vectors[:5]]) == Searcher(str(file)).search_many([*vectors[:5]])
    held = dict(connected.workers.held)
    assert not Searcher(str(shards), cluster=connected).could_spread()
    assert connected.workers.held == held
    cluster.kill_worker(late)
    await_workers(connected, 2)


def test_who_searches_while_the_connection_is_closed_is_told_so(by_colours: tuple[Path, Path, Vectors]) -> None:
    file, shards, vectors = by_colours
    wanted = Searcher(str(file)).search(vectors[0])

    def search_on(searcher: Searcher) -> None:
        while True:
            assert searcher.search(vectors[0]) == wanted

    with ThreadPoolExecutor(8) as threads:
        for _ in range(3):
            with connect("local") as connected:
                searcher = Searcher(str(shards), cluster=connected)
                searching = [threads.submit(search_on, searcher) for _ in range(8)]
                time.sleep(0.1)
            for one in searching:
                assert isinstance(one.exception(30), ExpectedError)


def test_workers_close_an_index_as_soon_as_nobody_searches_it(
    connected: Cluster, by_colours: tuple[Path, Path, Vectors]
) -> None:
    """The files of one that was replaced are removed, and take their disk as long as they are open."""
    _, shards, vectors = by_colours
    others = set(connected.client.futures)
    gc.disable()
    try:
        searcher = Searcher(str(shards), cluster=connected)
        assert searcher.search(vectors[0])[0].distance == 0
        assert searcher.ids[3] == "000003.jpg"
        del searcher
        end = time.monotonic() + 30
        while not set(connected.client.futures) <= others:
            assert time.monotonic() < end
            time.sleep(0.01)
    finally:
        gc.enable()


def test_who_says_nothing_any_more_is_not_waited_for(
    cluster: TestCluster, by_colours: tuple[Path, Path, Vectors], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a machine that hangs: its connections stay open."""
    file, shards, vectors = by_colours
    wanted = Searcher(str(file)).search_many([*vectors[:5]])
    with connect(cluster.address) as connected, ThreadPoolExecutor(3) as threads:
        await_workers(connected, 2)
        searcher = Searcher(str(shards), cluster=connected)
        monkeypatch.setattr(tasks, "PATIENCE_SECONDS", 0.3)
        monkeypatch.setattr(workers, "SILENT_SECONDS", 2.0)
        silent = cluster.workers[0]
        silent.send_signal(signal.SIGSTOP)
        try:
            asked = [threads.submit(searcher.search_many, [*vectors[:5]]) for _ in range(3)]
            assert [one.result(60) for one in asked] == [wanted] * 3
        finally:
            silent.send_signal(signal.SIGCONT)
        assert cluster.scheduler is not None
        cluster.scheduler.send_signal(signal.SIGSTOP)
        try:
            # The workers can be reached from here, so nobody needs the scheduler for what is open.
            assert searcher.search_many([*vectors[:5]]) == wanted
            connected.client.direct_to_workers = False
            with pytest.raises(ExpectedError, match=f"the scheduler at {cluster.address} has gone away"):
                searcher.search(vectors[0])
        finally:
            cluster.scheduler.send_signal(signal.SIGCONT)
        assert searcher.search_many([*vectors[:5]]) == wanted


def test_a_scheduler_that_dies_is_told_in_one_line_and_one_that_is_started_again_serves(
    cluster: TestCluster, by_colours: tuple[Path, Path, Vectors]
) -> None:
    file, shards, vectors = by_colours
    wanted = Searcher(str(file)).search_many([*vectors[:50]], 5)
    with connect(cluster.address) as connected:
        searcher = Searcher(str(shards), cluster=connected)

        def search_on() -> None:
            while True:
                assert searcher.search_many([*vectors[:50]], 5) == wanted
                time.sleep(PAUSE_SECONDS)

        with ThreadPoolExecutor(1) as threads:
            searching = threads.submit(search_on)
            time.sleep(0.2)
            cluster.kill_scheduler()
            error = searching.exception(30)
        assert isinstance(error, ExpectedError)
        assert str(error).startswith(f"the scheduler at {cluster.address} has gone away: start it again")
        with pytest.raises(ExpectedError, match="has gone away"):
            searcher.search(vectors[0])
    cluster.start_scheduler()
    cluster.add_worker()
    with connect(cluster.address) as connected:
        assert Searcher(str(shards), cluster=connected).search_many([*vectors[:50]], 5) == wanted
