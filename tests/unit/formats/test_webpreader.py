"""WebP: headers of the three layouts, and animations."""

import io

import numpy as np
import pytest
from PIL import Image

from src.formats.webpreader import read_header
from src.imagereader import UnreadableImage, decode_image
from tests.encodedpictures import by_pillow, exif, pillow_exif, scene, webp_with_exif

SCENE = scene(47, 65)


def test_each_layout_tells_its_size_and_alpha() -> None:
    bgra = np.dstack([SCENE, SCENE[..., 0]])
    kinds = {
        "lossy": (by_pillow(SCENE, "WEBP"), False),
        "lossless": (by_pillow(SCENE, "WEBP", lossless=True), False),
        "lossy with alpha": (by_pillow(bgra, "WEBP"), True),
        "lossless with alpha": (by_pillow(bgra, "WEBP", lossless=True), True),
    }
    for name, (data, alpha) in kinds.items():
        header = read_header(data)
        assert (header.width, header.height, header.animated) == (65, 47, False), name
        assert header.alpha == alpha, name


def test_the_first_frame_of_an_animation_counts() -> None:
    frames = [Image.fromarray(np.full((20, 20, 3), grey, np.uint8)) for grey in (10, 100, 200)]
    file = io.BytesIO()
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    assert read_header(file.getvalue()).animated
    assert (decode_image(file.getvalue()) == 10).all()


def test_an_animation_is_laid_on_white() -> None:
    frames = [Image.new("RGBA", (20, 20), (255, 0, 0, alpha)) for alpha in (0, 255)]
    file = io.BytesIO()
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    assert (decode_image(file.getvalue()) == 255).all()


@pytest.mark.parametrize("block", [b"", b"Exif\0\0", exif(6)[:15], b"\xff" * 40])
def test_a_broken_exif_chunk_counts_as_upright(block: bytes) -> None:
    data = webp_with_exif(by_pillow(SCENE, "WEBP", lossless=True), 65, 47, block)
    assert np.array_equal(decode_image(data), SCENE)


def test_a_container_without_a_picture_is_damaged() -> None:
    with pytest.raises(UnreadableImage, match="without a picture"):
        decode_image(b"RIFF\x20\0\0\0WEBPEXIF\x14\0\0\0" + bytes(20))


@pytest.mark.parametrize("lossless", [False, True])
def test_metadata_that_is_cut_does_not_matter(lossless: bool) -> None:
    data = by_pillow(SCENE, "WEBP", lossless=lossless, exif=pillow_exif(6), xmp=b"<x/>" * 5)
    whole = decode_image(data)
    picture_end = data.index(b"EXIF")
    for end in range(picture_end - 20, len(data)):
        try:
            image = decode_image(data[:end])
        except UnreadableImage as error:
            assert end < picture_end
            assert error.kind == "truncated"
        else:
            # Its orientation may be what is missing.
            assert np.array_equal(image, whole) or np.array_equal(np.rot90(image, -1), whole)
            assert end >= picture_end - 1
