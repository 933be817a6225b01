"""A network of the user's own in both programs: named in each of them, known again, and never taken for another."""

import json
from pathlib import Path

import pytest

from tests.networks import write_model
from tests.pictures import write_pictures
from tests.programs import fail, run, succeed


@pytest.fixture
def model(tmp_path: Path) -> Path:
    write_pictures(tmp_path / "photos", [f"{number}.png" for number in range(5)])
    (tmp_path / "own.onnx").write_bytes(write_model({"out": (1, 12)}))
    (tmp_path / "own.json").write_text('{"size": 32, "shorter": 32}')
    return tmp_path / "own.onnx"


def test_it_indexes_and_searches_and_another_is_refused(model: Path) -> None:
    photos, index = model.parent / "photos", model.parent / "index.csv"
    made = json.loads("\n".join(succeed("index.py", "--dataset", photos, "--index", index, "--model", model, "--json")))
    assert made["indexed"] == 5
    assert made["runtime"].split()[0] in ("onnxruntime", "opencv")
    search = ("search.py", "--index", index, "--query", photos / "3.png")
    found = json.loads("\n".join(succeed(*search, "--model", model, "--json")))
    assert found["runtime"] == made["runtime"]
    assert found["answers"][0]["results"][0]["id"] == "3.png"
    assert "name its network with --model" in fail(*search)
    (model.parent / "own.json").write_text('{"size": 32}')
    assert "index.csv: 12 numbers by the descriptor onnx-" in fail(*search, "--model", model)
    assert "is of the descriptor onnx-" in fail("index.py", "--dataset", photos, "--index", index, "--model", model)


def test_what_is_no_network_is_told_in_one_line(model: Path) -> None:
    photos, index = model.parent / "photos", model.parent / "index.csv"
    (model.parent / "other.onnx").write_text("a text")
    command = ("index.py", "--dataset", photos, "--index", index, "--model")
    assert "other.onnx cannot be used: " in fail(*command, model.parent / "other.onnx")
    assert "no.onnx cannot be read: it is not there" in fail(*command, model.parent / "no.onnx")
    assert run(*command, model, "--descriptor", "color").returncode == 2
    assert not index.exists()
