"""search.py --output as a process: which files it writes, and which it never replaces."""

import os
import shutil
from pathlib import Path

import cv2
import pytest

from tests.pictures import draw_picture, write_pictures
from tests.programs import fail, run, succeed


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    write_pictures(folder, ["a.png", "b.png", "c.png"])
    succeed("index.py", "--dataset", folder, "--index", tmp_path / "index.csv")
    return folder


def search(photos: Path, *arguments: str | Path) -> list[str | Path]:
    return ["-i", photos.parent / "index.csv", "-q", photos / "a.png", *arguments]


def write_photo(path: Path, seed: int = 9) -> bytes:
    encoded = cv2.imencode(path.suffix, draw_picture(seed))[1].tobytes()
    path.write_bytes(encoded)
    return encoded


def refused(photos: Path, *arguments: str | Path) -> str:
    """Search in vain: it must be said in one line, and before anything is found."""
    return fail("search.py", *search(photos, *arguments))


@pytest.mark.parametrize("ending", [".jpg", ".png", ".webp", ".bmp", ".tif"])
def test_a_photo_that_is_not_indexed_is_not_overwritten(photos: Path, tmp_path: Path, ending: str) -> None:
    photo = photos / f"new{ending}"
    written = write_photo(photo)
    for name, link in ((f"soft{ending}", Path.symlink_to), (f"hard{ending}", Path.hardlink_to)):
        link(tmp_path / name, photo)
    for output in (photo, tmp_path / f"soft{ending}", tmp_path / f"hard{ending}"):
        assert "is no result picture: choose another name for --output, or --force" in refused(photos, "-o", output)
        assert output.read_bytes() == written
    assert not [name for name in os.listdir(photos) if name.endswith(".new")]


def test_where_the_folder_is_unknown_no_photo_is_overwritten(photos: Path, tmp_path: Path) -> None:
    (tmp_path / "index.csv.cache").unlink()
    indexed, new = photos / "b.png", photos / "new.png"
    before = [indexed.read_bytes(), write_photo(new)]
    assert "is the index or one of the pictures" in refused(photos, "-o", indexed)
    assert "is no result picture" in refused(photos, "-o", new)
    assert [indexed.read_bytes(), new.read_bytes()] == before


def test_the_numbered_names_of_several_queries_are_looked_at_too(photos: Path, tmp_path: Path) -> None:
    written = write_photo(tmp_path / "out-2.jpg")
    assert "out-2.jpg is there" in refused(photos, "-q", photos / "b.png", "-o", tmp_path / "out.jpg")
    assert (tmp_path / "out-2.jpg").read_bytes() == written
    assert not (tmp_path / "out-1.jpg").exists()


@pytest.mark.parametrize("ending", [".jpg", ".png", ".webp", ".bmp", ".tif"])
def test_a_result_picture_is_replaced_and_others_by_force(photos: Path, tmp_path: Path, ending: str) -> None:
    output = tmp_path / f"out{ending}"
    succeed("search.py", *search(photos, "-o", output))
    first = output.read_bytes()
    succeed("search.py", *search(photos, "-n", "1", "-o", output))
    assert output.read_bytes() != first
    written = write_photo(output)
    assert "--force" in refused(photos, "-o", output)
    assert output.read_bytes() == written
    succeed("search.py", *search(photos, "-o", output, "--force"))
    assert output.read_bytes() == first


def test_force_overwrites_no_index_query_or_indexed_image(photos: Path, tmp_path: Path) -> None:
    shutil.copy(photos / "a.png", tmp_path / "query.png")
    before = {path: path.read_bytes() for path in [*photos.iterdir(), *tmp_path.glob("*.*")]}
    for output in before:
        said = fail("search.py", "-i", tmp_path / "index.csv", "-q", tmp_path / "query.png", "-o", output, "--force")
        assert "choose another name for --output" in said
    assert before == {path: path.read_bytes() for path in before}


def test_an_image_in_a_folder_that_is_a_link_out_of_the_dataset_is_one_of_it(photos: Path, tmp_path: Path) -> None:
    write_pictures(tmp_path / "elsewhere", ["d.png"])
    (photos / "link").symlink_to(tmp_path / "elsewhere")
    succeed("index.py", "--dataset", photos, "--index", tmp_path / "index.csv")
    before = (tmp_path / "elsewhere" / "d.png").read_bytes()
    assert "is the index or one of the pictures" in refused(photos, "-o", photos / "link" / "d.png", "--force")
    assert (tmp_path / "elsewhere" / "d.png").read_bytes() == before


@pytest.mark.parametrize("name", ["x.csv", "x", "none/x.jpg", "x.jpg.txt", "", "."])
def test_what_no_picture_can_be_written_to_is_said_before_the_search(photos: Path, tmp_path: Path, name: str) -> None:
    assert "choose another name for --output" in refused(photos, "-o", tmp_path / name if name else "")
    # Before the index is read, even.
    assert "choose another name for --output" in fail(
        "search.py", "-i", "none.csv", "-q", "none.png", "-o", tmp_path / "x.csv"
    )
    assert sorted(os.listdir(tmp_path)) == ["index.csv", "index.csv.cache", "photos"]


def test_a_query_that_cannot_be_read_writes_nothing(photos: Path, tmp_path: Path) -> None:
    ended = run("search.py", *search(photos, "-q", "none.png", photos / "b.png", "-o", tmp_path / "out.png"))
    assert ended.returncode == 1
    assert sorted(path.name for path in tmp_path.glob("out*")) == ["out-1.png", "out-3.png"]


def test_what_a_picture_does_not_show_is_said(tmp_path: Path) -> None:
    write_pictures(tmp_path / "photos", ["a.png", *(f"{number:02}.png" for number in range(1, 53))])
    succeed("index.py", "--dataset", tmp_path / "photos", "--index", tmp_path / "index.csv")
    arguments = search(tmp_path / "photos", "-q", tmp_path / "photos" / "01.png", "-o", tmp_path / "out.png")
    for limit, quiet, remarks in (("53", [], 2), ("53", ["--quiet"], 0), ("50", [], 0)):
        done = run("search.py", *arguments, "-n", limit, *quiet)
        assert done.returncode == 0
        assert done.stdout.count(b"\n") == 2 * int(limit)
        told = [f"search.py: {tmp_path}/out-{number}.png shows only the first 50 of 53 results" for number in (1, 2)]
        assert done.stderr.decode().splitlines() == told[:remarks]
