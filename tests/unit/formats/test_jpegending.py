"""JPEGs without their end marker: decoded if and only if no pixel is missing."""

from typing import Any

import numpy as np
import pytest

from src.imagereader import Reading, UnreadableImage, decode_image
from tests.encodedpictures import by_pillow, scene
from tests.losslessjpegs import lossless_jpeg
from tests.unit.formats.refusal import refusal

SCENE = scene(49, 67)
NOISE = np.random.default_rng(0).integers(0, 256, (61, 77, 3), np.uint8)
FLAT = np.full((90, 150, 3), 90, np.uint8)
FLAT[:4] = 200
CODINGS: dict[str, dict[str, Any]] = {
    "baseline": {"subsampling": 0},
    "4:2:0": {"subsampling": 2},
    "best quality": {"quality": 100},
    "worst quality": {"quality": 5, "optimize": True},
    "progressive": {"progressive": True},
    "restart markers": {"restart_marker_blocks": 3},
    "restart markers, a row each": {"restart_marker_rows": 1},
    "progressive with restart markers": {"progressive": True, "restart_marker_blocks": 4},
    "grey": {"mode": "L"},
    "inks": {"mode": "CMYK"},
}


@pytest.mark.parametrize("image", [SCENE, NOISE, FLAT], ids=["scene", "noise", "flat"])
@pytest.mark.parametrize("coding", CODINGS)
def test_no_pixel_is_made_up_wherever_a_jpeg_is_cut(coding: str, image: np.ndarray) -> None:
    data = by_pillow(image, "JPEG", **CODINGS[coding])
    check_cuts(data)


@pytest.mark.parametrize("predictor", [1, 7])
def test_no_pixel_is_made_up_wherever_a_lossless_jpeg_is_cut(predictor: int) -> None:
    check_cuts(lossless_jpeg(SCENE[..., ::-1], predictor=predictor))


def check_cuts(data: bytes) -> None:
    whole = decode_image(data)
    for cut in range(1, 300):
        try:
            image = decode_image(data[:-cut])
        except UnreadableImage as error:
            assert cut > 2
            assert error.kind in ("truncated", "damaged")
        else:
            assert np.array_equal(image, whole), cut


def test_a_reduced_jpeg_without_its_end_is_the_reduced_picture() -> None:
    large, reading = by_pillow(scene(960, 1280), "JPEG", quality=95), Reading(fewest_pixels=1000)
    whole = decode_image(large, reading)
    assert whole.shape[0] < 960
    assert np.array_equal(decode_image(large[:-2], reading), whole)
    # What is missing shows at full size only, but a picture is whole or not, however it is read.
    assert refusal(large[:-12], reading).kind == "truncated"


def test_a_progressive_jpeg_without_its_last_scans_is_refused() -> None:
    data = by_pillow(NOISE, "JPEG", progressive=True)
    scans = [at for at in range(len(data)) if data.startswith(b"\xff\xda", at)]
    assert len(scans) > 5
    for start in scans[1:]:
        tables = data.rindex(b"\xff\xc4", 0, start)
        for end in (start, start + 1, start + 4, start + 10, tables):
            assert refusal(data[:end]).kind == "truncated"


def test_a_picture_without_its_last_restart_intervals_is_refused() -> None:
    data = by_pillow(FLAT, "JPEG", restart_marker_blocks=3)
    marks = [at for at in range(len(data)) if data[at] == 0xFF and 0xD0 <= data[at + 1] <= 0xD7]
    for at in marks[-20:]:
        for end in (at, at + 1, at + 2):
            assert refusal(data[:end]).kind == "truncated"
