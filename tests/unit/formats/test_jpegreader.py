"""JPEG: inks, damage that libjpeg passes over, and odd headers."""

import io
import struct

import cv2
import numpy as np
import pytest
from PIL import Image

from src.imagereader import Reading, UnreadableImage, decode_image
from tests.encodedpictures import by_opencv, by_pillow, difference, scene
from tests.losslessjpegs import lossless_jpeg
from tests.unit.formats.refusal import refusal

SCENE = scene()
INKS = np.dstack([SCENE, np.full(SCENE.shape[:2], 40, np.uint8)])
PAPER = ((255 - INKS[..., [2, 1, 0]].astype(float)) * (255 - 40) / 255).round()


def cmyk_jpeg(channels: np.ndarray) -> bytes:
    """Encode four channels as Pillow does: inverted, with an Adobe segment."""
    file = io.BytesIO()
    Image.merge("CMYK", [Image.fromarray(np.ascontiguousarray(channels[..., i])) for i in range(4)]).save(
        file, "JPEG", quality=98
    )
    return file.getvalue()


def without_segment(data: bytes, marker: bytes) -> bytes:
    start = data.index(marker)
    (length,) = struct.unpack_from(">H", data, start + 2)
    return data[:start] + data[start + 2 + length :]


def test_inverted_inks_of_adobe_come_out_in_the_right_colours() -> None:
    assert difference(decode_image(cmyk_jpeg(INKS)), PAPER) <= 2


def test_inks_without_an_adobe_segment_are_not_inverted() -> None:
    assert difference(decode_image(without_segment(cmyk_jpeg(255 - INKS), b"\xff\xee")), PAPER) <= 2


def test_ycck_comes_out_in_the_right_colours() -> None:
    ycc = cv2.cvtColor(np.ascontiguousarray(INKS[..., :3]), cv2.COLOR_RGB2YCrCb)[..., [0, 2, 1]]
    stored = np.dstack([ycc, 255 - INKS[..., 3]])
    data = bytearray(cmyk_jpeg(255 - stored))
    data[data.index(b"Adobe") + 11] = 2
    assert difference(decode_image(bytes(data)), PAPER) <= 3


def test_rgb_without_colour_transform_comes_out_in_the_right_colours() -> None:
    data = by_pillow(SCENE, "JPEG", quality=98, keep_rgb=True)
    assert difference(decode_image(data), SCENE) <= 2


def test_grey_comes_out_grey() -> None:
    image = decode_image(by_pillow(SCENE, "JPEG", mode="L"))
    assert np.ptp(image, axis=2).max() == 0


def test_what_follows_the_picture_does_not_matter() -> None:
    data = by_pillow(SCENE, "JPEG")
    assert np.array_equal(decode_image(data + bytes(1000)), decode_image(data))


def test_only_the_first_picture_of_several_counts() -> None:
    first, second = (Image.fromarray(np.full((40, 40, 3), grey, np.uint8)) for grey in (10, 240))
    file = io.BytesIO()
    first.save(file, "MPO", save_all=True, append_images=[second])
    assert abs(int(decode_image(file.getvalue()).mean()) - 10) <= 1


@pytest.mark.parametrize("precision", [12, 16])
def test_deep_jpegs_are_refused_by_name(precision: int) -> None:
    data = bytearray(by_pillow(SCENE, "JPEG"))
    data[data.index(b"\xff\xc0") + 4] = precision
    with pytest.raises(UnreadableImage, match=f"{precision}-bit JPEG"):
        decode_image(bytes(data))


def test_damage_that_opencv_notices_is_named() -> None:
    data = bytearray(by_opencv(SCENE, ".jpg"))
    tables = data.index(b"\xff\xc4")
    data[tables + 5 : tables + 21] = b"\xff" * 16
    with pytest.raises(UnreadableImage) as caught:
        decode_image(bytes(data))
    assert caught.value.kind == "damaged"


@pytest.mark.parametrize("predictor", [1, 2, 7])
def test_a_lossless_jpeg_is_read(predictor: int) -> None:
    assert np.array_equal(decode_image(lossless_jpeg(SCENE[..., ::-1], predictor=predictor)), SCENE)
    grey = decode_image(lossless_jpeg(SCENE[..., 1], predictor=predictor))
    assert np.array_equal(grey, np.dstack([SCENE[..., 1]] * 3))


def test_a_large_lossless_jpeg_is_read_in_full() -> None:
    large = scene(200, 300)
    data = lossless_jpeg(large[..., ::-1])
    assert np.array_equal(decode_image(data, Reading(fewest_pixels=100)), large)


@pytest.mark.parametrize("bits", [12, 16])
def test_a_deep_lossless_jpeg_is_refused_for_its_depth(bits: int) -> None:
    deep = SCENE[..., 1].astype(np.uint16) * np.uint16(1 << (bits - 8))
    assert refusal(lossless_jpeg(deep, bits=bits)).reason.startswith(f"a {bits}-bit JPEG")


@pytest.mark.parametrize("frame", [0xC5, 0xC7, 0xCB])
def test_a_jpeg_that_no_decoder_reads_is_refused_by_its_kind(frame: int) -> None:
    data = bytearray(by_pillow(SCENE, "JPEG"))
    data[data.index(b"\xff\xc0") + 1] = frame
    assert refusal(bytes(data)).kind == "unsupported format"
