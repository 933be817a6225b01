"""The service as a process: it starts, answers as search.py does, and stops."""

import json
import signal
from pathlib import Path

import pytest

from tests.programs import ROOT, succeed
from tests.servers import serving

COAT = ROOT / "queries" / "Cropped_Trench_Coatimg_00000004.jpg"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("index") / "index1.csv"
    succeed("index.py", "--dataset", ROOT / "data", "--index", path)
    return path


def test_a_picture_is_answered_as_search_py_answers_it(index: Path, tmp_path: Path) -> None:
    said = succeed("search.py", "--index", index, "--query", COAT, "--json", "--limit", "5")
    wanted = json.loads("\n".join(said))["answers"][0]["results"]
    with serving(tmp_path, index) as server:
        form = server.client.post("/api/search", files={"image": COAT.read_bytes()}, data={"limit": "5"})
        body = server.client.post("/api/search?limit=5", content=COAT.read_bytes())
    for response in (form, body):
        (answer,) = response.json()["answers"]
        for mine, right in zip(answer["results"], wanted, strict=True):
            assert {name: mine[name] for name in ("rank", "distance", "similarity", "id", "gone")} == {
                name: right[name] for name in ("rank", "distance", "similarity", "id", "gone")
            }


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_when_it_is_told_to(index: Path, tmp_path: Path, number: signal.Signals) -> None:
    with serving(tmp_path, index) as server:
        assert server.stop(number) == 0
