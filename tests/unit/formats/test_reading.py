import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.formats.reading import FULL_RESOLUTION, Reading

SIDES = st.integers(1, 20_000)


@pytest.mark.parametrize(
    ("width", "height", "scale"),
    [(1399, 2000, 1), (1400, 2000, 2), (4000, 2800, 4), (8000, 5600, 8), (30_000, 30_000, 8), (1, 1, 1)],
)
def test_seven_tenths_of_a_megapixel_remain_by_default(width: int, height: int, scale: int) -> None:
    assert Reading().scale(width, height) == Reading().scale(height, width) == scale


@given(SIDES, SIDES, st.integers(1, 2_000_000), st.integers(1, 500))
def test_the_scale_is_the_largest_that_leaves_enough(width: int, height: int, pixels: int, side: int) -> None:
    def leaves_enough(scale: int) -> bool:
        return width * height / scale**2 >= pixels and min(width, height) / scale >= side

    scale = Reading(fewest_pixels=pixels, shortest_side=side).scale(width, height)
    assert scale == max([1, *filter(leaves_enough, (2, 4, 8))])


def test_a_narrow_picture_keeps_its_shorter_side() -> None:
    assert Reading(shortest_side=200).scale(100_000, 500) == 2


@given(SIDES, SIDES)
def test_in_full_resolution_nothing_is_divided(width: int, height: int) -> None:
    assert FULL_RESOLUTION.scale(width, height) == 1
