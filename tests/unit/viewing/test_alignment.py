import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from src.imagereader import decode_image
from src.viewing.alignment import Alignment, align, whole_on_whole
from src.viewing.resultlayout import Box
from tests.pictures import draw_picture

Image8 = NDArray[np.uint8]
HEIGHT, WIDTH = 300, 400
PHOTO = cv2.GaussianBlur(draw_picture(3, HEIGHT, WIDTH), (0, 0), 1).astype(np.uint8)


def resized(picture: Image8, width: int, height: int) -> Image8:
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8)


def farthest(found: Alignment, true: Alignment, copy: Image8) -> float:
    """Return how far corners of a copy are from where they belong, in pixels of the picture."""
    across = [x * (found.across - true.across) + found.left - true.left for x in (0, copy.shape[1])]
    down = [y * (found.down - true.down) + found.top - true.top for y in (0, copy.shape[0])]
    return float(np.abs(across + down).max())


def compressed(picture: Image8) -> Image8:
    return decode_image(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 40])[1].tobytes())


CUT = PHOTO[12:280, 30:390]
FRAME = cv2.copyMakeBorder(PHOTO, 20, 20, 30, 10, cv2.BORDER_CONSTANT, value=(255, 255, 255)).astype(np.uint8)
CASES = {
    "cropped": (CUT, Alignment(1, 1, 30, 12)),
    "bordered": (FRAME, Alignment(1, 1, -30, -20)),
    "cropped, halved and compressed": (compressed(resized(CUT, 180, 134)), Alignment(2, 2, 30, 12)),
    "cropped and stretched to the old size": (resized(CUT, WIDTH, HEIGHT), Alignment(0.9, 268 / 300, 30, 12)),
    "cropped and brightened": (np.clip(CUT * 1.2 + 20, 0, 255).astype(np.uint8), Alignment(1, 1, 30, 12)),
}


@pytest.mark.parametrize("case", CASES)
def test_a_copy_is_laid_where_it_was_cut_from(case: str) -> None:
    copy, true = CASES[case]
    assert farthest(align(PHOTO, copy), true, copy) < 1


def test_a_copy_of_all_lies_on_all_though_its_shape_and_colours_differ() -> None:
    for copy in (PHOTO, resized(PHOTO, 200, 250), 255 - PHOTO, draw_picture(9, 200, 100)):
        assert align(PHOTO, copy) == whole_on_whole(PHOTO, copy)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (40_000, 2), (5, 5)])
def test_pictures_without_content_or_of_hostile_shapes_lie_on_each_other_as_wholes(shape: tuple[int, int]) -> None:
    plain = np.full((*shape, 3), 200, np.uint8)
    assert align(plain, PHOTO) == whole_on_whole(plain, PHOTO)
    assert align(PHOTO, plain) == whole_on_whole(PHOTO, plain)


def test_an_alignment_can_be_turned_around_and_lays_parts() -> None:
    place = Alignment(2.0, 4.0, 10.0, -8.0)
    assert place.reverse().reverse() == place
    assert place.box_of(Box(5, 2, 10, 10)) == Box(20, 0, 20, 40)
    assert place.reverse().box_of(Box(20, 0, 20, 40)) == Box(5, 2, 10, 10)


def test_pixels_that_are_nearly_on_pixels_are_laid_there() -> None:
    assert Alignment(1.0004, 0.9996, 30.2, 11.9).on_grid((300, 400, 3), 0.4) == Alignment(1, 1, 30, 12)
    for other in (Alignment(1.002, 1, 30, 12), Alignment(1, 1, 30.5, 12)):
        assert other.on_grid((300, 400, 3), 0.4) == other
