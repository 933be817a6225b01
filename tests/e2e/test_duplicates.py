"""duplicates.py as a process, on a folder of copies made from the sample catalogue."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import cv2
import pytest

from tests.programs import PYTHON, ROOT, fail, run, succeed

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
    ("options", "groups"),
    [
        (["--kind", "file"], [["a.jpg", "sub/same file.jpg"]]),
        (["--kind", "picture", "--keep", "smallest"], [["a.jpg", "sub/same file.jpg", "sub/same.png"]]),
        (["--exclude", "small.*", "--exclude", "turned.png", "--no-recursive"], []),
    ],
)
def test_only_what_is_asked_for_is_found(options: list[str], groups: list[list[str]], copies: Path) -> None:
    assert members(found("--dataset", copies, *options)) == groups


def test_beside_an_index_the_answer_is_the_same_and_the_folders_are_known(copies: Path, tmp_path: Path) -> None:
    index, plain = tmp_path / "index.csv", tmp_path / "plain.csv"
    succeed("index.py", "--dataset", copies, "--index", plain)
    (first, second) = (found("--dataset", copies, "--index", index), found("--index", index))
    assert first["groups"] == second["groups"] == found("--dataset", copies)["groups"]
    assert index.read_bytes() == plain.read_bytes()


def test_a_contact_sheet_is_written_and_files_of_others_stay(copies: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "groups.png"
    for _ in range(2):
        succeed("duplicates.py", "--dataset", copies, "--output", sheet, "--explain")
    picture = cv2.imread(str(sheet))
    assert picture is not None
    assert picture.shape[1] > 800
    said = fail("duplicates.py", "--dataset", copies, "--output", copies / "a.jpg")
    assert "is the index or one of the pictures" in said


def test_a_folder_is_told_apart_into_what_is_known_and_what_is_new(copies: Path, tmp_path: Path) -> None:
    new = tmp_path / "import"
    new.mkdir()
    shutil.copy(copies / "small.jpg", new / "copy.jpg")
    shutil.copy(copies / "turned.png", new / "turned.png")
    shutil.copy(ROOT / "queries" / COAT, new / "coat.jpg")
    (new / "broken.jpg").write_bytes((copies / "a.jpg").read_bytes()[:900])
    ended = run("duplicates.py", "--dataset", copies / "sub", "--against", new, "--fail-if-found")
    lines = [line.split("\t") for line in ended.stdout.decode().splitlines()]
    assert [(line[0], line[1], *map(os.path.basename, line[5:])) for line in lines] == [
        ("new", "-", "coat.jpg"),
        ("known", "near", "copy.jpg", "same file.jpg"),
        ("new", "-", "turned.png"),
    ]
    said = ended.stderr.decode().splitlines()
    assert said[0].startswith("skipping broken.jpg: ")
    assert said[-1].startswith(f"1 of 3 pictures of {new} is known: 1 near, found in ")
    assert ended.returncode == 1
    values = found("--dataset", copies, "--against", new, "--any-orientation", "--kind", "picture")
    assert [(one["id"], one["copy_of"]["id"]) for one in values["known"]] == [
        ("copy.jpg", "small.jpg"), ("turned.png", "turned.png"),
    ]  # fmt: skip
    assert [one["id"] for one in values["new"]] == ["coat.jpg"]
    assert [one["id"] for one in values["skips"]] == ["broken.jpg"]


def test_no_file_of_a_folder_is_known_by_itself(own: Path) -> None:
    """Whoever deletes what is known must not lose it."""
    (own / "link.jpg").symlink_to(own / "sub" / "same file.jpg")
    values = found("--dataset", own, "--against", own / "sub", "--kind", "file")
    assert [(one["id"], one["copy_of"]["id"]) for one in values["known"]] == [("same file.jpg", "a.jpg")]
    os.remove(own / "a.jpg")
    assert found("--dataset", own / "sub", "--against", own / "sub")["known"] == []


@pytest.mark.parametrize(
    ("one", "other", "options", "code", "answer"),
    [
        ("a.jpg", "sub/same file.jpg", [], 0, "same file"),
        ("a.jpg", "sub/same.png", ["--kind", "picture"], 0, "same picture"),
        ("a.jpg", "small.jpg", ["--kind", "picture"], 1, "different, similarity 0.9"),
        ("jeans.jpg", "turned.png", ["--any-orientation", "--explain"], 0, "near, similarity 0.999, turned right"),
    ],
)
def test_two_files_are_compared(one: str, other: str, options: list[str], code: int, answer: str, copies: Path) -> None:
    ended = run("duplicates.py", "--compare", copies / one, copies / other, *options)
    assert (ended.returncode, ended.stderr) == (code, b"")
    assert ended.stdout.decode().startswith(answer)


def test_what_cannot_be_compared_is_trouble_and_not_different(copies: Path, tmp_path: Path) -> None:
    for other in ("no.jpg", "notes.txt"):
        (tmp_path / "notes.txt").write_text("notes")
        said = fail("duplicates.py", "--compare", copies / "a.jpg", tmp_path / other, code=2)
        assert f"{tmp_path / other}: " in said
    with open("/dev/full", "wb") as full:
        command = [*PYTHON, str(ROOT / "duplicates.py"), "--compare", str(copies / "a.jpg"), str(copies / "small.jpg")]
        assert subprocess.run(command, stdout=full, stderr=subprocess.DEVNULL, check=False).returncode == 2


def test_what_is_said_to_be_different_is_no_duplicate_any_more(own: Path, tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.txt"
    ended = run("duplicates.py", "--ignore", pairs, "--different", own / "small.jpg", own / "a.jpg")
    assert (ended.returncode, ended.stderr.decode()) == (0, f"1 pair remembered in {pairs}\n")
    os.rename(own / "small.jpg", own / "moved.jpg")
    for kind in ("near", "picture"):
        rest = [["sub/same.png", "a.jpg", "sub/same file.jpg"]]
        assert members(found("--dataset", own, "--ignore", pairs, "--kind", kind)) == rest
    assert "is no file of --ignore" in fail("duplicates.py", "--dataset", own, "--ignore", own / "a.jpg")


def test_decisions_remember_what_is_different(copies: Path, tmp_path: Path) -> None:
    pairs, decisions = tmp_path / "pairs.txt", tmp_path / "decisions.json"
    decisions.write_text('{"groups": [{"keep": "a.jpg", "spares": ["sub/same.png"], "different": ["small.jpg"]}]}')
    said = fail("duplicates.py", "--dataset", copies, "--apply", decisions)
    assert "name the file that is to remember it, --ignore FILE" in said
    # Without a way of getting rid of them, what was decided is told.
    lines = succeed("duplicates.py", "--dataset", copies, "--apply", decisions, "--ignore", pairs)
    assert [line.split("\t")[:2] for line in lines[1:]] == [["keep", "-"], ["spare", "picture"]]
    assert len(pairs.read_text().splitlines()) == 3
