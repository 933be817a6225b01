import os
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from src.errors import ExpectedError
from src.viewing.picturefile import PictureFile
from tests.pictures import draw_picture

PICTURE = draw_picture(1)


def save_picture(path: str, picture: NDArray[np.uint8], *, force: bool = False) -> None:
    file = PictureFile(path, force=force)
    file.check(lambda _: False)
    file.write(picture)


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


@pytest.mark.parametrize(
    ("name", "what"),
    [("a.txt", "ends in"), ("a", "ends in"), ("jpg", "ends in"), ("", "'': .*ends in"), ("none/a.png", "no folder")],
)
def test_what_cannot_be_written_is_known_before_there_is_a_picture(tmp_path: Path, name: str, what: str) -> None:
    with pytest.raises(ExpectedError, match=what):
        PictureFile(str(tmp_path / name) if name else "")
    assert not list(tmp_path.iterdir())


def test_a_picture_of_others_is_replaced_by_force_alone_and_a_precious_one_never(tmp_path: Path) -> None:
    photo = tmp_path / "photo.png"
    photo.write_bytes(cv2.imencode(".png", draw_picture(2))[1].tobytes())
    link = tmp_path / "link.png"
    link.symlink_to("photo.png")
    before = photo.read_bytes()
    for path in map(str, (photo, link)):
        with pytest.raises(ExpectedError, match="is no result picture"):
            PictureFile(path).check(lambda _: False)
        with pytest.raises(ExpectedError, match="is the index or one of the pictures"):
            PictureFile(path, force=True).check(lambda found: os.path.realpath(found) == str(photo))
    assert photo.read_bytes() == before
    save_picture(str(link), PICTURE, force=True)
    assert np.array_equal(saved(photo), PICTURE)
    assert link.is_symlink()


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("was_there", [False, True])
def test_what_comes_or_changes_after_the_check_is_not_replaced(tmp_path: Path, was_there: bool, force: bool) -> None:
    path = tmp_path / "a.png"
    if was_there:
        save_picture(str(path), draw_picture(3))
    file = PictureFile(str(path), force=force)
    file.check(lambda _: False)
    path.write_bytes(b"what somebody has worked on")
    with pytest.raises(ExpectedError, match="has been written by another program meanwhile"):
        file.write(PICTURE)
    assert path.read_bytes() == b"what somebody has worked on"
    assert os.listdir(tmp_path) == ["a.png"]


def test_a_result_picture_is_replaced_by_the_next(tmp_path: Path) -> None:
    for name in ("a.jpg", "a.png", "a.webp", "a.bmp", "a.tif"):
        for number in range(2):
            save_picture(str(tmp_path / name), draw_picture(number))
        assert np.abs(saved(tmp_path / name).astype(int) - PICTURE).mean() < 3
    assert len(os.listdir(tmp_path)) == 5


def test_a_picture_too_large_for_its_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExpectedError, match="a picture of 20000 x 1 cannot be written as .webp"):
        save_picture(str(tmp_path / "a.webp"), np.zeros((1, 20000, 3), np.uint8))


def test_a_folder_in_the_place_of_the_file_stays(tmp_path: Path) -> None:
    (tmp_path / "a.png").mkdir()
    with pytest.raises(ExpectedError, match="is not a file"):
        save_picture(str(tmp_path / "a.png"), PICTURE, force=True)
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
            save_picture(str(path), PICTURE, force=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert error.value.filename == str(path)
    assert path.read_bytes() == b"the old one"
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]
