import os
import random
from pathlib import Path

import cv2
import pytest
from PIL import Image, PngImagePlugin

from src.viewing.picturefile import WRITABLE, PictureFile
from src.viewing.picturemark import MARK, is_result_picture
from tests.pictures import draw_picture

PICTURE = draw_picture(1)


def saved(path: Path) -> Path:
    PictureFile(str(path)).write(PICTURE)
    return path


@pytest.mark.parametrize("ending", WRITABLE)
def test_a_result_picture_is_known_in_every_format(tmp_path: Path, ending: str) -> None:
    path = saved(tmp_path / f"out{ending}")

    assert is_result_picture(str(path))
    # Under every name; and a link leads to it.
    other = path.rename(tmp_path / "another name")
    (tmp_path / "link").symlink_to(other)
    assert is_result_picture(str(other)) and is_result_picture(str(tmp_path / "link"))


@pytest.mark.parametrize("ending", WRITABLE)
def test_the_mark_is_as_the_format_has_it(tmp_path: Path, ending: str) -> None:
    # Pillow checks the checksums of a PNG, and reads all of it.
    with Image.open(saved(tmp_path / f"out{ending}")) as image:
        image.load()
        texts = [image.info.get("comment"), image.info.get("Software"), image.getexif().get(305)]
        assert image.size == (PICTURE.shape[1], PICTURE.shape[0])
    text = next(filter(None, texts), b"")
    text = text if isinstance(text, str) else text.decode("ascii")
    assert text.startswith(MARK.decode("ascii")) or ending == ".bmp"


@pytest.mark.parametrize("ending", WRITABLE)
def test_a_picture_of_anyone_else_is_not_ours(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"photo{ending}"
    path.write_bytes(cv2.imencode(ending, PICTURE)[1].tobytes())
    assert not is_result_picture(str(path))


@pytest.mark.parametrize("ending", [".jpg", ".png", ".webp", ".tif"])
def test_what_an_editor_has_saved_anew_is_not_ours_though_it_keeps_the_comment(tmp_path: Path, ending: str) -> None:
    path, edited = saved(tmp_path / f"out{ending}"), tmp_path / f"edited{ending}"
    with Image.open(path) as image:
        changed = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        text = PngImagePlugin.PngInfo()
        text.add_text("Software", str(image.info.get("Software")))
        exif, comment = image.getexif(), image.info.get("comment")
        changed.save(edited, exif=exif, tiffinfo={305: exif.get(305)}, pnginfo=text, comment=comment)
    assert MARK in edited.read_bytes()
    assert not is_result_picture(str(edited))


@pytest.mark.parametrize("ending", WRITABLE)
def test_a_file_that_was_cut_or_changed_is_not_ours(tmp_path: Path, ending: str) -> None:
    whole = saved(tmp_path / f"out{ending}").read_bytes()
    path, chance = tmp_path / "changed", random.Random(1)
    for _ in range(100):
        at = chance.randrange(len(whole))
        path.write_bytes(whole[:at])
        assert not is_result_picture(str(path))
    # But for the few bytes that the checksum leaves out.
    missed = 0
    for _ in range(100):
        at = chance.randrange(len(whole))
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        missed += is_result_picture(str(path))
    assert missed <= 2


def test_whatever_else_may_be_there_is_not_ours(tmp_path: Path) -> None:
    for name, content in {"none": b"", "mark": MARK, "short": MARK + b"0123", "zeros": MARK + b"0" * 9000}.items():
        (tmp_path / name).write_bytes(content)
        assert not is_result_picture(str(tmp_path / name))
    assert not is_result_picture(str(tmp_path))
    assert not is_result_picture(str(tmp_path / "nothing there"))
    assert not is_result_picture("a\0name")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no pipes with names")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    assert not is_result_picture(str(tmp_path / "pipe.jpg"))
