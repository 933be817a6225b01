"""PNGs that end too early: decoded if and only if no pixel is missing."""

import zlib

import numpy as np
import pytest

from src.imagereader import UnreadableImage, decode_image
from tests.encodedpictures import Pixels, by_opencv, by_pillow, png, scene
from tests.unit.formats.refusal import refusal

SCENE = scene(49, 67)
# The end chunk, and the two checksums before it.
END_BYTES = 12 + 4 + 4


def interlaced(image: Pixels) -> bytes:
    """Encode a grey picture in the seven passes of Adam7."""
    passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
    rows = b""
    for left, top, across, down in passes:
        part = image[top::down, left::across]
        rows += b"".join(b"\0" + row.tobytes() for row in part) if part.size else b""
    data = bytearray(png(image.shape[1], image.shape[0], 8, 0, rows))
    data[28] = 1
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    return bytes(data)


PICTURES = {
    "colour": by_pillow(SCENE, "PNG"),
    "alpha": by_pillow(np.dstack([SCENE, SCENE[..., 0]]), "PNG"),
    "palette": by_pillow(SCENE, "PNG", mode="P"),
    "black and white": by_pillow(SCENE, "PNG", mode="1"),
    "16 bits": by_opencv(SCENE.astype(np.uint16) * 257, ".png"),
    "one row": by_pillow(SCENE[:1], "PNG"),
    "interlaced": interlaced(SCENE[..., 1]),
    "interlaced, small": interlaced(SCENE[:3, :2, 1]),
}


@pytest.mark.parametrize("name", PICTURES)
def test_no_pixel_is_made_up_wherever_a_png_is_cut(name: str) -> None:
    data = PICTURES[name]
    whole = decode_image(data)
    for cut in range(1, len(data)):
        try:
            image = decode_image(data[:-cut])
        except UnreadableImage as error:
            assert cut > END_BYTES
            assert error.kind in ("truncated", "empty", "not an image")
        else:
            assert np.array_equal(image, whole), cut


def test_metadata_that_is_cut_does_not_matter() -> None:
    data = PICTURES["colour"]
    end = len(data) - 12
    for rest in (b"\0\0\1\0tEXtComment", b"\0\0", b"\0\0\0\5tEXt"):
        assert np.array_equal(decode_image(data[:end] + rest), SCENE)


def test_damage_before_the_end_is_not_overlooked() -> None:
    data = bytearray(PICTURES["16 bits"][:-12])
    data[data.index(b"IDAT") + 100] ^= 1
    assert refusal(bytes(data)).kind == "damaged"
