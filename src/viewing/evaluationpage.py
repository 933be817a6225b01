"""Step 4, search: the picture of an evaluation: measures overall, a chart of the classes, and the worst queries."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .classchart import Classes, Mark, chart_height, draw_classes, draw_mark
from .lettering import Style, shorten, text_width
from .palette import ACCENT, BACKGROUND, DIM, PANEL, TEXT, UNLIKE
from .pen import fill, put
from .resultlayout import Box
from .textruns import drawable
from .worstqueries import Bad, draw_queries, queries_height

WIDTH, MARGIN = 1600, 72
CONTENT = WIDTH - 2 * MARGIN

TITLE, NOTE, HEADING = Style(34, TEXT, bold=True), Style(22, DIM), Style(26, TEXT, bold=True)

ROW, NAMES, LONG_NAMES = 46, 300, 380
OF_NAME = Style(24, TEXT, bold=True)
SECTION = 64
# The best descriptor stands out. The others are told apart by colour, and where these end, by their shape.
OTHERS = (UNLIKE, TEXT, DIM)


class Series(NamedTuple):
    """A descriptor, and its measures over all queries."""

    name: str
    values: Sequence[float]
    is_best: bool


class Page(NamedTuple):
    """What the picture says."""

    title: str
    note: str
    measures: Sequence[str]
    series: Sequence[Series]
    classes: Classes | None
    worst: Sequence[Bad]
    worst_note: str


def draw_evaluation(page: Page) -> NDArray[np.uint8]:
    """Return the picture: uint8 of shape (height, 1600, 3), blue first."""
    marks, others = [], 0
    for one in page.series:
        marks.append(Mark(ACCENT) if one.is_best else Mark(OTHERS[others % len(OTHERS)], others >= len(OTHERS)))
        others += not one.is_best
    overall = MARGIN + SECTION + 40
    chart = overall + ROW * len(page.series) + SECTION
    worst = chart + (chart_height(page.classes) + SECTION // 2 if page.classes is not None else 0)
    end = worst + (SECTION + queries_height(len(page.worst)) if page.worst else 0)
    drawn = np.full((end + MARGIN // 2, WIDTH, 3), BACKGROUND, np.uint8)
    title = put(drawn, shorten(drawable(page.title), TITLE, CONTENT // 2), MARGIN, MARGIN + 10, TITLE)
    put(drawn, page.note, title + 24, MARGIN + 12, NOTE)
    _draw_overall(drawn, overall, page, marks)
    if page.classes is not None:
        draw_classes(drawn, Box(MARGIN, chart, CONTENT, chart_height(page.classes)), page.classes, marks)
    if page.worst:
        title = put(drawn, "Answered worst", MARGIN, worst + 20, HEADING)
        put(drawn, page.worst_note, title + 20, worst + 22, NOTE._replace(size=20))
        draw_queries(drawn, Box(MARGIN, worst + SECTION, CONTENT, queries_height(len(page.worst))), page.worst)
    return drawn


def _draw_overall(drawn: NDArray[np.uint8], top: int, page: Page, marks: Sequence[Mark]) -> None:
    """Draw a row for each descriptor, with a bar for each measure."""
    longest = max((text_width(drawable(one.name), OF_NAME) for one in page.series), default=0)
    names = min(max(NAMES, longest + 60), LONG_NAMES)
    width = (CONTENT - names) // len(page.measures)
    long = width - 120
    for column, measure in enumerate(page.measures):
        put(drawn, measure, MARGIN + names + column * width, top - 30, NOTE)
    for row, (series, mark) in enumerate(zip(page.series, marks, strict=True)):
        middle = top + row * ROW + ROW // 2
        draw_mark(drawn, MARGIN + 10, middle, mark, 8)
        style = OF_NAME._replace(colour=TEXT if mark.is_hollow else mark.colour, bold=series.is_best)
        put(drawn, shorten(drawable(series.name), style, names - 60), MARGIN + 32, middle, style)
        for column, value in enumerate(series.values):
            left = MARGIN + names + column * width
            fill(drawn, Box(left, middle - 5, long, 10), PANEL)
            fill(drawn, Box(left, middle - 5, round(long * value), 10), mark.colour)
            put(drawn, f"{value:.3f}", left + long + 14, middle, Style(24, TEXT, bold=series.is_best))
