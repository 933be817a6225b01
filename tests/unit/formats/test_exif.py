"""TIFF directories and EXIF orientation, sound and broken."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.formats.exif import read_directory, read_orientation, unpack_raw_profile
from tests.encodedpictures import exif


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_both_byte_orders(order: str, orientation: int) -> None:
    assert read_orientation(exif(orientation, order)) == orientation
    assert read_orientation(b"Exif\0\0" + exif(orientation, order)) == orientation


@pytest.mark.parametrize("block", [b"", b"Exif\0\0", b"II*\0", exif(6)[:20], exif(0), exif(9), b"MM" + exif(6)[2:]])
def test_nonsense_counts_as_upright(block: bytes) -> None:
    assert read_orientation(block) == 1


@given(st.binary(max_size=300), st.sampled_from([b"II*\0", b"MM\0*", b"II+\0\x08\0\0\0", b"MM\0+\0\x08\0\0"]))
def test_garbage_never_raises(garbage: bytes, mark: bytes) -> None:
    assert 1 <= read_orientation(mark + garbage) <= 8


def test_big_tiff() -> None:
    data = b"II+\0\x08\0\0\0" + struct.pack("<QQHHQHxxxxxx", 16, 1, 274, 3, 1, 6)
    assert read_directory(data).tags == {274: (6,)}


def test_values_outside_the_data_are_left_out() -> None:
    data = b"II*\0" + struct.pack("<IHHHIIHHIII", 8, 2, 273, 4, 1000, 9999, 274, 3, 1, 6, 0)
    assert read_directory(data).tags == {274: (6,)}


def test_an_endless_count_of_entries_ends_with_the_data() -> None:
    assert read_directory(b"II*\0\x08\0\0\0\xff\xff" + bytes(100)).tags == {}


def test_raw_profiles_of_imagemagick() -> None:
    assert unpack_raw_profile(b"\nexif\n       4\n4d4d\n002a\n") == b"MM\0*"
    assert unpack_raw_profile(b"not a profile") == b""
