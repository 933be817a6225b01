"""duplicates.py as a process, on a folder of copies made from the sample catalogue."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import cv2
import pytest

from tests.programs import ROOT, run, succeed

COAT = "Cropped_Trench_Coatimg_00000004.jpg"


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def make_copies(folder: Path) -> Path:
    """A blouse with a copy of each kind, jeans turned, and two pictures without any copy."""
    blouse, jeans, *others = sorted((ROOT / "data").glob("*img_0000002[0-9].jpg"))[::4][:4]
    (folder / "sub").mkdir(parents=True)
    shutil.copy(blouse, folder / "a.jpg")
    shutil.copy(blouse, folder / "sub" / "same file.jpg")
    picture = cv2.imread(str(blouse))
    assert picture is not None
    cv2.imwrite(str(folder / "sub" / "same.png"), picture)
    cv2.imwrite(str(folder / "small.jpg"), cv2.resize(picture, (200, 200), interpolation=cv2.INTER_AREA))
    shutil.copy(jeans, folder / "jeans.jpg")
    picture = cv2.imread(str(jeans))
    assert picture is not None
    cv2.imwrite(str(folder / "turned.png"), cv2.rotate(picture, cv2.ROTATE_90_CLOCKWISE))
    for other in others:
        shutil.copy(other, folder / f"{other.stem}.jpg")
    return folder


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For tests that touch nothing."""
    return make_copies(tmp_path_factory.mktemp("duplicates") / "photos")


@pytest.fixture
def own(copies: Path, tmp_path: Path) -> Path:
    """For tests that do."""
    shutil.copytree(copies, tmp_path / "photos")
    return tmp_path / "photos"


def found(*arguments: str | os.PathLike[str]) -> dict[str, Any]:
    values: dict[str, Any] = json.loads("\n".join(succeed("duplicates.py", "--json", "-q", *arguments)))
    return values


def members(values: dict[str, Any]) -> list[list[str]]:
    return [[group["keep"]["id"], *(spare["id"] for spare in group["spares"])] for group in values["groups"]]


def test_groups_are_lines_with_the_picture_to_keep_first_and_nothing_is_touched(copies: Path) -> None:
    before = tree(copies.parent)
    ended = run("duplicates.py", "--dataset", copies, "--fail-if-found")
    assert ended.returncode == 1
    head, *lines = [line.split("\t") for line in ended.stdout.decode().splitlines()]
    assert head[0].startswith("near: 3 spares take ")
    assert [(line[0], line[1], line[3], line[5]) for line in lines] == [
        ("keep", "-", "300x300", str(copies / "sub" / "same.png")),
        ("spare", "picture", "300x300", str(copies / "a.jpg")),
        ("spare", "picture", "300x300", str(copies / "sub" / "same file.jpg")),
        ("spare", "near", "200x200", str(copies / "small.jpg")),
    ]
    assert ended.stderr.decode().startswith("1 group of duplicates among 8 pictures: 3 spares take ")
    assert tree(copies.parent) == before


def test_json_tells_all_of_it_and_orientations_are_looked_for_if_asked(copies: Path) -> None:
    values = found("--dataset", copies, "--any-orientation", "--explain")
    assert list(values) == [
        "groups", "pictures", "spares", "spare_bytes", "threshold", "any_orientation", "skips", "warnings", "seconds",
    ]  # fmt: skip
    by_keep = {group["keep"]["id"]: group for group in values["groups"]}
    assert set(by_keep) == {"sub/same.png", "turned.png"}
    (jeans,) = by_keep["turned.png"]["spares"]
    assert (jeans["id"], jeans["kind"], jeans["orientation"]) == ("jeans.jpg", "near", 8)
    assert jeans["bytes"] == (copies / "jeans.jpg").stat().st_size
    assert "the first turned left" in jeans["explanation"][1]
    assert values["spares"] == 4
    assert values["spare_bytes"] == sum(group["spare_bytes"] for group in values["groups"])


@pytest.mark.parametrize(
    ("kind", "groups"),
    [("file", [["a.jpg", "sub/same file.jpg"]]), ("picture", [["sub/same.png", "a.jpg", "sub/same file.jpg"]])],
)
def test_only_strict_kinds_are_found_if_asked(kind: str, groups: list[list[str]], copies: Path) -> None:
    assert members(found("--dataset", copies, "--kind", kind)) == groups
