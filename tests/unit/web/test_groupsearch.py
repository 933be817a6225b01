"""The groups of an index are found in a process of its own, as duplicates.py finds them."""

import json
import shutil
from pathlib import Path

import cv2
import pytest

from src.decisions import Content, remember_pairs
from src.duplicatefinder import find_groups
from src.duplicatetext import as_json
from src.errors import ExpectedError
from src.fingerprinter import take_fingerprints
from src.indexer import index_folder
from src.web.groupsearch import GroupSearch, groups_of_index
from tests.describing import describe_here
from tests.pictures import write_pictures
from tests.scenes import draw_scene


@pytest.fixture
def index(tmp_path: Path) -> str:
    write_pictures(tmp_path / "photos", ["a.png", "b.png"])
    shutil.copyfile(tmp_path / "photos" / "a.png", tmp_path / "photos" / "copy \udcff.png")
    path = str(tmp_path / "index.csv")
    index_folder([str(tmp_path / "photos")], path, describe=describe_here)
    return path


def test_they_are_those_of_all_fingerprints_whatever_names_there_are(index: str) -> None:
    taken = take_fingerprints([], index, describe=describe_here)
    found = json.loads(GroupSearch(index).wait())
    assert found["groups"] == as_json(find_groups(taken))
    assert [copy["id"] for copy in found["groups"][0]["spares"]] == ["copy \udcff.png"]
    assert (found["pictures"], found["without"]) == (3, 0)


def test_an_index_without_fingerprints_has_no_groups(index: str) -> None:
    assert groups_of_index(index) == {"groups": [], "pictures": 0, "without": 0}


def test_pairs_that_are_remembered_are_no_groups(index: str, tmp_path: Path) -> None:
    copy = draw_scene(1)
    for name, size in (("big", 320), ("small", 160)):
        cv2.imwrite(str(tmp_path / "photos" / f"{name}.png"), cv2.resize(copy, (size, size)))
    index_folder([str(tmp_path / "photos")], index, describe=describe_here)
    taken = take_fingerprints([], index, describe=describe_here)
    big, small = (
        Content(picture.digest, picture.id)
        for picture in map(taken.picture, range(len(taken.ids)))
        if picture.id in ("big.png", "small.png")
    )
    pairs = str(tmp_path / "different.txt")
    assert [group["keep"]["id"] for group in groups_of_index(index, ignore=pairs)["groups"]] == ["a.png", "big.png"]
    remember_pairs(pairs, [(big, small)])
    assert [group["keep"]["id"] for group in groups_of_index(index, ignore=pairs)["groups"]] == ["a.png"]


def test_what_is_ended_tells_so(index: str) -> None:
    search = GroupSearch(index)
    search.end()
    with pytest.raises(ExpectedError, match="ended"):
        search.wait()


def test_an_index_that_is_gone_tells_so(tmp_path: Path) -> None:
    with pytest.raises(ExpectedError, match="ended with 1"):
        GroupSearch(str(tmp_path / "index.csv")).wait()
