"""JPEG 2000, GIF, PNM, PAM, WBMP, HDR, PFM, icons: what each holds of its own."""

from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np
import pytest
from PIL import Image

from src.formats.imageformats import name_format
from src.imagereader import UnreadableImage, decode_image
from tests.encodedpictures import by_opencv, by_pillow, difference, scene

SCENE = scene()
GREY = np.ascontiguousarray(SCENE[..., 1])
GREY_BGR = np.repeat(GREY[..., None], 3, axis=2)


def refusal(data: bytes) -> UnreadableImage:
    with pytest.raises(UnreadableImage) as caught:
        decode_image(data)
    return caught.value


# JPEG 2000


@pytest.mark.parametrize("options", [{}, {"no_jp2": True}])
def test_jpeg_2000_grey(options: Any) -> None:
    assert difference(decode_image(by_pillow(GREY, "JPEG2000", **options)), GREY_BGR) <= 0.5


@pytest.mark.parametrize("top", [4095, 65535])
def test_jpeg_2000_of_16_bits_uses_its_range(top: int) -> None:
    deep = np.rint(GREY / GREY.max() * top).astype(np.uint16)
    expected = GREY_BGR / GREY.max() * 255
    assert difference(decode_image(by_opencv(deep, ".jp2")), expected) <= 3


@pytest.mark.parametrize("place, value", [(42, 0x87), (43, 2)])
def test_jpeg_2000_of_signed_or_subsampled_components_is_refused(place: int, value: int) -> None:
    data = bytearray(by_pillow(SCENE, "JPEG2000"))
    data[data.index(b"\xff\x4f\xff\x51") + place] = value
    assert refusal(bytes(data)).kind == "unsupported format"


def test_jpeg_2000_of_endless_tiles_is_refused() -> None:
    data = bytearray(by_pillow(SCENE, "JPEG2000", no_jp2=True))
    data[24:32] = struct.pack(">II", 1, 1)
    data[8:16] = struct.pack(">II", 4000, 4000)
    assert refusal(bytes(data)).kind == "damaged"


# GIF


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


# PNM and PAM


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
        b"P7\nWIDTH 2\nHEIGHT 1\nDEPTH 1\nMAXVAL 1\nTUPLTYPE BLACKANDWHITE\nENDHDR\n\0\1",
        b"P7\nWIDTH 2\nHEIGHT 1\nDEPTH 1\nMAXVAL 1023\nTUPLTYPE GRAYSCALE\nENDHDR\n\0\0\3\xff",
        b"P7\nWIDTH 2\nHEIGHT 1\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n\0\0\0\xff\1\2\3\0",
        b"P7\nWIDTH 2\nHEIGHT 1\nDEPTH 2\nMAXVAL 255\nTUPLTYPE GRAYSCALE_ALPHA\nENDHDR\n\0\xff\1\0",
    ],
)
def test_pnm_and_pam_use_their_range(data: bytes) -> None:
    assert decode_image(data).tolist() == [[[0] * 3, [255] * 3]]


@pytest.mark.parametrize("line", [b"DEPTH 5", b"DEPTH x", b"WIDTH -1", b"TUPLTYPE CMYK", b"MAXVAL 0", b"MAXVAL 99999"])
def test_an_odd_pam_is_refused(line: bytes) -> None:
    refusal(b"P7\nWIDTH 1\nHEIGHT 1\nDEPTH 1\nMAXVAL 255\nTUPLTYPE GRAYSCALE\n" + line + b"\nENDHDR\n" + bytes(99))


# WBMP


def test_wbmp_is_known_by_its_exact_length() -> None:
    data = b"\0\0\x0a\x02\xff\xc0\x00\x00"
    assert decode_image(data)[..., 0].tolist() == [[255] * 10, [0] * 10]
    assert refusal(data + b"\0").kind == "not an image"
    assert refusal(data[:-1]).kind == "not an image"


def test_wbmp_of_long_sizes() -> None:
    assert decode_image(b"\0\0\x82\x00\x01" + b"\xff" * 32).shape == (1, 256, 3)


# Floating point


def test_hdr_gets_the_srgb_curve() -> None:
    linear = np.full((16, 16, 3), 0.2158, np.float32)
    assert difference(decode_image(by_opencv(linear, ".hdr")), np.full((16, 16, 3), 128)) <= 1
    bright = np.full((16, 16, 3), 0.5, np.float32)
    bright[:4] = 7
    assert (decode_image(by_opencv(bright, ".hdr"))[:4] == 255).all()


def test_hdr_without_an_exposure_is_refused() -> None:
    assert refusal(by_opencv(np.full((16, 16, 3), 500, np.float32), ".hdr")).kind == "unsupported format"


def test_a_cut_hdr_is_refused() -> None:
    data = by_opencv(SCENE.astype(np.float32) / 255, ".hdr")
    for end in (len(data) - 1, len(data) // 2, 60, 15):
        assert refusal(data[:end]).kind in ("damaged", "unsupported format")


def test_pfm_of_an_unknown_range_is_refused() -> None:
    assert refusal(by_opencv(SCENE.astype(np.float32) * 50, ".pfm")).kind == "unsupported format"


# Icons


def test_the_largest_picture_of_an_icon_counts() -> None:
    data = by_pillow(SCENE, "ICO", sizes=[(16, 12), (64, 48), (32, 24)])
    assert decode_image(data).shape == (48, 64, 3)


def test_a_bomb_within_an_icon_is_refused() -> None:
    data = bytearray(by_pillow(SCENE, "ICO", sizes=[(64, 48)]))
    start = data.index(b"IHDR")
    data[start + 4 : start + 12] = struct.pack(">II", 30000, 30000)
    assert refusal(bytes(data)).kind == "too large"


# Formats alike


def test_a_tga_that_begins_like_a_cursor_is_a_tga() -> None:
    data = by_pillow(SCENE, "TGA")
    assert data[:4] == b"\0\0\2\0" and name_format(data) == "TGA"


@pytest.mark.parametrize("head", [b"BM", b"P6", b"P7", b"Pf", b"\x0a\x05\x01\x08", b"BMW drives", b"P5 is a number"])
def test_short_signatures_alone_are_not_believed(head: bytes) -> None:
    assert refusal(head + b"\x00 and so on" * 5).kind in ("not an image", "damaged", "truncated")


@pytest.mark.parametrize("name", ["QOI", "DDS"])
def test_decoders_written_in_python_get_no_large_pictures(name: str) -> None:
    large = bytearray(by_pillow(SCENE, name))
    large[4 if name == "QOI" else 12 : 12 if name == "QOI" else 20] = struct.pack(
        ">II" if name == "QOI" else "<II", 2000, 2000
    )
    assert refusal(bytes(large) + bytes(2000 * 2000 * 3) + b"\0" * 7 + b"\1").kind == "too large"
