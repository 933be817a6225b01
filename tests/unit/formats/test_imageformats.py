"""Formats that begin alike, signatures too short to be believed, and what is no picture."""

import os

import pytest

from src.formats.imageformats import name_format, read_wbmp_size
from tests.encodedpictures import by_pillow, scene
from tests.unit.formats.refusal import refusal

SCENE = scene()


def test_a_tga_that_begins_like_a_cursor_is_a_tga() -> None:
    data = by_pillow(SCENE, "TGA")
    assert data[:4] == b"\0\0\2\0" and name_format(data) == "TGA"


@pytest.mark.parametrize("head", [b"BM", b"P6", b"P7", b"Pf", b"\x0a\x05\x01\x08", b"BMW drives", b"P5 is a number"])
def test_short_signatures_alone_are_not_believed(head: bytes) -> None:
    assert refusal(head + b"\x00 and so on" * 5).kind in ("not an image", "damaged", "truncated")


@pytest.mark.parametrize(
    "data, kind, words",
    [
        (b"", "empty", "empty"),
        (bytes(5000), "not an image", "zeros"),
        (b"Dear diary,\n" * 20, "not an image", "text"),
        (b"<!DOCTYPE html><html><body>", "not an image", "web page"),
        (b"%PDF-1.7 ...", "not an image", "PDF"),
        (b"PK\x03\x04" + bytes(60), "not an image", "ZIP"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(40), "not an image", "film"),
        (b"RIFF\x24\0\0\0AVI LIST" + bytes(40), "not an image", "film"),
        (b"ID3\x04" + bytes(60), "not an image", "sound"),
        (b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>", "unsupported format", "SVG"),
        (b"\xff\x0a" + bytes(60), "unsupported format", "JPEG XL"),
        (b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(60), "unsupported format", "JPEG XL"),
        (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom" + bytes(40), "unsupported format", "raw"),
        (b"II*\0\x10\0\0\0CR\x02\0" + bytes(60), "unsupported format", "raw"),
        (b"v/1\x01" + bytes(60), "unsupported format", "OpenEXR"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "unsupported format", "PostScript"),
        (os.urandom(3) + b"\x01" + bytes(range(256)) * 20, "not an image", ""),
    ],
)
def test_what_is_no_picture_is_called_by_its_name(data: bytes, kind: str, words: str) -> None:
    error = refusal(data)
    assert error.kind == kind and words in error.reason


@pytest.mark.parametrize(
    ("head", "size"), [(b"\x02\x03", (2, 3)), (b"\x81\x00\x01", (128, 1)), (b"\x01\x80\x80\x05", (1, 5))]
)
def test_a_wbmp_is_known_by_its_exact_length(head: bytes, size: tuple[int, int]) -> None:
    data = b"\0\0" + head + bytes((size[0] + 7) // 8 * size[1])
    assert read_wbmp_size(data) == (*size, 2 + len(head)) and name_format(data) == "WBMP"
    assert read_wbmp_size(data[:-1]) is None and read_wbmp_size(data + b"\0") is None


def test_a_wbmp_has_pixels_and_numbers_that_end() -> None:
    assert read_wbmp_size(b"\0\0\0\0") is None and read_wbmp_size(b"\0\0" + b"\x80" * 20) is None
