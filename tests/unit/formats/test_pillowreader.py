"""What Pillow alone decodes: GIF, PNM, icons, and formats whose decoders are slow."""

import importlib
import io
import struct
import warnings

import pytest
from PIL import Image

from src.imagereader import decode_image
from tests.encodedpictures import by_pillow, difference, pillow_exif, scene, tiff
from tests.unit.formats.refusal import refusal

SCENE = scene()


def test_a_transparent_gif_is_laid_on_white() -> None:
    picture = Image.new("P", (4, 1))
    picture.putpalette([255, 0, 0, 0, 255, 0, 0, 0, 255])
    picture.putdata([0, 1, 2, 1])
    file = io.BytesIO()
    picture.save(file, "GIF", transparency=1)
    assert decode_image(file.getvalue())[0].tolist() == [[0, 0, 255], [255] * 3, [255, 0, 0], [255] * 3]


def test_the_first_frame_of_a_gif_counts() -> None:
    frames = [Image.new("L", (9, 9), grey) for grey in (10, 100, 200)]
    file = io.BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    assert (decode_image(file.getvalue()) == 10).all()


@pytest.mark.parametrize(
    "data",
    [
        b"P2\n# a comment\n2 1\n15\n0 15\n",
        b"P5 2 1 15\n\x00\x0f",
        b"P5 2 1 65535\n\x00\x00\xff\xff",
        b"P5 2 1 1023\n\x00\x00\x03\xff",
        b"P3 2 1 7 0 0 0 7 7 7\n",
        b"P6 2 1 1000\n" + bytes(6) + b"\x03\xe8" * 3,
        b"P1\n2 1\n1 0\n",
        b"P4 2 1\n\x80",
    ],
)
def test_pnm_uses_its_range(data: bytes) -> None:
    assert decode_image(data).tolist() == [[[0] * 3, [255] * 3]]


def test_the_largest_picture_of_an_icon_counts() -> None:
    data = by_pillow(SCENE, "ICO", sizes=[(16, 12), (64, 48), (32, 24)])
    assert decode_image(data).shape == (48, 64, 3)


@pytest.mark.parametrize("name", ["QOI", "DDS"])
def test_decoders_written_in_python_get_no_large_pictures(name: str) -> None:
    large = bytearray(by_pillow(SCENE, name))
    large[4 if name == "QOI" else 12 : 12 if name == "QOI" else 20] = struct.pack(
        ">II" if name == "QOI" else "<II", 2000, 2000
    )
    assert refusal(bytes(large) + bytes(2000 * 2000 * 3) + b"\0" * 7 + b"\1").kind == "too large"


def test_a_heic_picture_is_read_or_its_reader_is_named() -> None:
    try:
        pillow_heif = importlib.import_module("pillow_heif")
    except ImportError:
        error = refusal(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100))
        assert error.kind == "unsupported format" and "pip install pillow-heif" in error.reason
        return
    pillow_heif.register_heif_opener()
    # In HEIF the EXIF orientation only tells what was: transformations of its own turn the picture.
    data = by_pillow(SCENE, "HEIF", quality=95, chroma=444, exif=pillow_exif(6))
    assert difference(decode_image(data), SCENE) <= 3


def test_odd_metadata_does_not_make_pillow_warn_aloud() -> None:
    bad = tiff(SCENE[..., ::-1], 2, t296=7, t40000=1)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        decode_image(bad)
    assert caught == []
