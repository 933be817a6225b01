"""What shows of a transparent picture, against the plain formula."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from src.formats.transparency import lay_on_ground
from src.imagereader import decode_image
from tests.encodedpictures import by_opencv, by_pillow, png, scene

RNG = np.random.default_rng(7)


def test_blending_is_exact_for_every_colour_and_alpha() -> None:
    colour, alpha = np.meshgrid(np.arange(256, dtype=np.uint8), np.arange(256, dtype=np.uint8))
    result = lay_on_ground(np.dstack([colour, colour, colour, alpha]))
    exact = colour * (alpha / 255.0) + 255 - alpha
    assert np.abs(result[..., 0] - exact).max() <= 0.5 + 1e-9


def test_premultiplied_blending_never_wraps_round() -> None:
    colour, alpha = np.meshgrid(np.arange(256, dtype=np.uint8), np.arange(256, dtype=np.uint8))
    result = lay_on_ground(np.dstack([colour, colour, colour, alpha]), premultiplied=True)
    assert np.array_equal(result[..., 0], np.minimum(colour, alpha).astype(int) + 255 - alpha)


def test_blocks_of_rows_make_no_difference() -> None:
    large = RNG.integers(0, 256, (700, 900, 4), np.uint8)
    parts = np.vstack([lay_on_ground(large[i : i + 50]) for i in range(0, 700, 50)])
    assert np.array_equal(lay_on_ground(large), parts)


def disc(colour: int | tuple[int, int, int], share: float = 0.2, size: int = 60) -> np.ndarray:
    """Draw a disc with soft edges on a transparent ground."""
    y, x = np.mgrid[:size, :size] - size / 2
    alpha = np.clip(np.sqrt(share / np.pi) * size - np.hypot(x, y), 0, 1) * 255
    return np.dstack([np.full((size, size, 3), colour, np.uint8), np.rint(alpha).astype(np.uint8)])


@pytest.mark.parametrize("colour", [255, 240, (225, 250, 255)])
@pytest.mark.parametrize("share", [0.01, 0.2, 0.7])
def test_white_shows_on_a_darker_ground(colour: int | tuple[int, int, int], share: float) -> None:
    picture = disc(colour, share)
    image = lay_on_ground(picture)
    assert (image[picture[..., 3] == 255] == colour).all()
    assert (image[picture[..., 3] == 0] == 64).all()


@pytest.mark.parametrize("colour", [0, 128, 200, (255, 255, 0), (255, 150, 255)])
def test_what_shows_on_white_stays_on_white(colour: int | tuple[int, int, int]) -> None:
    picture = disc(colour)
    image = lay_on_ground(picture)
    assert (image[picture[..., 3] == 0] == 255).all()
    assert (image[picture[..., 3] == 255] == colour).all()


def test_a_white_picture_with_a_faint_shadow_shows() -> None:
    picture = disc(255)
    picture[picture[..., 3] == 0] = 0, 0, 0, 20
    assert lay_on_ground(picture)[0, 0, 0] < 100


def test_thin_smoke_stays_on_white() -> None:
    smoke = np.zeros((40, 40, 4), np.uint8)
    smoke[..., 3] = 12
    assert (lay_on_ground(smoke) == 243).all()


def test_a_white_picture_with_something_in_it_stays_on_white() -> None:
    picture = disc(255, 0.7)
    picture[25:35, 20:40, :3] = 0
    assert (lay_on_ground(picture)[0, 0] == 255).all()


def test_a_photo_with_transparent_corners_stays_on_white() -> None:
    photo = np.dstack([scene(60, 60), disc(0, 0.95)[..., 3]])
    assert (lay_on_ground(photo)[0, 0] == 255).all()


def test_what_lies_under_transparent_parts_does_not_count() -> None:
    picture = disc(255)
    picture[picture[..., 3] == 0, :3] = 0, 0, 200
    assert np.array_equal(lay_on_ground(picture), lay_on_ground(disc(255)))


def test_premultiplied_white_shows_too() -> None:
    picture = disc(255)
    multiplied = picture.copy()
    multiplied[..., :3] = picture[..., 3:]
    assert np.abs(lay_on_ground(multiplied, premultiplied=True).astype(int) - lay_on_ground(picture)).max() <= 1


def test_nothing_at_all_is_white() -> None:
    assert (lay_on_ground(np.zeros((30, 40, 4), np.uint8)) == 255).all()


def test_blocks_of_rows_judge_as_one_picture() -> None:
    large = np.zeros((1200, 600, 4), np.uint8)
    large[:600] = 255
    large[700:, :, 2:] = 255
    # Red is seen, if only in the lower blocks.
    assert (lay_on_ground(large)[650] == 255).all()


def gif(picture: np.ndarray) -> bytes:
    file = io.BytesIO()
    image = Image.fromarray(np.where(picture[..., 3] > 128, 1, 0).astype(np.uint8), "P")
    image.putpalette([0, 0, 0, 255, 255, 255])
    image.save(file, "GIF", transparency=0)
    return file.getvalue()


def keyed_png(picture: np.ndarray) -> bytes:
    rows = b"".join(b"\0" + np.where(row > 128, 255, 7).astype(np.uint8).tobytes() for row in picture[..., 3])
    return png(picture.shape[1], picture.shape[0], 8, 0, rows, (b"tRNS", b"\0\7"))


CARRIERS: dict[str, Callable[[np.ndarray], bytes]] = {
    "png": lambda picture: by_pillow(picture, "PNG"),
    "png of 16 bits": lambda picture: by_opencv(picture.astype(np.uint16) * 257, ".png"),
    "png, grey": lambda picture: by_pillow(picture, "PNG", mode="LA"),
    "png, one transparent grey": keyed_png,
    "gif": gif,
    "webp": lambda picture: by_pillow(picture, "WEBP", lossless=True),
    "tiff": lambda picture: by_pillow(picture, "TIFF"),
    "ico": lambda picture: by_pillow(picture, "ICO", sizes=[(60, 60)]),
    "tga": lambda picture: by_pillow(picture, "TGA"),
}


@pytest.mark.parametrize("name", CARRIERS)
def test_two_white_pictures_are_two_pictures_in_every_format(name: str) -> None:
    round_one, bar = disc(255), np.zeros((60, 60, 4), np.uint8)
    bar[25:35, 5:55] = 255
    for picture in (round_one, bar):
        image = decode_image(CARRIERS[name](picture))
        assert (image[picture[..., 3] == 255] > 250).all()
        assert (image[picture[..., 3] == 0] == 64).all()
