"""A user's own network describes pictures, is known again by its digest, and is refused in one line if it cannot."""

import json
import os
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from src.answer import Wanted, answer_all
from src.errors import ExpectedError, IndexFileError
from src.indexer import index_folder
from src.modeldescriptor import ModelDescriptor
from src.searcher import Searcher
from tests.networks import write_model
from tests.pictures import draw_picture, write_pictures

SMALL = {"size": 32, "shorter": 32, "mean": 0, "scale": 1, "channels": "BGR"}


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "own.onnx"
    path.write_bytes(write_model({"out": (1, 12)}))
    (tmp_path / "own.json").write_text(json.dumps(SMALL))
    return path


def test_a_folder_is_indexed_and_searched_by_it(model: Path, tmp_path: Path) -> None:
    write_pictures(tmp_path / "photos", [f"{number}.png" for number in range(5)])
    index, descriptor = str(tmp_path / "index.csv"), ModelDescriptor(str(model))
    assert index_folder(str(tmp_path / "photos"), index, descriptor).indexed == 5
    searcher = Searcher(index, descriptor)
    found = searcher.search(searcher.describe(str(tmp_path / "photos" / "3.png")))
    assert found[0] == (0, "3.png")
    other = ModelDescriptor(str(model), {"mean": 5})
    assert re.fullmatch("onnx-[0-9a-f]{16}", other.name)
    with pytest.raises(IndexFileError, match=f"{descriptor.name}.*{other.name}"):
        Searcher(index, other)
    with pytest.raises(IndexFileError, match="which is not known here"):
        _ = Searcher(index).descriptor


def test_results_are_explained_by_the_places_of_a_map(model: Path, tmp_path: Path) -> None:
    model.write_bytes(write_model({"out": (1, 3, 2, 2)}))
    photos, index, descriptor = tmp_path / "photos", str(tmp_path / "index.csv"), ModelDescriptor(str(model))
    write_pictures(photos, [f"{number}.png" for number in range(4)])
    index_folder(str(photos), index, descriptor)
    wanted = Wanted(limit=4, explain=True, places=4)
    (answer,) = answer_all([str(photos / "1.png")], Searcher(index, descriptor), str(photos), wanted)
    assert len(answer.results) == 4
    for result in answer.results:
        assert result.places is not None, result.unexplained
        for side in (result.places.query, result.places.result):
            assert [(one.network, one.values.shape) for one in side] == [("own.onnx", (2, 2))]
            assert side[0].values.sum() == pytest.approx(1 - result.distance, abs=1e-12)


def test_a_network_that_gives_a_vector_explains_no_places(model: Path) -> None:
    assert ModelDescriptor(str(model)).feature_maps(draw_picture(1)) == []


def test_settings_come_from_the_file_beside_it_unless_they_are_given(model: Path) -> None:
    read, given = ModelDescriptor(str(model)), ModelDescriptor(str(model), {"mean": [1, 2, 3]})
    difference = read.describe(draw_picture(1)) - given.describe(draw_picture(1))
    assert difference.reshape(3, 4) == pytest.approx(np.repeat([[1], [2], [3]], 4, axis=1), abs=1e-4)
    os.remove(model.with_suffix(".json"))
    assert ModelDescriptor(str(model), SMALL).name == read.name


def test_the_other_process_makes_the_same_one_or_none(model: Path) -> None:
    made = ModelDescriptor(str(model))
    again = ModelDescriptor(**made.options)
    assert (again.name, again.dimension) == (made.name, 12)
    model.write_bytes(write_model({"other": (1, 12)}))
    with pytest.raises(ExpectedError, match="was changed meanwhile"):
        ModelDescriptor(**made.options)


@pytest.mark.parametrize("runtime", ["onnxruntime", "opencv"])
@pytest.mark.parametrize(
    ("outputs", "said"),
    [
        ({"out": (1, "nan", 12)}, "it gives numbers that are not finite"),
        ({"out": (2, 6)}, r"its output is of shape \(2, 6\)"),
        ({"out": (1, 12), "more": (1, 12)}, "it has several outputs: out, more"),
    ],
)
def test_a_network_that_gives_no_vector_is_refused(model: Path, outputs: Any, said: str, runtime: str) -> None:
    model.write_bytes(write_model(outputs))
    with pytest.raises(ExpectedError, match=f"own.onnx cannot be used: {said}") as refused:
        ModelDescriptor(str(model), runtime=runtime)
    assert len(str(refused.value).splitlines()) == 1


def test_a_file_that_is_no_network_or_is_not_there_is_refused(model: Path) -> None:
    model.write_bytes(b"a text")
    with pytest.raises(ExpectedError, match=r"own\.onnx cannot be used: "):
        ModelDescriptor(str(model))
    os.remove(model)
    with pytest.raises(ExpectedError, match=r"own\.onnx cannot be read: it is not there"):
        ModelDescriptor(str(model))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is no JSON"),
        ("[]", "must hold an object"),
        ('{"sise": 3}', "there is no setting 'sise', only size, "),
        ('{"size": 0}', "size must be a whole number"),
        ('{"size": 64, "shorter": 32}', "shorter must be at least size"),
        ('{"mean": [1, 2]}', "mean must be a number, or three"),
        ('{"scale": NaN}', "scale must be a number"),
        ('{"channels": "GRB"}', "channels must be 'RGB' or 'BGR'"),
        ('{"output": 1}', "output must be the name"),
    ],
)
def test_settings_that_make_no_sense_are_named(model: Path, text: str, said: str) -> None:
    model.with_suffix(".json").write_text(text)
    with pytest.raises(ExpectedError, match=rf"own\.json:? .*{said}|own\.json {said}"):
        ModelDescriptor(str(model))
