"""A part of a picture, as people ask for it and as it is found in the picture."""

import numpy as np
import pytest

from src.errors import UnreadableImage
from src.imagepart import Cut, Part, reduced


@pytest.mark.parametrize(
    ("text", "size", "cut"),
    [
        ("0,0,1,1", (640, 480), (0, 0, 640, 480)),
        ("0.5,0.25,0.25,0.5", (640, 480), (320, 120, 160, 240)),
        ("0.1,0.2,0.3,0.7", (1000, 1000), (100, 200, 300, 700)),
        (" 10, 20, 30, 40", (640, 480), (10, 20, 30, 40)),
        ("600,400,100,100", (640, 480), (600, 400, 40, 80)),
        ("0,0,5000,5000", (640, 480), (0, 0, 640, 480)),
        ("0.999,0.999,1e-6,1e-6", (3, 2), (2, 1, 1, 1)),
        ("1,1,2,2", (640, 480), (1, 1, 2, 2)),
    ],
)
def test_pixels_and_shares_name_a_rectangle_of_the_picture(
    text: str, size: tuple[int, int], cut: tuple[int, int, int, int]
) -> None:
    assert Part.parse(text).cut(*size) == (*cut, *size)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "four numbers"),
        ("1,2,3", "four numbers"),
        ("1,2,3,4,5", "four numbers"),
        ("a,b,c,d", "four numbers"),
        ("1;2;3;4", "four numbers"),
        ("nan,0,1,1", "from 0 up"),
        ("0,0,inf,1", "from 0 up"),
        ("-1,0,10,10", "from 0 up"),
        ("0,0,0,1", "wider and higher"),
        ("10,10,20,0", "wider and higher"),
        ("0.5,0,200,100", "whole pixels"),
        ("0.5,0,1.5,1", "whole pixels"),
    ],
)
def test_what_is_no_part_is_told(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Part.parse(text)


@pytest.mark.parametrize("text", ["640,0,10,10", "0,480,10,10", "1,0,0.5,1", "9999,9999,1,1"])
def test_a_part_outside_of_the_picture_is_refused_with_its_size(text: str) -> None:
    with pytest.raises(UnreadableImage, match="640 x 480 pixels"):
        Part.parse(text).cut(640, 480)


def test_a_cut_is_the_same_place_of_a_picture_of_any_size() -> None:
    picture = np.zeros((480, 640, 3), np.uint8)
    picture[120:360, 160:320] = 255
    cut = Cut(160, 120, 160, 240, 640, 480)
    assert cut.of(picture).shape == (240, 160, 3)
    assert cut.of(picture).min() == 255
    assert cut.of(picture[::4, ::4]).shape == (60, 40, 3)
    assert cut.of(picture[::4, ::4]).min() == 255
    assert Cut(639, 479, 1, 1, 640, 480).of(picture[:1, :1]).shape == (1, 1, 3)


def test_a_picture_is_reduced_as_a_large_jpeg_is_read() -> None:
    picture = np.arange(5 * 9 * 3, dtype=np.uint8).reshape(5, 9, 3)
    assert reduced(picture, 2).shape == (3, 5, 3)
    assert np.array_equal(reduced(picture[:, ::-1], 1), picture[:, ::-1])
