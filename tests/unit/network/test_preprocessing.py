"""A network sees the square in the centre of a picture, in the order and range of numbers it was trained with."""

import numpy as np
import pytest

from src.network.preprocessing import Preprocessing

PLAIN = Preprocessing(side=224, shorter=256, mean=(127, 127, 127), scale=(1 / 128,) * 3, is_rgb=True)


@pytest.mark.parametrize(
    ("width", "height", "window"),
    [
        (256, 256, (16 / 256, 16 / 256, 224 / 256, 224 / 256)),
        (512, 256, (144 / 512, 16 / 256, 224 / 512, 224 / 256)),
        (256, 640, (16 / 256, 208 / 640, 224 / 256, 224 / 640)),
        (1024, 512, (288 / 1024, 32 / 512, 448 / 1024, 448 / 512)),
        (64, 64, (4 / 64, 4 / 64, 56 / 64, 56 / 64)),
    ],
)
def test_the_window_is_the_middle_of_the_picture(
    width: int, height: int, window: tuple[float, float, float, float]
) -> None:
    blob, found = PLAIN.apply(np.zeros((height, width, 3), np.uint8))
    assert blob.shape == (1, 3, 224, 224)
    assert blob.dtype == np.float32
    assert found == pytest.approx(window)


def test_pixels_that_need_no_scaling_are_taken_as_they_are() -> None:
    image = np.random.default_rng(1).integers(0, 256, (256, 300, 3), np.uint8)
    blob, _ = PLAIN.apply(image)
    square = image[16:240, 38:262]
    assert np.array_equal(blob[0], ((square[:, :, ::-1].astype(np.float64) - 127) / 128).transpose(2, 0, 1))


def test_channels_are_in_the_order_that_the_network_takes() -> None:
    blue = np.full((256, 256, 3), (200, 100, 50), np.uint8)
    other = PLAIN._replace(mean=(10, 20, 30), scale=(1, 2, 4), is_rgb=False)
    assert other.apply(blue)[0][0, :, 0, 0].tolist() == [190, 160, 80]
    assert other._replace(is_rgb=True).apply(blue)[0][0, :, 0, 0].tolist() == [40, 160, 680]


@pytest.mark.parametrize(("width", "height"), [(1, 1), (2, 1), (1, 100_000), (100_000, 1), (60_000, 3), (5, 4000)])
def test_a_strip_however_long_costs_no_more_than_a_square(width: int, height: int) -> None:
    image = np.zeros((height, width, 3), np.uint8)
    rows, columns = (slice(max(0, size // 2 - 2), size // 2 + 3) for size in (height, width))
    image[rows, columns] = 255
    blob, window = PLAIN.apply(image)
    assert blob.shape == (1, 3, 224, 224)
    assert blob[0, :, 112, 112].min() > 0.9
    left, top, across, down = window
    assert left + across / 2 == pytest.approx(0.5, abs=2 / width)
    assert top + down / 2 == pytest.approx(0.5, abs=2 / height)


def test_a_long_picture_gives_what_its_middle_gives() -> None:
    """Where only the middle is scaled, nothing that the network sees may change."""
    image = np.random.default_rng(2).integers(0, 256, (256, 3000, 3), np.uint8)
    assert np.array_equal(PLAIN.apply(image)[0], PLAIN.apply(image[:, 1300:1700])[0])
