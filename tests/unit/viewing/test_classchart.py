import numpy as np
import pytest
from numpy.typing import NDArray

from src.viewing.classchart import MOST_CLASSES, NAME_WIDTH, Classes, Mark, chart_height, draw_classes, row_height
from src.viewing.palette import ACCENT, BACKGROUND, PANEL, UNLIKE
from src.viewing.resultlayout import Box

WIDTH = 1456


def classes(count: int, confusion: NDArray[np.float64]) -> Classes:
    names, precisions = [f"class {number}" for number in range(count)], [[1.0] * count, [0.0] * count]
    return Classes(names, [7] * count, precisions, confusion, 3, "color")


def drawn(shown: Classes) -> NDArray[np.uint8]:
    page = np.full((chart_height(shown), WIDTH, 3), BACKGROUND, np.uint8)
    draw_classes(page, Box(0, 0, WIDTH, len(page)), shown, [Mark(ACCENT), Mark(UNLIKE)])
    return page


@pytest.mark.parametrize("count", [2, 10, MOST_CLASSES])
def test_a_class_has_a_row_of_marks_and_a_row_of_the_matrix(count: int) -> None:
    page, size = drawn(classes(count, np.eye(count))), row_height(count)
    top = page.shape[0] - 40 - size * count
    left = WIDTH - size * count
    for row in range(count):
        middle = top + row * size + size // 2
        # In the corners of cells there are no numbers.
        corners = page[top + row * size + 2, left + 2 :: size][:count].tolist()
        assert corners == [list(ACCENT) if column == row else list(PANEL) for column in range(count)]
        marks = page[middle, NAME_WIDTH : left - 60]
        assert (marks == ACCENT).all(axis=1).any()
        assert (marks == UNLIKE).all(axis=1).any()


def test_what_is_found_of_other_classes_is_of_another_colour_and_stronger_the_more() -> None:
    page = drawn(classes(3, np.array([[0, 1, 0], [0.5, 0.5, 0], [0, 0.1, 0.9]])))
    size = row_height(3)
    cells = page[page.shape[0] - 40 - 3 * size + 2 :: size, WIDTH - 3 * size + 2 :: size][:3, :3].astype(int)
    assert cells[0, 1].tolist() == list(UNLIKE)
    away = np.abs(cells - np.array(PANEL)).sum(axis=2)
    assert away[0, 1] > away[1, 0] > away[2, 1] > away[0, 0] == 0


def test_what_is_not_shown_is_said() -> None:
    whole = classes(3, np.eye(3))
    assert (drawn(whole) != drawn(whole._replace(unshown=9))).any()
