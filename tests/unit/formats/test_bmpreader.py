"""BMP: bit fields of every kind, run lengths, and alpha that nobody meant."""

import struct

import numpy as np
import pytest

from src.imagereader import UnreadableImage, decode_image
from tests.encodedpictures import bmp_of_fields, by_pillow, difference, scene

SCENE = scene(31, 45)
FIELDS = {
    "565": (np.uint16, (0xF800, 0x07E0, 0x001F)),
    "555": (np.uint16, (0x7C00, 0x03E0, 0x001F)),
    "444": (np.uint16, (0x0F00, 0x00F0, 0x000F)),
    "888": (np.uint32, (0xFF0000, 0xFF00, 0xFF)),
    "888 other order": (np.uint32, (0xFF, 0xFF00, 0xFF0000)),
    "10 11 11": (np.uint32, (0xFFE00000, 0x001FFC00, 0x3FF)),
}


def pack(bgr: np.ndarray, kind: type, masks: tuple[int, ...]) -> np.ndarray:
    packed = np.zeros(bgr.shape[:2], np.uint64)
    for channel, mask in zip((2, 1, 0, 3), masks, strict=False):
        low = mask & -mask
        packed |= np.rint(bgr[..., channel] / 255 * (mask // low)).astype(np.uint64) * np.uint64(low)
    return packed.astype(kind)


@pytest.mark.parametrize("top_down", [False, True])
@pytest.mark.parametrize("name", FIELDS)
def test_bit_fields_come_out_in_the_right_colours(name: str, top_down: bool) -> None:
    kind, masks = FIELDS[name]
    image = decode_image(bmp_of_fields(pack(SCENE, kind, masks), masks, top_down=top_down))
    coarsest = min((mask // (mask & -mask)).bit_length() for mask in masks)
    assert difference(image, SCENE) <= 256 / 2**coarsest / 3


def test_full_fields_mean_white() -> None:
    for kind, masks in FIELDS.values():
        white = np.full((2, 3, 3), 255, np.uint8)
        assert (decode_image(bmp_of_fields(pack(white, kind, masks), masks)) == 255).all()


def test_alpha_is_laid_on_white_unless_it_is_zero_everywhere() -> None:
    masks = (0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    half = np.dstack([SCENE, np.full(SCENE.shape[:2], 128, np.uint8)])
    image = decode_image(bmp_of_fields(pack(half, np.uint32, masks), masks))
    assert difference(image, SCENE * (128 / 255) + 127) <= 1
    none = np.dstack([SCENE, np.zeros(SCENE.shape[:2], np.uint8)])
    assert np.array_equal(decode_image(bmp_of_fields(pack(none, np.uint32, masks), masks)), SCENE)


@pytest.mark.parametrize("masks", [(0xFF, 0xFF, 0xFF00), (0xF0F, 0xF000, 0xF0)])
def test_fields_that_overlap_or_have_gaps_are_refused(masks: tuple[int, ...]) -> None:
    with pytest.raises(UnreadableImage) as caught:
        decode_image(bmp_of_fields(np.ones((4, 4), np.uint16), masks))
    assert caught.value.kind == "damaged"


def test_missing_rows_are_noticed() -> None:
    masks = FIELDS["565"][1]
    data = bmp_of_fields(pack(SCENE, np.uint16, masks), masks)
    with pytest.raises(UnreadableImage) as caught:
        decode_image(data[:-1])
    assert caught.value.kind == "truncated"


def rle8(body: bytes, width: int, height: int) -> bytes:
    palette = bytes(channel for i in range(256) for channel in (i, 0, 255 - i, 0))
    start = 54 + len(palette)
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, len(body), 0, 0, 256, 0)
    return b"BM" + struct.pack("<IHHI", start + len(body), 0, 0, start) + header + palette + body


def test_run_lengths() -> None:
    image = decode_image(rle8(b"\4\7\0\0" + b"\2\1\2\2\0\0" + b"\0\1", 4, 2))
    assert image[1].tolist() == [[7, 0, 248]] * 4
    assert image[0].tolist() == [[1, 0, 254]] * 2 + [[2, 0, 253]] * 2


def test_runs_that_leave_the_picture_are_damage() -> None:
    with pytest.raises(UnreadableImage) as caught:
        decode_image(rle8(b"\xff\7\xff\7\0\0\0\1", 4, 2))
    assert caught.value.kind == "damaged"


def test_unknown_compressions_are_refused_by_number() -> None:
    data = bytearray(by_pillow(SCENE, "BMP"))
    data[30] = 4
    with pytest.raises(UnreadableImage, match="compression 4"):
        decode_image(bytes(data))


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA"])
def test_what_pillow_reads(mode: str) -> None:
    image = decode_image(by_pillow(SCENE, "BMP", mode=mode))
    assert image.shape == SCENE.shape and np.ptp(image) > 100
