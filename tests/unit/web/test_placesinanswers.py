"""Where results are similar is told as search.py tells it, by the process that may die."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from src.answer import Wanted, answer_all
from src.answertext import as_json
from src.imagepart import Part
from src.indexer import index_folder
from src.modeldescriptor import ModelDescriptor
from src.searcher import Searcher
from src.web import openedindex, placesinanswers
from src.web.explainedplaces import ExplainPlaces
from src.web.settings import Settings
from tests.asgi import ask_service
from tests.describing import OwnWorker
from tests.networks import write_model
from tests.pictures import write_pictures

SMALL = {"size": 32, "shorter": 32, "mean": 0, "scale": 1, "channels": "BGR"}
NAMES = [f"{number}.png" for number in range(6)]


@pytest.fixture(scope="module", params=[(1, 3, 2, 2), (1, 12)], ids=["map", "vector"])
def original(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network, and an index by it."""
    folder = tmp_path_factory.mktemp("places")
    model = folder / "own.onnx"
    model.write_bytes(write_model({"out": request.param}))
    (folder / "own.json").write_text(json.dumps(SMALL))
    write_pictures(folder / "photos", NAMES)
    assert index_folder(str(folder / "photos"), str(folder / "index.csv"), ModelDescriptor(str(model))).indexed
    return folder


@pytest.fixture
def indexed(original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(openedindex, "PictureWorker", OwnWorker)
    shutil.copytree(original, tmp_path, dirs_exist_ok=True)
    return Settings(str(tmp_path / "index.csv"), str(tmp_path / "photos"), model=str(tmp_path / "own.onnx"))


def asked(settings: Settings, method: str, address: str, **content: Any) -> list[dict[str, Any]]:
    """Return the results that the service has, less the links."""
    response = ask_service(settings, method, address, **content)
    assert response.status_code == 200, response.text
    (answer,) = response.json()["answers"]
    results: list[dict[str, Any]] = answer["results"]
    return [{key: value for key, value in one.items() if key not in ("links", "path")} for one in results]


def told(settings: Settings, query: Path, part: Part | None = None) -> list[dict[str, Any]]:
    """Return what search.py has."""
    assert settings.model is not None
    searcher = Searcher(settings.index, ModelDescriptor(settings.model))
    wanted = Wanted(limit=6, explain=True, part=part, places=6)
    (answer,) = as_json(answer_all([str(query)], searcher, settings.result_path, wanted))
    return [{key: value for key, value in one.items() if key != "path"} for one in answer["results"]]


@pytest.mark.parametrize("crop", ["", "0,0,0.5,1"])
def test_places_are_those_of_search_py(indexed: Settings, tmp_path: Path, crop: str) -> None:
    query = tmp_path / "photos" / "3.png"
    right = told(indexed, query, Part.parse(crop) if crop else None)
    options = "limit=6&explain=true" + (f"&crop={crop}" if crop else "")
    assert asked(indexed, "POST", f"/api/search?{options}", content=query.read_bytes()) == right
    assert asked(indexed, "GET", f"/api/search?id=3.png&{options}") == right


def test_a_search_need_not_wait_for_places_and_those_of_one_result_are_told_by_themselves(
    indexed: Settings, tmp_path: Path
) -> None:
    query = tmp_path / "photos" / "3.png"
    right = told(indexed, query)
    options = "limit=6&explain=true&places=false"
    without = [{key: value for key, value in one.items() if key != "places"} for one in right]
    assert asked(indexed, "POST", f"/api/search?{options}", content=query.read_bytes()) == without
    assert asked(indexed, "GET", f"/api/search?id=3.png&{options}") == without
    for result in right[:2]:
        places = {"places": result.get("places", {})}
        address = f"/api/places?result={result['id']}"
        assert ask_service(indexed, "POST", address, content=query.read_bytes()).json() == places
        assert ask_service(indexed, "GET", f"{address}&id=3.png").json() == places
    for address in ("/api/places?id=3.png&result=none.png", "/api/places?id=none.png&result=3.png"):
        assert ask_service(indexed, "GET", address).status_code == 404


def test_of_what_is_not_there_and_of_too_many_it_is_said_that_places_are_not_told(
    indexed: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placesinanswers, "MOST_EXPLAINED", 4)
    query = tmp_path / "photos" / "3.png"
    right = told(indexed, query)
    (tmp_path / "photos" / right[1]["id"]).unlink()
    results = asked(indexed, "POST", "/api/search?limit=6&explain=true", content=query.read_bytes())
    if "places" not in right[0]:
        assert not any("places" in result or "unexplained" in result for result in results)
        return
    assert [bool(result["places"]) for result in results] == [True, False, True, True, False, False]
    assert results[0] == right[0]
    assert "not there" in results[1]["unexplained"]
    assert "first" in results[5]["unexplained"]
    assert asked(indexed, "GET", f"/api/search?id={right[1]['id']}&explain=true")[0]["gone"]


@pytest.mark.parametrize("made", [b"", b"[", b"{}", b"[]]", b'[{"places": 3}]', b"[" * 100_000, b'[{"places": null}]'])
def test_nonsense_of_a_process_that_was_taken_over_is_refused(made: bytes) -> None:
    vector = np.zeros(3, np.float32)
    work = ExplainPlaces(b"", None, vector, ["a", "b"], [vector, vector], 100)
    with pytest.raises(ValueError, match="."):
        work.check(made, None)  # type: ignore[arg-type]
