"""Indexes of several folders, of parts of them, and folders that are not those of an index."""

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.indexes import read_table
from tests.pictures import write_picture, write_pictures
from tests.programs import fail, run, succeed


@pytest.fixture
def place(tmp_path: Path) -> Path:
    write_pictures(tmp_path / "a", ["1.png", "2.png", "sub/3.png"])
    write_pictures(tmp_path / "b", ["1.png", "sub/4.png"])
    write_picture(tmp_path / "b/1.png", 50)
    write_picture(tmp_path / "b/sub/4.png", 51)
    return tmp_path


def index(place: Path, *arguments: str | Path) -> str:
    """Bring the index up to date; return the counts of the closing line."""
    ended = run("index.py", "-i", place / "index.csv", *arguments)
    said = ended.stderr.decode()
    assert ended.returncode == 0, said
    return said.splitlines()[-1].split(" (")[1].split(")")[0]


def refused(place: Path, *arguments: str | Path) -> str:
    before = [(path, path.read_bytes()) for path in sorted(place.glob("index.csv*"))]
    line = fail("index.py", "-i", place / "index.csv", *arguments)
    assert [(path, path.read_bytes()) for path in sorted(place.glob("index.csv*"))] == before
    return line


def ids(place: Path) -> list[str]:
    return read_table(str(place / "index.csv"), 1440).ids


A = ["1.png", "2.png", "sub/3.png"]
B = ["b//1.png", "b//sub/4.png"]


def test_another_folder_does_not_replace_an_index(place: Path) -> None:
    index(place, "-d", place / "a")
    line = refused(place, "-d", place / "b")
    assert f"is the index of {place}/a, not of {place}/b: to have both, name each with a --dataset of its own" in line
    assert f"refresh that part of it with --only {place}/a/sub" in refused(place, "-d", place / "a/sub")
    assert "replace it with --rebuild" in refused(place, "-d", place)
    assert "is the index of" in refused(place, "-d", place / "b", "--prune")
    assert index(place, "-d", place / "b", "--rebuild").startswith("2 new")
    assert ids(place) == ["1.png", "sub/4.png"]


def test_the_same_folder_by_another_path_is_the_same(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index(place, "-d", place / "a")
    (place / "link").symlink_to("a")
    for path in (f"{place}/a/", f"{place}/b/../a", place / "link", os.path.relpath(place / "a")):
        assert index(place, "-d", path).startswith("0 new, 0 changed, 0 removed, 0 moved")
    assert index(place, "-d", place / "a", "-d", place / "link").startswith("0 new, 0 changed, 0 removed, 0 moved")
    assert ids(place) == A


def test_a_folder_that_was_renamed_is_the_same(place: Path) -> None:
    index(place, "-d", place / "a")
    (place / "a").rename(place / "new")
    assert index(place, "-d", place / "new") == "0 new, 0 changed, 0 removed, 0 moved, 0 skipped"
    assert ids(place) == A


def test_several_folders_have_names_that_stay(place: Path) -> None:
    index(place, "-d", place / "a")
    assert index(place, "-d", place / "a", "-d", place / "b") == "2 new, 0 changed, 0 removed, 0 moved, 0 skipped"
    assert ids(place) == sorted([*A, *B])
    before = (place / "index.csv").read_bytes()
    assert index(place, "-d", place / "b", "-d", place / "a").startswith("0 new, 0 changed, 0 removed, 0 moved")
    assert (place / "index.csv").read_bytes() == before
    write_pictures(place / "c/b", ["5.png"])
    assert index(place, *(part for one in ("a", "b", "c/b") for part in ("-d", place / one))).startswith("1 new")
    assert ids(place) == sorted([*A, *B, "c/b//5.png"])


def test_folders_that_are_indexed_together_all_have_names(place: Path) -> None:
    index(place, "-d", place / "a", "-d", place / "b")
    assert ids(place) == [*(f"a//{one}" for one in A), *B]
    assert index(place, "--rebuild", "-d", place / "b", "-d", place / "a").startswith("5 new")
    assert ids(place) == [*(f"a//{one}" for one in A), *B]


def test_folders_in_each_other_are_refused(place: Path) -> None:
    line = fail("index.py", "-i", place / "index.csv", "-d", place / "a", "-d", place / "a/sub")
    assert f"{place}/a/sub is in {place}/a" in line
    assert not list(place.glob("index.csv*"))


def test_a_folder_that_is_not_named_is_not_dropped_unless_it_shall_be(place: Path) -> None:
    index(place, "-d", place / "a", "-d", place / "b")
    line = refused(place, "-d", place / "a")
    assert f"is of {place}/b too: name it with another --dataset, or drop its images with --prune" in line
    assert index(place, "-d", place / "a", "--prune") == "0 new, 0 changed, 2 removed, 0 moved, 0 skipped"
    assert ids(place) == [f"a//{one}" for one in A]


@pytest.mark.parametrize("given", ["a", "c"])
def test_a_rebuild_drops_folders_that_are_not_named_whatever_their_size(place: Path, given: str) -> None:
    write_pictures(place / "b", [f"{number}.png" for number in range(40)])
    write_pictures(place / "c", ["6.png"])
    index(place, "-d", place / "a")
    index(place, "-d", place / "a", "-d", place / "b")
    index(place, "-d", place / given, "--rebuild")
    assert ids(place) == (A if given == "a" else ["6.png"])
    index(place, "-d", place / "b", "--rebuild")
    assert len(ids(place)) == 41
    index(place, "-d", place / given, "--rebuild")
    assert ids(place) == (A if given == "a" else ["6.png"])


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("mount_point", [True, False])
def test_of_two_disks_one_is_not_mounted(place: Path, named: bool, mount_point: bool) -> None:
    index(place, "-d", place / "a", "-d", place / "b")
    before = (place / "index.csv").read_bytes()
    write_picture(place / "a/new.png", 99)
    (place / "b").rename(place / "unmounted")
    if mount_point:
        (place / "b").mkdir()
    both: list[str | Path] = ["-d", place / "a", "-d", place / "b"]
    ended = run("index.py", "-i", place / "index.csv", *both[: 4 if named else 2])
    said = ended.stderr.decode()
    assert ended.returncode == 0, said
    if not (named and mount_point):  # two images that were deleted are no loss
        assert f"{place}/b: " in said and "its 2 images stay in the index" in said
        assert ids(place) == [*(f"a//{one}" for one in [*A[:2], "new.png", A[2]]), *B]
        # It may be mounted elsewhere another day, under the same name.
        (place / "media").mkdir()
        (place / "unmounted").rename(place / "media/b")
        (place / "a/new.png").unlink()
        closing = index(place, "-d", place / "a", "-d", place / "media/b")
        assert closing == "0 new, 0 changed, 1 removed, 0 moved, 0 skipped"
        assert (place / "index.csv").read_bytes() == before


def test_a_dataset_folder_that_is_gone_leaves_with_prune(place: Path) -> None:
    index(place, "-d", place / "a", "-d", place / "b")
    shutil.rmtree(place / "b")
    line = refused(place, "-d", place / "a", "-d", place / "none", "-d", place / "b")
    assert f"{place}/none: No such file or directory" in line
    ended = run("index.py", "-i", place / "index.csv", "-d", place / "a", "-d", place / "b")
    assert f"{place}/b: No such file or directory; its 2 images stay in the index: --prune removes them" in str(
        ended.stderr
    )
    assert index(place, "-d", place / "a", "-d", place / "b", "--prune").startswith("0 new, 0 changed, 2 removed")
    assert ids(place) == [f"a//{one}" for one in A]


def test_results_of_several_folders_are_found_where_they_are(place: Path) -> None:
    csv = place / "index.csv"
    index(place, "-d", place / "a")
    index(place, "-d", place / "a", "-d", place / "b")
    for picture in ("a/sub/3.png", "b/sub/4.png"):
        said = json.loads("".join(succeed("search.py", "-i", csv, "-q", place / picture, "-n", "1", "--json")))
        (found,) = said["answers"][0]["results"]
        assert (found["path"], found["gone"]) == (str(place / picture), False)
    (line,) = succeed("search.py", "-i", csv, "-q", place / "b/1.png", "-n", "1", "-r", place, "--no-window")
    assert line.endswith(f"\t{place}/b//1.png")
    # A picture of one folder that has the name of one in another is no result picture to be replaced.
    line = fail("search.py", "-i", csv, "-q", place / "a/1.png", "-o", place / "b/1.png")
    assert "choose another name" in line
    succeed("search.py", "-i", csv, "-q", place / "b/1.png", "-o", place / "out.jpg")
    shutil.rmtree(place / "b")
    ended = run("search.py", "-i", csv, "-q", place / "a/1.png", "-n", "9", "--no-window")
    assert len(ended.stdout.splitlines()) == 5
    assert ended.stderr.decode().splitlines() == [
        f"search.py: {place}/b: the folder of the images is not there; --result-path names another one"
    ]


def test_images_are_added_to_the_folder_that_holds_them_and_removed_by_id_or_path(place: Path) -> None:
    index(place, "-d", place / "a", "-d", place / "b")
    write_picture(place / "b/new.png", 77)
    inode = (place / "index.csv").stat().st_ino
    index(place, "--add", place / "b/new.png")
    assert (place / "index.csv").stat().st_ino == inode
    assert sorted(ids(place)) == [f"a//{one}" for one in A] + ["b//1.png", "b//new.png", "b//sub/4.png"]
    assert f"not an image in {place}/a and {place}/b" in refused(place, "--add", __file__)
    index(place, "--remove", place / "b/new.png", "a//1.png", os.path.relpath(place / "a/2.png"))
    assert ids(place) == ["a//sub/3.png", *B]
    assert "has no image" in refused(place, "--remove", place / "a/2.png")
    (place / "b/1.png").unlink()
    index(place, "--remove", place / "b/1.png", "-d", place / "b")
    assert ids(place) == ["a//sub/3.png", "b//sub/4.png"]


def test_only_a_part_is_looked_at(place: Path) -> None:
    index(place, "-d", place / "a", "-d", place / "b")
    for name in ("a/new.png", "a/sub/new.png", "b/new.png"):
        write_picture(place / name, len(name))
    for name in ("a/1.png", "a/sub/3.png", "b/1.png"):
        (place / name).unlink()
    assert index(place, "--only", place / "a/sub") == "1 new, 0 changed, 1 removed, 0 moved, 0 skipped"
    assert ids(place) == ["a//1.png", "a//2.png", "a//sub/new.png", *B]
    assert index(place, "--only", place / "b", "--only", place / "a/sub").startswith("1 new, 0 changed, 1 removed")
    assert ids(place) == ["a//1.png", "a//2.png", "a//sub/new.png", "b//new.png", "b//sub/4.png"]
    shutil.rmtree(place / "a/sub")
    assert index(place, "--only", place / "a/sub").startswith("0 new, 0 changed, 1 removed")
    for wrong in (place, place / "a/sub", place / "a/2.png", "/etc"):
        assert "--only names a subfolder" in refused(place, "--only", wrong)
    assert index(place, "-d", place / "a", "-d", place / "b") == "1 new, 0 changed, 1 removed, 0 moved, 0 skipped"


def test_a_part_is_what_a_run_over_all_finds_there(place: Path) -> None:
    write_pictures(place / "outside", ["5.png"])
    (place / "a/sub/out").symlink_to(place / "outside")
    (place / "a/sub/in").symlink_to(place / "a")
    (place / "a/way").symlink_to(place / "a/sub")
    write_pictures(place / "a/.hidden", ["6.png"])
    index(place, "-d", place / "a")
    before = (place / "index.csv").read_bytes()
    for part in ("a/sub", "a/sub/out", "a/way", "a/.hidden", "a/sub/in", "a"):
        index(place, "--only", place / part)
        assert (place / "index.csv").read_bytes() == before, part


def test_an_index_of_a_part_can_be_begun_and_its_rows_need_the_same_options(place: Path) -> None:
    assert index(place, "-d", place / "a", "--only", place / "a/sub").startswith("1 new")
    assert ids(place) == ["sub/3.png"]
    assert "index the folder with --dataset" in refused(place, "--only", place / "a/sub", "--full-resolution")
    for wrong in (["--rebuild"], ["--no-recursive"], ["--add", "x"], ["--remove", "x"]):
        ended = run("index.py", "-i", place / "index.csv", "--only", place / "a/sub", *wrong)
        assert ended.returncode == 2


@pytest.mark.parametrize("moved", [True, False])
def test_an_index_that_was_copied_with_its_folder_is_of_the_copy(place: Path, moved: bool) -> None:
    (place / "old").mkdir()
    (place / "a").rename(place / "old/a")
    succeed("index.py", "-d", place / "old/a", "-i", place / "old/index.csv")
    shutil.copytree(place / "old", place, dirs_exist_ok=True)
    if moved:
        shutil.rmtree(place / "old")
    # Until the copy is indexed, a search shows what the index was made of, if that is there.
    for indexed in (False, True):
        (line,) = succeed("search.py", "-i", place / "index.csv", "-q", place / "a/1.png", "-n", "1", "--no-window")
        assert line.endswith(f"\t{place / 'a' if moved or indexed else place / 'old/a'}/1.png")
        assert index(place, "-d", place / "a").startswith("0 new, 0 changed, 0 removed, 0 moved")


def test_an_index_that_was_copied_beside_another_folder_of_that_name_is_not_of_that(place: Path) -> None:
    (place / "other").mkdir()
    (place / "b").rename(place / "other/a")
    index(place, "-d", place / "a")
    for file in place.glob("index.csv*"):
        shutil.copy2(file, place / "other")
    line = fail("index.py", "-i", place / "other/index.csv", "-d", place / "other/a")
    assert f"is the index of {place}/a, not of {place}/other/a" in line
    (line,) = succeed("search.py", "-i", place / "other/index.csv", "-q", place / "a/1.png", "-n", "1", "--no-window")
    assert line.endswith(f"\t{place}/a/1.png")


def test_an_index_of_several_folders_that_has_lost_its_cache_keeps_its_names(place: Path) -> None:
    index(place, "-d", place / "a")
    index(place, "-d", place / "a", "-d", place / "b")
    before = (place / "index.csv").read_bytes()
    (place / "index.csv.cache").unlink()
    assert "let --prune remove them" in fail("index.py", "-i", place / "index.csv", "-d", place / "a").splitlines()[-1]
    assert index(place, "-d", place / "a", "-d", place / "b").startswith("5 new")
    assert (place / "index.csv").read_bytes() == before


def test_a_subfolder_and_a_dataset_folder_of_one_name_are_not_mixed_up(tmp_path: Path) -> None:
    for seed, name in enumerate(("a/p/1.png", "a/z.png", "p/2.png", "p/s/3.png")):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        write_picture(tmp_path / name, seed)
    index = tmp_path / "i.csv"
    both = ("-d", tmp_path / "a", "-d", tmp_path / "p")
    succeed("index.py", "-d", tmp_path / "a", "-i", index)
    succeed("index.py", *both, "-i", index)
    wanted = ["p//2.png", "p//s/3.png", "p/1.png", "z.png"]
    assert read_table(str(index)).ids == wanted
    succeed("index.py", "--only", tmp_path / "a" / "p", "-i", index)
    assert read_table(str(index)).ids == wanted
    (tmp_path / "p").rename(tmp_path / "away")
    succeed("index.py", *both, "-i", index, "--exclude", "p/")
    assert read_table(str(index)).ids == ["p//2.png", "p//s/3.png", "z.png"]
