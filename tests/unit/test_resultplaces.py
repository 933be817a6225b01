import json
import os
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from src.answer import Answer, Wanted, answer_all
from src.answertext import as_json, remarks
from src.indexer import index_folder
from src.resultplaces import CHANGED
from src.searcher import Searcher
from tests.descriptors import Mapped
from tests.pictures import draw_picture, write_picture, write_pictures

NAMES = ["a.png", "b.png", "c.png", "sub/d.png"]


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    write_pictures(folder, NAMES)
    index_folder(str(folder), str(tmp_path / "index.csv"), descriptor=Mapped())
    return folder


def answer(photos: Path, wanted: Wanted, folder: Path | None = None, query: str = "a.png") -> Answer:
    searcher = Searcher(str(photos.parent / "index.csv"), descriptor=Mapped())
    (found,) = answer_all([str(photos / query)], searcher, str(folder or photos), wanted)
    return found


EXPLAINED = Wanted(limit=4, explain=True, places=4)


def test_the_places_of_every_result_sum_to_its_similarity(photos: Path) -> None:
    found = answer(photos, EXPLAINED)

    assert len(found.results) == 4
    vectors = {name: Mapped().describe(draw_picture(seed)).astype(np.float64) for seed, name in enumerate(NAMES)}
    for result in found.results:
        pairs = zip(np.split(vectors["a.png"], 2), np.split(vectors[result.image_id], 2), strict=True)
        similarity = np.mean([a @ b / np.linalg.norm(a) / np.linalg.norm(b) for a, b in pairs])
        assert result.places is not None
        for side in (result.places.query, result.places.result):
            assert [(one.network, one.values.shape) for one in side] == [("coarse", (2, 3)), ("fine", (4, 4))]
            assert sum(one.values.sum() for one in side) == pytest.approx(similarity, abs=1e-12)


def test_only_as_many_results_are_read_again_as_are_wanted(photos: Path) -> None:
    found = answer(photos, EXPLAINED._replace(places=1))
    assert [result.places is not None for result in found.results] == [True, False, False, False]
    assert all(result.places is None for result in answer(photos, EXPLAINED._replace(places=0)).results)


def test_a_picture_that_took_the_place_of_another_is_not_explained(photos: Path) -> None:
    write_picture(photos / "b.png", seed=99)
    os.remove(photos / "c.png")
    (photos / "sub" / "d.png").write_bytes(b"no picture")
    results = {result.image_id: result for result in answer(photos, EXPLAINED).results}

    assert results["a.png"].places is not None
    assert results["a.png"].unexplained == ""
    for name in NAMES[1:]:
        assert results[name].places is None
        assert results[name].unexplained
    assert results["b.png"].unexplained == CHANGED


def test_the_same_picture_in_another_format_is_still_explained(photos: Path) -> None:
    """What counts is that it gives the vector of the index."""
    picture = cv2.imread(str(photos / "b.png"))
    assert picture is not None
    cv2.imwrite(str(photos / "b.bmp"), picture)
    shutil.move(photos / "b.bmp", photos / "b.png")
    assert all(result.places is not None for result in answer(photos, EXPLAINED).results)


def test_what_an_index_names_outside_of_its_folder_is_not_read(photos: Path) -> None:
    csv = photos.parent / "index.csv"
    csv.write_text(csv.read_text().replace("b.png", "../b.png").replace("c.png", str(photos / "c.png")))
    shutil.copy(photos / "b.png", photos.parent / "b.png")
    os.remove(f"{csv}.cache")
    results = {result.image_id: result for result in answer(photos, EXPLAINED).results}
    assert {name for name, one in results.items() if one.places is not None} == {"a.png", "sub/d.png"}


def test_json_has_the_grids_of_both_pictures_or_says_why_not(photos: Path) -> None:
    os.remove(photos / "b.png")
    found = answer(photos, EXPLAINED)
    (values,) = json.loads(json.dumps(as_json([found])))
    results = {result["id"]: result for result in values["results"]}

    places = results["a.png"]["places"]
    assert list(places) == ["coarse", "fine"]
    for network, (rows, columns) in Mapped.grids.items():
        assert set(places[network]) == {"result", "query"}
        for side in places[network].values():
            assert side["window"] == list(Mapped.window)
            assert [len(row) for row in side["shares"]] == [columns] * rows
    summed = sum(np.sum(places[network]["result"]["shares"]) for network in places)
    assert summed == pytest.approx(1.0, abs=1e-12)
    assert results["b.png"]["places"] is None
    assert results["b.png"]["unexplained"]
    assert "unexplained" not in results["a.png"]
    (plain,) = as_json([answer(photos, Wanted(limit=4))])
    assert all("places" not in result for result in plain["results"])


def test_a_remark_says_which_file_is_not_explained_and_why(photos: Path) -> None:
    write_picture(photos / "b.png", seed=99)
    lines = remarks([answer(photos, EXPLAINED)], "index.csv", EXPLAINED)
    assert lines == [f"{photos}/b.png: where it is similar is not told: {CHANGED}"]


def test_a_network_without_a_map_has_no_places(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vector = Mapped().describe(draw_picture(0))
    monkeypatch.setattr(Mapped, "describe", lambda self, image: vector)
    monkeypatch.setattr(Mapped, "feature_maps", lambda self, image: [])
    found = answer(photos, EXPLAINED)
    assert [(result.places, result.unexplained) for result in found.results] == [(None, "")] * 4


def test_the_query_itself_is_left_out_before_places_are_told(photos: Path) -> None:
    found = answer(photos, EXPLAINED._replace(limit=2, places=2, others=True))
    assert "a.png" not in [result.image_id for result in found.results]
    assert [result.rank for result in found.results] == [1, 2]
    assert all(result.places is not None for result in found.results)
