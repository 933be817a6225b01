"""Formats that begin alike, and signatures too short to be believed."""

import pytest

from src.formats.imageformats import name_format
from tests.encodedpictures import by_pillow, scene
from tests.unit.formats.refusal import refusal

SCENE = scene()


def test_a_tga_that_begins_like_a_cursor_is_a_tga() -> None:
    data = by_pillow(SCENE, "TGA")
    assert data[:4] == b"\0\0\2\0" and name_format(data) == "TGA"


@pytest.mark.parametrize("head", [b"BM", b"P6", b"P7", b"Pf", b"\x0a\x05\x01\x08", b"BMW drives", b"P5 is a number"])
def test_short_signatures_alone_are_not_believed(head: bytes) -> None:
    assert refusal(head + b"\x00 and so on" * 5).kind in ("not an image", "damaged", "truncated")
