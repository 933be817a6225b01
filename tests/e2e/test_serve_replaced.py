"""The index is replaced, added to, damaged or deleted while the service runs; it answers all the while."""

import json
import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from src.web.indexwatch import AWAY, REST_SECONDS
from tests.pictures import write_picture
from tests.programs import succeed
from tests.servers import COAT, Server, serving

NAMES = ("a.png", "b.png", "c.png")


class Served:
    """A service of an index of its own, and the folder of its pictures."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.photos, self.index, self.server = folder / "photos", folder / "index.csv", server

    def run_index(self, *options: str) -> None:
        succeed("index.py", "--dataset", self.photos, "--index", self.index, *options)

    def search(self, picture: bytes) -> list[dict[str, Any]]:
        response = self.server.client.post("/api/search?limit=10", content=picture)
        assert response.status_code == 200, response.text
        results: list[dict[str, Any]] = response.json()["answers"][0]["results"]
        return results

    def ids(self) -> set[str]:
        return {result["id"] for result in self.search(COAT.read_bytes())}

    @property
    def trouble(self) -> str | None:
        told: str | None = self.server.client.get("/api/health").json().get("trouble")
        return told


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("replaced")
    for seed, name in enumerate(NAMES):
        (folder / "photos").mkdir(exist_ok=True)
        write_picture(folder / "photos" / name, seed)
    succeed("index.py", "--dataset", folder / "photos", "--index", folder / "index.csv")
    with serving(folder, folder / "index.csv") as server:
        yield Served(folder, server)


def test_what_index_py_adds_and_removes_is_found_by_the_next_search(served: Served) -> None:
    assert served.ids() == {*NAMES}
    new = served.photos / "new.jpg"
    shutil.copy(COAT, new)
    succeed("index.py", "--index", served.index, "--add", new)
    assert served.index.with_name("index.csv.cache.added").exists()
    assert served.search(COAT.read_bytes())[0]["distance"] == 0
    assert served.ids() == {*NAMES, "new.jpg"}
    new.unlink()
    served.run_index()
    assert served.ids() == {*NAMES}
    assert served.trouble is None


def test_an_index_of_another_descriptor_is_searched_by_that(served: Served) -> None:
    served.run_index("--descriptor", "color-root", "--rebuild")
    said = succeed("search.py", "--index", served.index, "--query", COAT, "--json", "--limit", "10")
    right = json.loads("\n".join(said))["answers"][0]["results"]
    names = ("rank", "distance", "similarity", "id")
    assert [[one[name] for name in names] for one in served.search(COAT.read_bytes())] == [
        [one[name] for name in names] for one in right
    ]
    served.run_index("--descriptor", "color", "--rebuild")


def test_an_index_that_is_damaged_or_gone_is_served_as_it_was_until_there_is_one_again(served: Served) -> None:
    good = served.index.read_bytes()
    for damaged in (good[: len(good) // 2], os.urandom(1000), b"", None):
        served.index.unlink()
        if damaged is not None:
            served.index.write_bytes(damaged)
        assert served.ids() == {*NAMES}
        assert served.trouble is not None
        assert "/" not in served.trouble
    served.index.write_bytes(good)
    time.sleep(2 * REST_SECONDS)
    assert served.ids() == {*NAMES}
    assert served.trouble is None


def test_a_cache_that_is_cut_or_gone_costs_no_answer(served: Served) -> None:
    cache = served.index.with_name("index.csv.cache")
    os.truncate(cache, 1000)
    time.sleep(2 * REST_SECONDS)
    assert served.ids() == {*NAMES}
    cache.unlink()
    time.sleep(2 * REST_SECONDS)
    assert served.ids() == {*NAMES}
    assert served.trouble is None


def test_a_service_whose_process_dies_with_the_index_gone_serves_as_soon_as_it_is_there(
    served: Served, tmp_path: Path
) -> None:
    index = tmp_path / "index.csv"
    shutil.copy(served.index, index)
    with serving(tmp_path, index) as server:
        index.unlink()
        killed = serving_process(server.process.pid)
        os.kill(killed, signal.SIGKILL)
        while Path(f"/proc/{killed}").exists():
            time.sleep(0.01)
        for address in ("/api/health", "/api/images", "/api/search?id=a.png"):
            response = httpx.get(f"{server.address}{address}", timeout=30)
            assert (response.status_code, response.headers["Retry-After"]) == (503, "2")
            assert response.json()["detail"] == AWAY
        assert "image_similarity_index_trouble 1.0" in httpx.get(f"{server.address}/api/metrics").text
        shutil.copy(served.index, index)
        assert httpx.get(f"{server.address}/api/search?id=a.png", timeout=30).status_code == 200
        assert f"{index} does not exist: write it with index.py" in server.log


def serving_process(master: int) -> int:
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    (found,) = (int(one) for one in children if b"resource_tracker" not in Path(f"/proc/{one}/cmdline").read_bytes())
    return found
