import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from src.viewing.picturefile import save_picture
from tests.pictures import draw_picture

PICTURE = draw_picture(1)


def saved(path: Path) -> NDArray[np.uint8]:
    # Not cv2.imread: on Windows it cannot open every name.
    picture = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return picture.astype(np.uint8)


@pytest.mark.parametrize("name", ["a.png", "a.PNG", "a.bmp", "a.tif", "a.tiff", "Übung 服 \U0001f457.png"])
def test_a_picture_is_saved_as_it_is(tmp_path: Path, name: str) -> None:
    save_picture(str(tmp_path / name), PICTURE)

    assert np.array_equal(saved(tmp_path / name), PICTURE)
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["a.jpg", "a.JPEG", "a.webp"])
def test_a_picture_is_saved_with_little_loss(tmp_path: Path, name: str) -> None:
    save_picture(str(tmp_path / name), PICTURE)

    assert np.abs(saved(tmp_path / name).astype(int) - PICTURE).mean() < 3


def test_the_ending_chooses_the_format(tmp_path: Path) -> None:
    beginnings = {"a.jpg": b"\xff\xd8\xff", "a.png": b"\x89PNG", "a.webp": b"RIFF", "a.bmp": b"BM"}
    for name, beginning in beginnings.items():
        save_picture(str(tmp_path / name), PICTURE)
        assert (tmp_path / name).read_bytes().startswith(beginning)


@pytest.mark.parametrize(("name", "what"), [("a.txt", "not '.txt'"), ("a", "it has no ending"), ("jpg", "no ending")])
def test_an_ending_that_names_no_format_is_refused(tmp_path: Path, name: str, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        save_picture(str(tmp_path / name), PICTURE)
    assert not list(tmp_path.iterdir())


def test_a_picture_too_large_for_its_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a picture of 20000 x 1 cannot be written as .webp"):
        save_picture(str(tmp_path / "a.webp"), np.zeros((1, 20000, 3), np.uint8))


def test_a_folder_that_is_not_there_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    path = str(tmp_path / "none" / "a.png")
    with pytest.raises(FileNotFoundError) as error:
        save_picture(path, PICTURE)
    assert error.value.filename == path


def test_a_folder_in_the_place_of_the_file_stays(tmp_path: Path) -> None:
    (tmp_path / "a.png").mkdir()
    with pytest.raises(OSError):
        save_picture(str(tmp_path / "a.png"), PICTURE)
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


@pytest.mark.skipif(sys.platform == "win32", reason="has no limit on the size of files")
def test_where_the_disk_is_full_the_old_picture_stays_and_no_litter(tmp_path: Path) -> None:
    import resource

    path = tmp_path / "a.png"
    path.write_bytes(b"the old one")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # A file that cannot grow fails in the middle of writing, as on a full disk.
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(OSError) as error:
            save_picture(str(path), PICTURE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert error.value.filename == str(path)
    assert path.read_bytes() == b"the old one"
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]
