from pathlib import Path

import pytest

from src.indexing.datasets import Dataset, Datasets, path_inside


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for name in ("a/sub", "b", "outside"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "a/link").symlink_to("../outside")
    (tmp_path / "way").symlink_to("a")
    return tmp_path


@pytest.fixture
def datasets(place: Path) -> Datasets:
    return Datasets([Dataset("b", str(place / "b"), "b", is_new=True), Dataset("", str(place / "a"), "a")])


def test_an_id_has_a_path_and_a_path_an_id(place: Path, datasets: Datasets) -> None:
    for image_id, path in (("1.jpg", "a/1.jpg"), ("sub/1.jpg", "a/sub/1.jpg"), ("b//1.jpg", "b/1.jpg")):
        assert datasets.path_of(image_id) == str(place / path)
        assert datasets.id_of_file(str(place / path)) == image_id
    assert datasets.id_of_file(str(place / "way/sub/1.jpg")) == "sub/1.jpg"
    assert datasets.id_of_file(str(place / "b/gone/1.jpg")) == "b//gone/1.jpg"
    for elsewhere in ("1.jpg", "a", "outside/1.jpg"):
        assert datasets.id_of_file(str(place / elsewhere)) is None


def test_rows_are_told_by_their_folders(datasets: Datasets) -> None:
    rows = {"1.jpg": 1, "b//1.jpg": 2, "c//1.jpg": 3}
    assert datasets.rows_of(rows, lambda folder: not folder.is_new) == {"1.jpg": 1, "c//1.jpg": 3}
    assert datasets.rows_of(rows, lambda folder: folder.is_new) == {"b//1.jpg": 2}
    left = Datasets([Dataset("", "/a", None)], left_out=["b"])
    assert left.rows_of(rows, lambda _: True) == {"1.jpg": 1, "c//1.jpg": 3}
    alone = Datasets([Dataset("", "/a", None)])
    assert alone.rows_of(rows, lambda _: True) is rows
    assert alone.rows_of(rows, lambda _: False) == {}


def test_a_subfolder_lies_in_a_dataset_folder(place: Path, datasets: Datasets) -> None:
    plain, named = datasets
    assert datasets.place_of_folder(str(place / "a/sub")) == (plain, "sub")
    assert datasets.place_of_folder(str(place / "way/sub")) == (plain, "sub")
    assert datasets.place_of_folder(str(place / "b")) == (named, "")
    # What is reached by a link that leads out of the folder has the link's id.
    assert datasets.place_of_folder(str(place / "a/link/x")) == (plain, "link/x")
    assert datasets.place_of_folder(str(place / "outside")) is None


def test_a_path_is_inside_a_folder_or_not() -> None:
    assert path_inside("/a/b/c", "/a") == "b/c"
    assert path_inside("/a", "/a") == ""
    assert path_inside("/ab", "/a") is path_inside("/", "/a") is None
    assert path_inside("/a/..b", "/a") == "..b"
