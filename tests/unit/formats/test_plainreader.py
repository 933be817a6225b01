"""PAM and WBMP: ranges, odd headers and exact lengths."""

import pytest

from src.imagereader import decode_image
from tests.unit.formats.refusal import refusal


@pytest.mark.parametrize(
    "data",
    [
        b"P7\nWIDTH 2\nHEIGHT 1\nDEPTH 1\nMAXVAL 1\nTUPLTYPE BLACKANDWHITE\nENDHDR\n\0\1",
        b"P7\nWIDTH 2\nHEIGHT 1\nDEPTH 1\nMAXVAL 1023\nTUPLTYPE GRAYSCALE\nENDHDR\n\0\0\3\xff",
        b"P7\nWIDTH 2\nHEIGHT 1\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n\0\0\0\xff\1\2\3\0",
        b"P7\nWIDTH 2\nHEIGHT 1\nDEPTH 2\nMAXVAL 255\nTUPLTYPE GRAYSCALE_ALPHA\nENDHDR\n\0\xff\1\0",
    ],
)
def test_pam_uses_its_range(data: bytes) -> None:
    assert decode_image(data).tolist() == [[[0] * 3, [255] * 3]]


@pytest.mark.parametrize("line", [b"DEPTH 5", b"DEPTH x", b"WIDTH -1", b"TUPLTYPE CMYK", b"MAXVAL 0", b"MAXVAL 99999"])
def test_an_odd_pam_is_refused(line: bytes) -> None:
    refusal(b"P7\nWIDTH 1\nHEIGHT 1\nDEPTH 1\nMAXVAL 255\nTUPLTYPE GRAYSCALE\n" + line + b"\nENDHDR\n" + bytes(99))


def test_wbmp_is_known_by_its_exact_length() -> None:
    data = b"\0\0\x0a\x02\xff\xc0\x00\x00"
    assert decode_image(data)[..., 0].tolist() == [[255] * 10, [0] * 10]
    assert refusal(data + b"\0").kind == "not an image"
    assert refusal(data[:-1]).kind == "not an image"


def test_wbmp_of_long_sizes() -> None:
    assert decode_image(b"\0\0\x82\x00\x01" + b"\xff" * 32).shape == (1, 256, 3)
