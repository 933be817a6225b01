"""The legend of an explained result picture is read to its end."""

import numpy as np
import pytest
from numpy.typing import NDArray

from src.viewing.legend import OF_PLACES, draw_legend


def drawn(left: int, width: int) -> tuple[int, NDArray[np.uint8]]:
    """Return where a legend begins, and its pixels."""
    page = np.zeros((40, width, 3), np.uint8)
    draw_legend(page, OF_PLACES, left, 20, 14)
    columns = np.flatnonzero(page.max(axis=2).max(axis=0))
    return int(columns[0]), page[:, columns[0] : columns[-1] + 1]


def test_a_legend_begins_further_left_rather_than_being_cut_off() -> None:
    start, whole = drawn(500, 2000)
    assert start == pytest.approx(500, abs=3)
    start, same = drawn(500, 900)
    assert start < 500 and start + same.shape[1] < 900 - 8  # Between it and the edge there is room.
    assert np.array_equal(same, whole)
