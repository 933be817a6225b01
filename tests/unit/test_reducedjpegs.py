"""Large JPEGs are decoded smaller for describing, and nothing else changes."""

import struct

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from src.colordescriptor import ColorDescriptor
from src.distance import chi_squared
from src.imagereader import Reading, decode_image
from tests.encodedpictures import exif
from tests.pictures import draw_picture


def jpeg(height: int, width: int, seed: int = 1, *options: int) -> bytes:
    picture = cv2.resize(draw_picture(seed, 60, 80), (width, height), interpolation=cv2.INTER_CUBIC)
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 80, *options])[1].tobytes())


@pytest.mark.parametrize(
    ("size", "decoded"),
    [
        ((1399, 2000), (1399, 2000)),
        ((1400, 2000), (700, 1000)),
        ((3000, 4000), (750, 1000)),
        ((3001, 4003), (751, 1001)),
        ((5600, 8000), (700, 1000)),
    ],
)
def test_at_least_seven_tenths_of_a_megapixel_remain(size: tuple[int, int], decoded: tuple[int, int]) -> None:
    data = jpeg(*size)
    assert decode_image(data).shape[:2] == size
    assert decode_image(data, Reading()).shape[:2] == decoded


def test_only_jpegs_are_reduced() -> None:
    data = cv2.imencode(".png", np.zeros((1500, 2000, 3), np.uint8))[1].tobytes()
    assert decode_image(data, Reading()).shape[:2] == (1500, 2000)


def test_the_limit_is_about_the_picture_as_it_is() -> None:
    with pytest.raises(Exception, match="12.0 megapixels; the limit is 10"):
        decode_image(jpeg(3000, 4000), Reading(10))


def features(data: bytes, reduced: bool) -> NDArray[np.float32]:
    return ColorDescriptor().describe(decode_image(data, Reading(full_resolution=not reduced)))


def test_the_description_hardly_moves_and_far_less_than_to_another_picture() -> None:
    for progressive in (0, 1):
        one, other = (jpeg(3000, 4000, seed, cv2.IMWRITE_JPEG_PROGRESSIVE, progressive) for seed in (1, 2))
        moved = float(chi_squared(features(one, True), features(one, False)))
        apart = float(chi_squared(features(one, False), features(other, False)))
        assert moved < 0.1 < apart / 10


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied_to_reduced_pictures_too(orientation: int) -> None:
    plain, block = jpeg(1600, 2400), exif(orientation)
    segment = b"Exif\0\0" + block.removeprefix(b"Exif\0\0")
    data = plain[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + plain[2:]
    large, small = decode_image(data), decode_image(data, Reading())
    assert small.shape[:2] == (large.shape[0] // 2, large.shape[1] // 2)
    shrunk = cv2.resize(large, (small.shape[1], small.shape[0]), interpolation=cv2.INTER_AREA)
    assert cv2.absdiff(small, shrunk.astype(np.uint8)).mean() < 2
