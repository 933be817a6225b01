"""The descriptors by networks, as a user meets them: an index, a search, and networks that are not as they must be."""

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.networks import needs_networks
from tests.pictures import write_pictures
from tests.programs import ROOT, fail, succeed

pytestmark = needs_networks

JEANS = ROOT / "queries" / "Classic_Mid-Rise_Skinny_Jeansimg_00000050.jpg"


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    write_pictures(tmp_path / "photos", [f"{number}.jpg" for number in range(6)])
    return tmp_path / "photos"


@pytest.fixture
def other_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the programs look for networks in an empty folder."""
    (tmp_path / "networks").mkdir()
    monkeypatch.setenv("IMAGE_SIMILARITY_NETWORKS", str(tmp_path / "networks"))
    return tmp_path / "networks"


def test_the_catalogue_is_searched_by_what_is_in_its_pictures(tmp_path: Path) -> None:
    index = tmp_path / "index.csv"
    succeed("index.py", "--dataset", ROOT / "data", "--index", index, "--descriptor", "deep-small", "--quiet")
    lines = succeed("search.py", "--index", index, "--query", JEANS, "--explain")
    found = [line.split("\t") for line in lines]
    assert all("Jeans" in columns[3] or "Chinos" in columns[3] for columns in found)
    assert [columns[4].split()[0] for columns in found] == ["lite0"] * 3


def test_an_index_is_found_in_with_and_without_its_cache_and_brought_up_to_date(photos: Path) -> None:
    index, arguments = photos.parent / "index.csv", ("--index", photos.parent / "index.csv")
    succeed("index.py", "--dataset", photos, *arguments, "--descriptor", "deep")
    row = index.read_text().splitlines()[0].split(",")
    assert len(row) == 1 + 3840
    assert all(number.isdecimal() and int(number) <= 255 for number in row[1:])
    before = index.read_bytes()
    shutil.copy(photos / "1.jpg", photos / "6.jpg")
    report = json.loads("\n".join(succeed("index.py", "--dataset", photos, *arguments, "--json")))
    assert (report["indexed"], report["new"]) == (7, 1)
    assert index.read_bytes()[: len(before)] == before
    answers = []
    for _ in range(2):
        said = json.loads("\n".join(succeed("search.py", *arguments, "--query", photos / "1.jpg", "--json")))
        results = said["answers"][0]["results"]
        answers.append([(one["id"], one["distance"], one["similarity"]) for one in results])
        os.remove(f"{index}.cache")
    assert answers[0] == answers[1]
    assert answers[0][:2] == [("1.jpg", 0, 1), ("6.jpg", 0, 1)]


@pytest.mark.parametrize("name", ["deep", "deep-small"])
def test_networks_that_are_missing_or_damaged_are_told_before_anything_is_done(
    photos: Path, other_place: Path, name: str
) -> None:
    index = photos.parent / "index.csv"
    command = ("index.py", "--dataset", photos, "--index", index, "--descriptor", name)
    network = other_place / "lite0.onnx"
    assert fail(*command) == f"index.py: the network {network} is not there: make deep sets it up\n"
    network.write_bytes(b"\0" * 1000)
    damaged = f"the network {network} is damaged, or of another version: make deep makes it anew\n"
    assert fail(*command) == f"index.py: {damaged}"
    assert os.listdir(photos.parent / "networks") == ["lite0.onnx"]
    assert not list(photos.parent.glob("index*"))


@pytest.mark.parametrize("has_cache", [True, False])
def test_an_index_whose_networks_are_gone_says_so_when_it_is_searched(
    photos: Path, monkeypatch: pytest.MonkeyPatch, has_cache: bool
) -> None:
    index = photos.parent / "index.csv"
    succeed("index.py", "--dataset", photos, "--index", index, "--descriptor", "deep-small")
    before = index.read_bytes()
    if not has_cache:
        os.remove(f"{index}.cache")
    monkeypatch.setenv("IMAGE_SIMILARITY_NETWORKS", str(photos.parent / "gone"))
    told = f"the network {photos.parent / 'gone' / 'lite0.onnx'} is not there: make deep sets it up\n"
    assert fail("search.py", "--index", index, "--query", JEANS) == f"search.py: {told}"
    if has_cache:
        assert fail("index.py", "--dataset", photos, "--index", index) == f"index.py: {told}"
        assert index.read_bytes() == before
