import numpy as np
import pytest

from src.colordescriptor import ColorDescriptor
from src.rootdescriptor import CENTRE_WEIGHT, ColorRootDescriptor
from tests.pictures import draw_picture

PICTURES = [draw_picture(number) for number in range(12)] + [
    np.full((1, 1, 3), 7, np.uint8), np.zeros((40, 30, 3), np.uint8), np.full((1, 90, 3), 255, np.uint8),
]  # fmt: skip


def test_the_squares_of_a_vector_are_what_share_of_a_region_each_colour_has() -> None:
    for picture in PICTURES:
        roots = ColorRootDescriptor().describe(picture).reshape(5, -1)
        histograms = ColorDescriptor().describe(picture).reshape(5, -1).astype(np.float64)
        roots[-1] /= CENTRE_WEIGHT
        for root, histogram in zip(roots, histograms, strict=True):
            np.testing.assert_allclose(root**2, histogram / max(histogram.sum(), 1e-9), atol=1e-6)


def test_many_pictures_get_the_vectors_that_each_gets() -> None:
    many = ColorRootDescriptor().describe_many(PICTURES)
    assert many.dtype == np.float32
    for vector, picture in zip(many, PICTURES, strict=True):
        assert vector.tobytes() == ColorRootDescriptor().describe(picture).tobytes()
    assert ColorRootDescriptor().describe_many([]).shape == (0, 1440)


@pytest.mark.parametrize("digits", [3, 9])
def test_vectors_of_the_two_colour_descriptors_are_told_apart_by_their_numbers(digits: int) -> None:
    color, root = ColorDescriptor(), ColorRootDescriptor()
    for picture in PICTURES:
        one, other = (np.round(maker.describe(picture), digits) for maker in (color, root))
        assert (color.recognises(one), root.recognises(one)) == (True, False)
        assert (color.recognises(other), root.recognises(other)) == (False, True)
        assert not root.recognises(-other)
    for stranger in (np.zeros(1440, np.float32), np.full(1440, np.nan, np.float32)):
        assert not root.recognises(stranger)


def test_a_vector_depends_on_the_bins_and_so_does_the_name() -> None:
    coarse = ColorRootDescriptor(bins=(4, 6, 2))
    assert coarse.name == "root-hsv-4x6x2-5-regions"
    assert coarse.describe(PICTURES[0]).shape == (coarse.dimension,) == (5 * 48,)
    assert ColorRootDescriptor(**coarse.options).name == coarse.name


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="a picture must be uint8"):
        ColorRootDescriptor().describe(np.zeros((3, 3), np.uint8))
