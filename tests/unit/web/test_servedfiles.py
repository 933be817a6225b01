"""Which files an id may lead to, where an index is of several folders, and as what they are served."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from src.web.openedindex import OpenedIndex
from src.web.problems import ProblemError
from src.web.servedfiles import open_served

JPEG = b"\xff\xd8\xff" + bytes(100)


def index_of(folder: Path | None = None, /, **folders: Path) -> OpenedIndex:
    """Return what stands for an index that has every id."""

    class Searcher:
        def __contains__(self, _: str) -> bool:
            return True

    places = folders if folder is None else {"": folder}
    names = {name: str(path) for name, path in places.items()}
    return cast(OpenedIndex, SimpleNamespace(searcher=Searcher(), folders=names))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for name in ("one/a.jpg", "one/sub/b.jpg", "two/c.jpg", "two-secret/d.jpg", "secret.jpg"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(JPEG)
    return tmp_path


def open_(index: OpenedIndex, image_id: str) -> str:
    served = open_served(index, image_id)
    served.file.close()
    return served.path


def test_ids_of_several_folders_lead_into_the_folder_that_they_name(place: Path) -> None:
    index = index_of(one=place / "one", two=place / "two")
    assert open_(index, "one//a.jpg") == os.path.realpath(place / "one/a.jpg")
    assert open_(index, "one//sub/b.jpg") == os.path.realpath(place / "one/sub/b.jpg")
    assert open_(index, "two//c.jpg") == os.path.realpath(place / "two/c.jpg")


@pytest.mark.parametrize(
    "image_id",
    [
        "a.jpg", "two//a.jpg", "three//a.jpg", "one//../secret.jpg", "one//../two/c.jpg", "one//sub/../a.jpg",
        "one///etc/passwd", "two//../two-secret/d.jpg", "one//two//c.jpg", "one//", "one//.", "one//sub", "//a.jpg",
        "one/a.jpg", "one//a.jpg\0", "one//out/d.jpg", "one//" + "x/" * 3000,
    ],
)  # fmt: skip
def test_and_nowhere_else(place: Path, image_id: str) -> None:
    (place / "one/out").symlink_to(place / "two-secret")
    with pytest.raises(ProblemError) as caught:
        open_(index_of(one=place / "one", two=place / "two"), image_id)
    assert caught.value.status == 404 and str(place) not in caught.value.detail


def test_a_folder_whose_name_another_begins_with_is_another(place: Path) -> None:
    (place / "two/link.jpg").symlink_to(place / "two-secret/d.jpg")
    with pytest.raises(ProblemError):
        open_(index_of(place / "two"), "link.jpg")


def test_a_folder_may_itself_be_a_link(place: Path) -> None:
    (place / "link").symlink_to("one")
    assert open_(index_of(place / "link"), "a.jpg") == os.path.realpath(place / "one/a.jpg")


def test_where_no_folder_is_known_nothing_is_served(place: Path) -> None:
    for image_id in ("a.jpg", str(place / "one/a.jpg"), "one//a.jpg"):
        with pytest.raises(ProblemError):
            open_(index_of(), image_id)


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (JPEG, "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"GIF89a", "image/gif"), (b"qoif", "image/x-qoi"),
        (b"RIFF\0\0\0\0WEBP", "image/webp"), (b"II*\0", "image/tiff"), (b"8BPS\0\x01", "image/vnd.adobe.photoshop"),
        (b"/* XPM */", "image/x-xpm"),
    ],
)  # fmt: skip
def test_the_content_says_what_it_is_served_as(place: Path, head: bytes, media_type: str) -> None:
    (place / "one/a.html").write_bytes(head + bytes(40))
    served = open_served(index_of(place / "one"), "a.html")
    served.file.close()
    assert served.media_type == media_type
    assert served.head == head + bytes(40)
