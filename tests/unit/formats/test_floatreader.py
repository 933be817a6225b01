"""HDR and PFM: linear light, exposure and ranges."""

import numpy as np

from src.imagereader import decode_image
from tests.encodedpictures import by_opencv, difference, scene
from tests.unit.formats.refusal import refusal

SCENE = scene()


def test_hdr_gets_the_srgb_curve() -> None:
    linear = np.full((16, 16, 3), 0.2158, np.float32)
    assert difference(decode_image(by_opencv(linear, ".hdr")), np.full((16, 16, 3), 128)) <= 1
    bright = np.full((16, 16, 3), 0.5, np.float32)
    bright[:4] = 7
    assert (decode_image(by_opencv(bright, ".hdr"))[:4] == 255).all()


def test_hdr_without_an_exposure_is_refused() -> None:
    assert refusal(by_opencv(np.full((16, 16, 3), 500, np.float32), ".hdr")).kind == "unsupported format"


def test_a_cut_hdr_is_refused() -> None:
    data = by_opencv(SCENE.astype(np.float32) / 255, ".hdr")
    for end in (len(data) - 1, len(data) // 2, 60, 15):
        assert refusal(data[:end]).kind in ("damaged", "unsupported format")


def test_pfm_of_an_unknown_range_is_refused() -> None:
    assert refusal(by_opencv(SCENE.astype(np.float32) * 50, ".pfm")).kind == "unsupported format"
