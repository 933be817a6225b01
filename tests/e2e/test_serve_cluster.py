"""The service on a real scheduler and real workers: the truth is the service of the index file alone."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from src.indexer import Options, index_folder
from src.web.app import create_app
from src.web.settings import Settings
from tests.asgi import ask_started
from tests.clusters import TestCluster
from tests.describing import describe_here
from tests.pictures import write_pictures
from tests.servers import Server, index_here, serving

NAMES = [f"{number:02}.png" for number in range(24)]
PATIENCE_SECONDS = 60.0


def path_of(name: str) -> str:
    """Return what asks for the pictures most similar to one of the index."""
    return f"/api/search?id={name}&limit=5&explain=true"


def asked(server: Server, name: str) -> tuple[int, Any]:
    response = server.client.get(path_of(name))
    return response.status_code, response.json()


class Both:
    """An index of shards that is served from a cluster, and the answers of the index file."""

    def __init__(self, cluster: TestCluster, shards: Path, server: Server, answers: dict[str, Any]) -> None:
        self.cluster, self.shards, self.server, self.answers = cluster, shards, server, answers

    def status_and_answer(self, name: str) -> tuple[int, Any]:
        return asked(self.server, name)

    def wait_until_it_answers(self) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while self.status_and_answer(NAMES[0])[0] != 200:
            assert time.monotonic() < end, self.server.log
            time.sleep(0.1)


@pytest.fixture(scope="module")
def both(shared_cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    folder = tmp_path_factory.mktemp("served")
    photos, shards = folder / "photos", folder / "shards"
    write_pictures(photos, NAMES)
    (photos / "copy.png").write_bytes((photos / NAMES[7]).read_bytes())
    one = index_here(photos, folder / "shards.csv")
    index_folder(str(photos), f"{shards}/", None, Options(shard_size=7), describe_here)
    told = ask_started(create_app(Settings(index=str(one))), [path_of(name) for name in NAMES])
    answers = {name: one["answers"] for name, one in zip(NAMES, told, strict=True)}
    shared_cluster.mend()
    with serving(folder, shards, "--cluster", shared_cluster.address) as server:
        yield Both(shared_cluster, shards, server, answers)


def test_the_answers_are_those_of_the_index_file_with_many_queries_in_flight(both: Both) -> None:
    with ThreadPoolExecutor(8) as pool:
        for name, (status, answer) in zip(NAMES, pool.map(both.status_and_answer, NAMES), strict=True):
            assert (status, answer["answers"]) == (200, both.answers[name])
    assert both.server.client.get("/api/images").json()["total"] == len(NAMES) + 1
    assert both.server.client.get(f"/api/images/{NAMES[3]}/thumbnail").status_code == 200


def test_a_cluster_in_the_service_itself_answers_the_same(both: Both, tmp_path: Path) -> None:
    with serving(tmp_path, both.shards, "--cluster", "local") as server, ThreadPoolExecutor(4) as pool:
        for name, (status, answer) in zip(NAMES, pool.map(partial(asked, server), NAMES), strict=True):
            assert (status, answer["answers"]) == (200, both.answers[name])


def test_while_workers_are_killed_and_join_each_answer_is_whole_or_an_error(both: Both) -> None:
    both.wait_until_it_answers()
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(both.status_and_answer, name) for name in NAMES * 3]
        both.cluster.kill_worker(both.cluster.workers[0])
        both.cluster.add_worker()
        for name, one in zip(NAMES * 3, asked, strict=True):
            status, answer = one.result()
            assert status in (200, 503), answer
            if status == 200:
                assert answer["answers"] == both.answers[name]
    both.wait_until_it_answers()


def test_a_scheduler_that_goes_away_and_comes_back_costs_answers_and_no_restart(both: Both) -> None:
    both.wait_until_it_answers()
    both.cluster.kill_scheduler()
    end = time.monotonic() + PATIENCE_SECONDS
    while (found := both.status_and_answer(NAMES[0]))[0] != 503:
        assert time.monotonic() < end
    assert "cluster" in found[1]["detail"]
    both.cluster.mend(1)
    both.wait_until_it_answers()
    status, answer = both.status_and_answer(NAMES[5])
    assert answer["answers"] == both.answers[NAMES[5]]
