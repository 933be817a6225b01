"""TIFF: what the samples mean, by tags, depth, layout and byte order; camera files in disguise."""

import io
from typing import Any, Literal

import numpy as np
import pytest
from PIL import Image

from src.imagereader import decode_image
from tests.encodedpictures import by_pillow, difference, scene, tiff
from tests.unit.formats.refusal import refusal

SCENE = scene()
RGB = np.ascontiguousarray(SCENE[..., ::-1])
GREY = np.ascontiguousarray(SCENE[..., 1:2])
GREY_BGR = np.repeat(GREY, 3, axis=2)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("tile", [0, 16, 32])
@pytest.mark.parametrize("depth", [8, 16])
def test_chunky_rgb_of_any_layout(order: Literal["<", ">"], tile: int, depth: int) -> None:
    samples = RGB if depth == 8 else RGB.astype(np.uint16) * 257
    assert np.array_equal(decode_image(tiff(samples, 2, order=order, tile=tile)), SCENE)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("tile", [0, 16])
def test_planar_rgb_of_8_bits(order: Literal["<", ">"], tile: int) -> None:
    assert np.array_equal(decode_image(tiff(RGB, 2, order=order, tile=tile, planar=2)), SCENE)


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("samples", [np.uint16, np.float32])
def test_planes_that_decoders_mix_up_are_refused(channels: int, samples: type) -> None:
    planes: Any = np.dstack([RGB, GREY])[..., :channels].astype(samples)
    tags: Any = {"t338": 2} if channels == 4 else {}
    assert refusal(tiff(planes, 2, planar=2, **tags)).kind == "unsupported format"


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("depth", [8, 16])
def test_white_may_be_zero(order: Literal["<", ">"], depth: int) -> None:
    samples = 255 - GREY if depth == 8 else 65535 - GREY.astype(np.uint16) * 257
    assert np.array_equal(decode_image(tiff(samples, 0, order=order)), GREY_BGR)


@pytest.mark.parametrize("compression", [None, "group4", "packbits"])
def test_black_and_white(compression: str | None) -> None:
    options: Any = {"compression": compression} if compression else {}
    image = decode_image(by_pillow(np.uint8(255) * (GREY[..., 0] > 128), "TIFF", mode="1", **options))
    assert np.array_equal(image[..., 0] == 255, GREY[..., 0] > 128)


@pytest.mark.parametrize("bits", [8, 10, 12, 16])
def test_sixteen_bit_samples_of_fewer_bits_use_their_range(bits: int) -> None:
    top = 2**bits - 1
    samples = np.rint(GREY.astype(float) / GREY.max() * top).astype(np.uint16)
    expected = np.rint(GREY_BGR.astype(float) / GREY.max() * 255)
    assert difference(decode_image(tiff(samples, 1)), expected) <= 0.5


def test_a_declared_range_is_used() -> None:
    samples = GREY.astype(np.uint16) * 50
    expected = np.rint(GREY_BGR.astype(float) * 50 / 16383 * 255)
    assert difference(decode_image(tiff(samples, 1, t281=16383)), expected) <= 0.5


def test_a_declared_range_that_is_wrong_is_not_believed() -> None:
    samples = GREY.astype(np.uint16) * 257
    assert np.array_equal(decode_image(tiff(samples, 1, t281=300)), GREY_BGR)


def test_an_ordinary_dark_picture_is_not_stretched() -> None:
    samples = GREY.astype(np.uint16) * 60
    assert difference(decode_image(tiff(samples, 1)), GREY_BGR * (60 / 257)) <= 0.5


@pytest.mark.parametrize("scale", [1, 255])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_floating_point_of_a_known_range(scale: int, channels: int, kind: type) -> None:
    samples = (RGB if channels == 3 else GREY).astype(kind) / 255 * scale
    image = decode_image(tiff(samples, 2 if channels == 3 else 1))
    assert difference(image, SCENE if channels == 3 else GREY_BGR) <= 0.5


@pytest.mark.parametrize("low, high", [(-1, 1), (0, 1000), (-5, 200), (0, 20), (0, np.nan), (0, np.inf)])
def test_floating_point_of_an_unknown_range_is_refused(low: float, high: float) -> None:
    samples = (GREY.astype(np.float32) / 255) ** 4
    samples = low + samples * (20 if not np.isfinite(high) else high - low)
    samples[0, 0], samples[0, 1] = high, low
    assert refusal(tiff(samples, 1)).kind == "unsupported format"


def test_cmyk() -> None:
    inks = np.dstack([255 - RGB, np.zeros_like(GREY)])
    assert difference(decode_image(tiff(inks, 5)), SCENE) <= 0.5


def test_cmyk_in_planes() -> None:
    inks = np.dstack([255 - RGB, np.zeros_like(GREY)])
    assert difference(decode_image(tiff(inks, 5, planar=2)), SCENE) <= 0.5


@pytest.mark.parametrize(
    "lab, bgr",
    [
        ((136, 80, 67), (0, 0, 255)),
        ((224, 170, 83), (0, 255, 0)),
        ((82, 79, 148), (255, 0, 0)),
        ((255, 0, 0), (255, 255, 255)),
    ],
)
def test_lab_comes_out_in_the_right_colours(lab: tuple[int, ...], bgr: tuple[int, ...]) -> None:
    samples = np.tile(np.array(lab, np.uint8), (8, 8, 1))
    assert difference(decode_image(tiff(samples, 8)), np.tile(np.array(bgr), (8, 8, 1))) <= 8


def test_palette() -> None:
    image = decode_image(by_pillow(SCENE, "TIFF", mode="P"))
    assert difference(image, SCENE) < 30 and np.ptp(image, axis=2).max() > 100


def test_ycbcr_in_jpeg() -> None:
    assert difference(decode_image(by_pillow(SCENE, "TIFF", compression="jpeg", quality=95)), SCENE) <= 3


@pytest.mark.parametrize("samples", [GREY.view(np.int8), GREY.astype(np.int16), GREY.astype(np.uint32)])
def test_samples_without_a_known_range_are_refused(samples: np.ndarray) -> None:
    assert refusal(tiff(samples, 1)).kind == "unsupported format"


def test_an_extra_sample_that_is_not_alpha_is_ignored() -> None:
    for samples in (np.dstack([RGB, GREY]), np.dstack([RGB, GREY]).astype(np.uint16) * 257):
        assert np.array_equal(decode_image(tiff(samples, 2, t338=0)), SCENE)


def test_the_first_page_counts() -> None:
    first, second = (Image.fromarray(np.full((9, 9, 3), grey, np.uint8)) for grey in (10, 200))
    file = io.BytesIO()
    first.save(file, "TIFF", save_all=True, append_images=[second])
    assert (decode_image(file.getvalue()) == 10).all()


@pytest.mark.parametrize("tags", [{"t262": 32803}, {"t262": 34892}, {"t259": 34713}, {"t259": 32767}, {"t50706": 1}])
def test_a_camera_file_is_refused_by_name(tags: Any) -> None:
    assert "raw" in refusal(tiff(GREY.astype(np.uint16), 1, **tags)).reason


def test_a_thumbnail_before_a_camera_picture_does_not_pass_for_it() -> None:
    # NewSubfileType 1 (a smaller version) with directories below it, as NEF and ARW begin.
    assert "raw" in refusal(tiff(RGB, 2, t254=1, t330=8)).reason


@pytest.mark.parametrize("bytes_lost", [1, 100, 5000])
@pytest.mark.parametrize("depth", [8, 16])
def test_strips_beyond_the_end_are_refused(bytes_lost: int, depth: int) -> None:
    samples = RGB if depth == 8 else RGB.astype(np.uint16) * 257
    moved = tiff(samples, 2).replace(b"\x11\x01\x04\0\1\0\0\0\x08\0\0\0", b"\x11\x01\x04\0\1\0\0\0" + b"\0\0\0\0", 1)
    size = len(moved) - samples.nbytes + bytes_lost
    data = moved.replace(b"\x11\x01\x04\0\1\0\0\0\0\0\0\0", b"\x11\x01\x04\0\1\0\0\0" + size.to_bytes(4, "little"), 1)
    assert refusal(data).kind == "truncated"


def test_a_damaged_deep_strip_is_refused() -> None:
    data = bytearray(by_pillow(SCENE, "TIFF", compression="tiff_adobe_deflate"))
    start = data.index(b"\x78", 8)
    data[start + 40 : start + 80] = bytes(40)
    assert refusal(bytes(data)).kind in ("damaged", "truncated")
