import numpy as np

from src.viewing.classchart import Classes
from src.viewing.evaluationpage import MARGIN, NAMES, WIDTH, Page, Series, draw_evaluation
from src.viewing.palette import ACCENT, DIM, TEXT, UNLIKE
from src.viewing.resultlayout import Box
from src.viewing.worstqueries import COLUMNS, FOUND, QUERY_SIDE, Bad, Shown, draw_queries, queries_height
from tests.pictures import draw_picture

MEASURES = ["P@1", "P@3", "P@10", "mAP"]


def page(*values: float, classes: Classes | None = None, worst: int = 0) -> Page:
    best = values.index(max(values))
    series = [Series(f"descriptor {number}", [value] * 4, number == best) for number, value in enumerate(values)]
    found = [Shown(draw_picture(number), f"found {number}", number == 2) for number in range(7)]
    bad = Bad(Shown(draw_picture(9), "query.png"), "class", found)
    return Page("photos", "9 images", MEASURES, series, classes, [bad] * worst, "worst")


def test_each_descriptor_has_bars_as_long_as_its_measures_and_the_best_stands_out() -> None:
    drawn = draw_evaluation(page(0.25, 1.0, 0.5, 0.75))
    bars = drawn[:, MARGIN + NAMES : MARGIN + NAMES + 270]
    longest = [int((bars == colour).all(axis=2).sum(axis=1).max()) for colour in (UNLIKE, ACCENT, DIM)]
    assert abs(longest[0] - longest[1] / 4) <= 1
    assert abs(longest[2] - longest[1] * 3 / 4) <= 1
    assert (bars == TEXT).all(axis=2).any()


def test_the_picture_is_as_high_as_what_it_shows() -> None:
    classes = Classes(["a", "b"], [2, 2], [[1.0, 0.5]], np.eye(2), 3, "color")
    heights = [
        draw_evaluation(one).shape
        for one in (page(0.5), page(0.5, 0.6), page(0.5, classes=classes), page(0.5, classes=classes, worst=3))
    ]
    assert all(shape[1:] == (WIDTH, 3) for shape in heights)
    assert [shape[0] for shape in heights] == sorted({shape[0] for shape in heights})


def test_a_bad_query_stands_beside_what_was_found_each_marked_as_right_or_wrong() -> None:
    drawn = np.zeros((queries_height(1), 1456, 3), np.uint8)
    (bad,) = page(0.5, worst=1).worst
    draw_queries(drawn, Box(0, 0, 1456, len(drawn)), [bad])
    bars = drawn[QUERY_SIDE + 4]
    wrong, right = (int((bars == colour).all(axis=1).sum()) for colour in (UNLIKE, ACCENT))
    assert wrong == (FOUND - 1) * right > 0
    assert queries_height(COLUMNS) == queries_height(1) < queries_height(COLUMNS + 1)


def test_a_picture_that_cannot_be_shown_leaves_its_place() -> None:
    drawn = np.zeros((queries_height(1), 1456, 3), np.uint8)
    draw_queries(drawn, Box(0, 0, 1456, len(drawn)), [Bad(Shown(None, "gone.png"), "class", [])])
    assert drawn[:QUERY_SIDE, :QUERY_SIDE].any()
