"""The fused descriptor as a user meets it: an index, its answers with and without a cache, and why."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import cv2
import pytest

from tests.networks import needs_networks
from tests.programs import ROOT, succeed

pytestmark = needs_networks

KINDS = ("Classic_Mid-Rise_Skinny_Jeans", "Polka_Dot_Skater_Dress", "Tartan_Fringe_Scarf", "Satin_Bomber_Jacket")


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("best") / "photos"
    folder.mkdir()
    for name in sorted(os.listdir(ROOT / "data")):
        if name.startswith(KINDS):
            shutil.copy(ROOT / "data" / name, folder / name)
    succeed("index.py", "--dataset", folder, "--index", folder.parent / "index.csv", "--descriptor", "best", "--quiet")
    return folder


def search(index: Path, query: Path, *arguments: object) -> list[dict[str, Any]]:
    said = json.loads(
        "\n".join(succeed("search.py", "--index", index, "--query", query, "--json", *map(str, arguments)))
    )
    results: list[dict[str, Any]] = said["answers"][0]["results"]
    return results


def test_the_nearest_are_of_one_kind_the_picture_itself_first(photos: Path) -> None:
    for kind in KINDS:
        query = sorted(photos.glob(f"{kind}*"))[0]
        results = search(photos.parent / "index.csv", query, "--limit", 4, "--explain")
        assert (results[0]["id"], results[0]["distance"], results[0]["similarity"]) == (query.name, 0, 1)
        assert results[0]["because"] == ["same picture"]
        assert [one["id"].startswith(kind) for one in results] == [True] * 4
        assert all(one["because"] for one in results)
        distances = [one["distance"] for one in results]
        assert distances == sorted(distances)
        assert all(one["similarity"] == pytest.approx(1 - one["distance"]) for one in results)


def test_the_same_photo_at_another_size_is_found_and_called_so(photos: Path, tmp_path: Path) -> None:
    original = sorted(photos.glob("Polka*"))[2]
    picture = cv2.imread(str(original))
    assert picture is not None
    small = cv2.resize(picture, None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA)
    assert cv2.imwrite(str(tmp_path / "small.jpg"), small)
    results = search(photos.parent / "index.csv", tmp_path / "small.jpg", "--explain")
    assert results[0]["id"] == original.name
    assert max(0.95, results[1]["similarity"]) < results[0]["similarity"] < 1
    (line, *_) = succeed("search.py", "-i", photos.parent / "index.csv", "-q", tmp_path / "small.jpg", "--explain")
    assert line.split("\t")[4].startswith(("same photo", "the same thing, same layout of colours"))


def test_limits_beyond_the_index_give_all_of_it_and_smaller_ones_its_beginning(photos: Path) -> None:
    query, count = sorted(photos.glob("Satin*"))[0], len(os.listdir(photos))
    everything = search(photos.parent / "index.csv", query, "--limit", count + 5)
    assert sorted(one["id"] for one in everything) == sorted(os.listdir(photos))
    assert search(photos.parent / "index.csv", query, "--limit", 3) == everything[:3]


def test_an_index_answers_the_same_without_its_cache_and_with_rows_that_were_added(
    photos: Path, tmp_path: Path
) -> None:
    folder, index = tmp_path / "photos", tmp_path / "index.csv"
    shutil.copytree(photos, folder)
    late = sorted(folder.glob("Tartan*"))[-1]
    os.rename(late, tmp_path / late.name)
    succeed("index.py", "--dataset", folder, "--index", index, "--descriptor", "best", "--quiet")
    os.rename(tmp_path / late.name, late)
    succeed("index.py", "--index", index, "--add", late, "--quiet")
    assert os.path.exists(f"{index}.cache.added")
    wanted = [(one["id"], one["distance"]) for one in search(photos.parent / "index.csv", late, "--limit", 9)]
    assert [(one["id"], one["distance"]) for one in search(index, late, "--limit", 9)] == wanted
    for file in tmp_path.glob("index.csv.cache*"):
        os.remove(file)
    assert [(one["id"], one["distance"]) for one in search(index, late, "--limit", 9)] == wanted
