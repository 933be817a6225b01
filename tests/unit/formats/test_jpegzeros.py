"""Zeros in a JPEG: a lost sector, or sound picture data."""

from typing import Any

import cv2
import numpy as np
import pytest

from src.imagereader import UnreadableImage, decode_image
from tests.encodedpictures import by_pillow, difference, exif, scene

SCENE = scene()


def noise(height: int = 300, width: int = 400) -> np.ndarray:
    rng = np.random.default_rng(0)
    return cv2.resize(rng.integers(0, 256, (height // 10, width // 10, 3), np.uint8), (width, height))


@pytest.mark.parametrize("options", [{}, {"optimize": True}])
@pytest.mark.parametrize("place", [0.1, 0.4, 0.7, 0.95])
def test_a_lost_sector_is_noticed(options: Any, place: float) -> None:
    data = bytearray(by_pillow(noise(), "JPEG", quality=95, **options))
    start = int(len(data) * place)
    data[start : start + 4096] = bytes(len(data[start : start + 4096]))
    with pytest.raises(UnreadableImage) as caught:
        decode_image(bytes(data))
    assert caught.value.kind in ("damaged", "truncated")


@pytest.mark.parametrize("grey", [0, 128, 255])
@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("options", [{}, {"optimize": True}, {"progressive": True}, {"restart_marker_rows": 1}])
def test_flat_pictures_whose_data_really_is_zeros_are_sound(grey: int, mode: str, options: Any) -> None:
    flat = np.full((600, 800, 3), grey, np.uint8)
    flat[300:320, 200:600] = noise(20, 400)
    image = decode_image(by_pillow(flat, "JPEG", mode=mode, **options))
    assert difference(image[:280], flat[:280]) <= 2


def test_zeros_in_metadata_do_not_matter() -> None:
    data = by_pillow(SCENE, "JPEG", comment=bytes(500), exif=b"Exif\0\0" + exif(1) + bytes(500))
    assert decode_image(data).shape == SCENE.shape
