"""PNG: transparency of every kind, depths, animations, and metadata that bites."""

import io
import struct
import time
import zlib

import numpy as np
import pytest
from PIL import Image

from src.imagereader import UnreadableImage, decode_image
from tests.encodedpictures import by_opencv, by_pillow, exif, png, png_chunk, scene, with_png_chunk

SCENE = scene()
RED_GREEN = b"\xff\0\0\0\xff\0"


def pixels(data: bytes) -> list[list[int]]:
    return [list(map(int, pixel)) for pixel in decode_image(data)[0]]


def test_a_transparent_palette_entry_is_white() -> None:
    data = png(2, 1, 8, 3, b"\0\0\1", (b"PLTE", RED_GREEN), (b"tRNS", b"\0\xff"))
    assert pixels(data) == [[255, 255, 255], [0, 255, 0]]


def test_a_palette_without_transparency_keeps_its_colours() -> None:
    assert pixels(png(2, 1, 1, 3, b"\0\x40", (b"PLTE", RED_GREEN))) == [[0, 0, 255], [0, 255, 0]]


def test_a_transparent_grey_is_white() -> None:
    assert pixels(png(2, 1, 8, 0, b"\0\x07\x64", (b"tRNS", b"\0\x07"))) == [[255] * 3, [100] * 3]


def test_a_transparent_colour_is_white() -> None:
    data = png(2, 1, 8, 2, b"\0\1\2\3\4\5\6", (b"tRNS", b"\0\1\0\2\0\3"))
    assert pixels(data) == [[255] * 3, [6, 5, 4]]


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_a_transparent_shallow_grey_is_white(depth: int) -> None:
    assert pixels(png(1, 1, depth, 0, b"\0\0", (b"tRNS", b"\0\0"))) == [[255] * 3]
    assert pixels(png(1, 1, depth, 0, b"\0\0", (b"tRNS", b"\0\1"))) == [[0] * 3]


def test_a_transparent_deep_grey_or_colour_is_white() -> None:
    assert pixels(png(2, 1, 16, 0, b"\0\x21\7\x21\x08", (b"tRNS", b"\x21\7"))) == [[255] * 3, [33] * 3]
    rows = b"\0\1\0\2\0\3\0\x24\0\5\0\6\0"
    assert pixels(png(2, 1, 16, 2, rows, (b"tRNS", rows[1:7]))) == [[255] * 3, [6, 5, 36]]


def test_grey_with_alpha_is_laid_on_white() -> None:
    assert pixels(png(3, 1, 8, 4, b"\0\0\xff\0\x80\0\0")) == [[0] * 3, [127] * 3, [255] * 3]


@pytest.mark.parametrize("depth, top", [(1, 1), (2, 3), (4, 15)])
def test_shallow_greys_span_the_whole_range(depth: int, top: int) -> None:
    rows = bytes([0, top << (8 - depth)])
    assert pixels(png(2, 1, depth, 0, rows)) == [[255] * 3, [0] * 3]


def test_sixteen_bits_are_rounded() -> None:
    samples = np.array([[0, 257, 1000, 4095, 65535]], np.uint16)
    assert pixels(by_opencv(samples, ".png")) == [[0] * 3, [1] * 3, [4] * 3, [16] * 3, [255] * 3]


def test_of_an_animation_the_default_image_counts() -> None:
    frames = [Image.fromarray(np.full((9, 9, 3), grey, np.uint8)) for grey in (10, 100, 200)]
    file = io.BytesIO()
    frames[0].save(file, "PNG", save_all=True, append_images=frames[1:], default_image=True)
    assert (decode_image(file.getvalue()) == 10).all()


def test_an_unfinished_animation_still_has_its_default_image() -> None:
    data = with_png_chunk(by_pillow(SCENE, "PNG"), b"acTL", struct.pack(">II", 1000, 0))
    assert np.array_equal(decode_image(data), SCENE)


@pytest.mark.parametrize("kind, head", [(b"iCCP", b"x\0\0"), (b"zTXt", b"Raw profile type exif\0\0")])
def test_bombs_in_metadata_do_not_go_off(kind: bytes, head: bytes) -> None:
    bomb = zlib.compress(bytes(100_000_000), 9)
    started = time.perf_counter()
    assert np.array_equal(decode_image(with_png_chunk(by_pillow(SCENE, "PNG"), kind, head + bomb)), SCENE)
    assert time.perf_counter() - started < 1


def test_ten_thousand_chunks_take_no_time() -> None:
    data = by_pillow(SCENE, "PNG")
    stuffed = data[:33] + png_chunk(b"tEXt", b"key\0value") * 10_000 + data[33:]
    started = time.perf_counter()
    assert np.array_equal(decode_image(stuffed), SCENE)
    assert time.perf_counter() - started < 1


def test_a_wrong_checksum_in_the_picture_is_damage() -> None:
    data = bytearray(by_pillow(SCENE, "PNG"))
    data[data.index(b"IDAT") + 20] ^= 1
    with pytest.raises(UnreadableImage) as caught:
        decode_image(bytes(data))
    assert caught.value.kind == "damaged"


def test_a_wrong_checksum_in_metadata_does_not_matter() -> None:
    chunk = bytearray(png_chunk(b"tEXt", b"key\0value"))
    chunk[-1] ^= 1
    data = by_pillow(SCENE, "PNG")
    assert np.array_equal(decode_image(data[:33] + bytes(chunk) + data[33:]), SCENE)


def test_broken_orientation_counts_as_upright() -> None:
    for block in (b"", b"II", exif(6)[:12], b"XX*\0" + exif(6)[4:]):
        assert np.array_equal(decode_image(with_png_chunk(by_pillow(SCENE, "PNG"), b"eXIf", block)), SCENE)
