"""Files that do not hold what their headers promise."""

import struct

import numpy as np
import pytest

from src.errors import UnreadableImage
from src.formats.completeness import refuse_cut_off, refuse_incomplete
from src.formats.imagelimits import Limits
from src.formats.reading import Reading
from tests.encodedpictures import by_pillow, scene
from tests.unit.formats.refusal import refusal

SCENE = scene()
COMPLETE = {
    "ICO": by_pillow(SCENE, "ICO", sizes=[(64, 48), (32, 24)]),
    "ICNS": by_pillow(np.ascontiguousarray(SCENE[:32, :32]), "ICNS"),
    "QOI": by_pillow(SCENE, "QOI"),
    "DDS": by_pillow(SCENE, "DDS"),
    "FLI": struct.pack("<IH", 60, 0xAF11) + bytes(54),
}


def refuse(name: str, data: bytes) -> None:
    refuse_incomplete(name, data, Limits(Reading(100), None, len(data)))


def texture(packing: bytes, nbytes: int) -> bytes:
    """Make a DDS of 5 x 5 packed pixels and so many bytes of them."""
    header = bytearray(128)
    struct.pack_into("<II", header, 12, 5, 5)
    struct.pack_into("<I4s", header, 80, 4, packing)
    return bytes(header) + bytes(nbytes)


@pytest.mark.parametrize("name", COMPLETE)
def test_what_is_all_there_passes(name: str) -> None:
    refuse(name, COMPLETE[name])


@pytest.mark.parametrize("name", sorted(set(COMPLETE) - {"QOI"}))
def test_what_follows_the_picture_does_not_matter(name: str) -> None:
    refuse(name, COMPLETE[name] + bytes(9))


@pytest.mark.parametrize("name", COMPLETE)
@pytest.mark.parametrize("end", [-1, 20, 6, 0])
def test_what_is_cut_off_is_refused(name: str, end: int) -> None:
    with pytest.raises(UnreadableImage) as caught:
        refuse(name, COMPLETE[name][:end])
    assert caught.value.kind == "truncated"


@pytest.mark.parametrize("packing, nbytes", [(b"DXT1", 32), (b"DXT3", 64), (b"DXT5", 64), (b"else", 32)])
def test_packed_textures_are_counted_in_blocks_of_four_by_four(packing: bytes, nbytes: int) -> None:
    refuse("DDS", texture(packing, nbytes))
    with pytest.raises(UnreadableImage):
        refuse("DDS", texture(packing, nbytes - 1))


def test_formats_whose_decoders_notice_themselves_pass() -> None:
    refuse("JPEG", b"")


def test_a_file_may_end_where_it_promises_but_not_before() -> None:
    refuse_cut_off(b"12345", 5)
    with pytest.raises(UnreadableImage, match="ends before the picture does"):
        refuse_cut_off(b"12345", 6)


def test_a_bomb_within_an_icon_is_refused() -> None:
    data = bytearray(by_pillow(SCENE, "ICO", sizes=[(64, 48)]))
    start = data.index(b"IHDR")
    data[start + 4 : start + 12] = struct.pack(">II", 30000, 30000)
    assert refusal(bytes(data)).kind == "too large"
