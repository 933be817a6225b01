"""search.py --explain with networks, as a user runs it: what is printed, what is drawn, and what is not explained."""

import json
import shutil
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from tests.networks import needs_networks
from tests.programs import ROOT, run, succeed

pytestmark = needs_networks

KINDS = ("Cropped_Trench_Coat", "Breton_Striped")


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("places") / "photos"
    folder.mkdir()
    for kind in KINDS:
        for picture in sorted((ROOT / "data").glob(f"{kind}*"))[:4]:
            shutil.copy(picture, folder)
    succeed("index.py", "--dataset", folder, "--index", folder.parent / "index.csv", "--descriptor", "deep")
    return folder


def search(photos: Path, *options: str | Path) -> list[str]:
    query = ROOT / "queries" / "Cropped_Trench_Coatimg_00000004.jpg"
    return succeed("search.py", "--index", photos.parent / "index.csv", "--query", query, "--explain", *options)


def results_of(photos: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads("\n".join(search(photos, "--json")))["answers"][0]["results"]
    return found


def test_text_says_what_each_network_carries_of_the_distance(photos: Path) -> None:
    for line in search(photos):
        rank, distance, _, path, parts = line.split("\t")
        assert "Cropped_Trench" in path
        carried = [part.split(" ") for part in parts.split(", ")]
        assert [name for name, *_ in carried] == ["lite0", "lite1", "lite2"]
        assert sum(float(part) for _, part, *_ in carried) == pytest.approx(float(distance), abs=2e-4)
    assert rank == "3"


def test_json_has_a_grid_for_each_network_that_sums_to_the_similarity(photos: Path) -> None:
    for result in results_of(photos):
        places = result["places"]
        assert list(places) == ["lite0", "lite1", "lite2"]
        for side in ("result", "query"):
            grids = [np.array(places[name][side]["shares"]) for name in places]
            assert [grid.shape for grid in grids] == [(7, 7), (8, 8), (9, 9)]
            assert sum(grid.sum() for grid in grids) == pytest.approx(result["similarity"], abs=1e-12)
            # All is a coat; the corners are the wall.
            assert grids[0][2:5, 2:5].mean() > 2 * grids[0][::6, ::6].mean()


def test_places_are_drawn_into_the_pictures(photos: Path, tmp_path: Path) -> None:
    search(photos, "--output", tmp_path / "explained.png")
    index, query = photos.parent / "index.csv", ROOT / "queries" / "Cropped_Trench_Coatimg_00000004.jpg"
    succeed("search.py", "--index", index, "--query", query, "--output", tmp_path / "plain.png")
    explained, plain = (cv2.imread(str(tmp_path / name)) for name in ("explained.png", "plain.png"))
    assert explained is not None and plain is not None
    assert explained.shape[0] > plain.shape[0], "a legend"
    assert explained[: plain.shape[0]].mean() < plain.mean(), "what carries nothing is dimmed"


def test_a_picture_that_took_the_place_of_another_is_not_explained(photos: Path, tmp_path: Path) -> None:
    shutil.copytree(photos, tmp_path / "photos")
    first, second, _ = (Path(result["path"]).name for result in results_of(photos))
    other = next(photos.glob("Breton*"))
    shutil.copy(other, tmp_path / "photos" / first)

    query = ROOT / "queries" / "Cropped_Trench_Coatimg_00000004.jpg"
    ended = run("search.py", "--index", photos.parent / "index.csv", "--query", query, "--explain", "--json",
                "--result-path", tmp_path / "photos")  # fmt: skip
    assert ended.returncode == 0
    results = json.loads(ended.stdout)["answers"][0]["results"]
    assert results[0]["places"] is None
    assert results[0]["unexplained"] == "the file has changed since it was indexed"
    assert Path(results[1]["path"]).name == second
    assert results[1]["places"] is not None
    (line,) = ended.stderr.decode().splitlines()
    assert first in line and "has changed" in line
