"""The part of a query that was searched by, drawn into the whole query."""

import numpy as np
import pytest

from src.imagepart import Cut
from src.viewing.palette import ACCENT
from src.viewing.partdrawing import SMALLEST_FRAME, draw_part

PICTURE = np.full((120, 160, 3), 200, np.uint8)


def drawn(cut: Cut) -> np.ndarray:
    return draw_part(PICTURE, cut, cut.of(PICTURE))


def test_the_part_is_framed_and_the_rest_is_dimmed() -> None:
    seen = drawn(Cut(40, 30, 80, 60, 160, 120))
    rows, columns = np.nonzero((seen == ACCENT).all(axis=2))
    assert (columns.min(), columns.max(), rows.min(), rows.max()) == (40, 119, 30, 89)
    assert (seen[45:75, 55:105] == 200).all()
    assert seen[10, 10].max() < 100


@pytest.mark.parametrize("corner", [(80, 60), (0, 0), (159, 119), (0, 60), (159, 0)])
def test_a_part_too_small_to_be_seen_has_a_frame_around_it(corner: tuple[int, int]) -> None:
    seen = drawn(Cut(*corner, 1, 1, 160, 120))
    rows, columns = np.nonzero((seen == ACCENT).all(axis=2))
    for places, own, room in ((columns, corner[0], 160), (rows, corner[1], 120)):
        assert places.min() <= own <= places.max()
        assert np.ptp(places) >= min(SMALLEST_FRAME, room) // 2


def test_a_part_of_a_picture_smaller_than_a_frame_is_drawn() -> None:
    tiny = np.full((3, 2, 3), 200, np.uint8)
    cut = Cut(1, 1, 1, 1, 2, 3)
    assert draw_part(tiny, cut, cut.of(tiny)).shape == tiny.shape
