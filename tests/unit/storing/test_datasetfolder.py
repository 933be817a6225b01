import os
from pathlib import Path

import pytest

from src.indexfile import DatasetFolder, image_path, is_away, relative_way, split_id
from src.storing.writer import write_index
from tests.smallindex import INFO, opened, rows


def test_a_folder_is_where_it_was_and_else_beside_the_index(tmp_path: Path) -> None:
    for place in ("old", "new"):
        (tmp_path / place / "photos").mkdir(parents=True)
        (tmp_path / place / "photos" / "a.jpg").touch()
    path = str(tmp_path / "new" / "index.csv")
    write_index(path, [rows()], INFO._replace(folder=str(tmp_path / "old" / "photos"), relative_folder="photos"))
    assert opened(path).folder == str(tmp_path / "old" / "photos")
    # As an unmounted disk leaves an empty folder, that is as good as none.
    (tmp_path / "old" / "photos" / "a.jpg").unlink()
    assert opened(path).folder == str(tmp_path / "new" / "photos")
    (tmp_path / "new" / "photos").rename(tmp_path / "new" / "others")
    assert opened(path).folder == str(tmp_path / "old" / "photos")


def test_a_folder_on_another_drive_has_no_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert relative_way(str(tmp_path / "a" / ".."), str(tmp_path / "b" / "index.csv")) == os.pardir
    assert DatasetFolder("", "/photos").beside("/index.csv") is None
    assert DatasetFolder("", "/photos").find("/index.csv") == "/photos"

    def refuse(*_: str) -> str:
        raise ValueError

    monkeypatch.setattr(os.path, "relpath", refuse)
    assert relative_way(str(tmp_path), str(tmp_path / "index.csv")) is None


def test_a_folder_is_away_if_it_is_not_there_or_empty(tmp_path: Path) -> None:
    assert is_away(str(tmp_path))
    (tmp_path / "file").touch()
    assert is_away(str(tmp_path / "none")) and is_away(str(tmp_path / "file" / "none")) and is_away("")
    assert not is_away(str(tmp_path))
    # What the system does not tell is not known to be away.
    assert not is_away(str(tmp_path / ("x" * 5000)))


@pytest.mark.parametrize(
    ("image_id", "parts"),
    [
        ("a.jpg", ("", "a.jpg")),
        ("disk/a.jpg", ("", "disk/a.jpg")),
        ("disk//b/a.jpg", ("disk", "b/a.jpg")),
        ("b/disk//a.jpg", ("b/disk", "a.jpg")),
        ("http://a.jpg", ("", "http://a.jpg")),
        ("//a.jpg", ("", "//a.jpg")),
    ],
)
def test_an_id_says_which_folder_it_belongs_to(image_id: str, parts: tuple[str, str]) -> None:
    folders = {"": "/photos/", "disk": "/mnt/disk", "b/disk": "/"}
    assert split_id(image_id, folders) == parts
    assert image_path(image_id, folders) == f"{folders[parts[0]].rstrip('/')}/{parts[1]}"


def test_an_id_of_a_folder_that_is_not_known_has_no_path() -> None:
    assert image_path("a.jpg", {"disk": "/mnt"}) is None
