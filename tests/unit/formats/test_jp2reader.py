"""JPEG 2000: grey, depths, and kinds that both decoders get wrong."""

import struct
from typing import Any

import numpy as np
import pytest

from src.imagereader import decode_image
from tests.encodedpictures import by_opencv, by_pillow, difference, scene
from tests.unit.formats.refusal import refusal

SCENE = scene()
GREY = np.ascontiguousarray(SCENE[..., 1])
GREY_BGR = np.repeat(GREY[..., None], 3, axis=2)


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
