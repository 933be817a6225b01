"""The second figure: how a query is compared with every row of the index, and the nearest three are the answer."""

from __future__ import annotations

from collections.abc import Sequence

from docs.drawing.figures import comparing
from docs.drawing.figures.featurebars import REGION_BINS, draw_bars, split_regions
from docs.drawing.figures.material import DATASET, Catalogue, Described, describe, picture_of
from docs.drawing.figures.page import (
    BOLD,
    CONTENT,
    HEADING_HEIGHT,
    MARGIN,
    NOTE,
    PLAIN,
    RIGHT,
    SMALL,
    Box,
    Image8,
    area,
    blank_page,
    fill,
    put,
    put_heading,
    put_picture,
)
from src.colordescriptor import REGIONS
from src.distance import similarity_text
from src.searcher import Explanation, Searcher
from src.viewing.lettering import Colour, shorten
from src.viewing.palette import ACCENT, TEXT, TRACK

SECTION = 60

BARS = 3 * REGION_BINS
STRIP, STRIP_GAP = 60, 12
QUERY = len(REGIONS) * (STRIP + STRIP_GAP) - STRIP_GAP

# Small pictures above the distances show what is how far away.
SAMPLES, SAMPLE = 10, 112
PLOT_HEIGHT = 250
# Room for the numbers of the scale.
SCALE = 60
SCALE_STEP = 5
BAR: Colour = (104, 96, 90)

SHOWN = 3
GAP = 32
CELL = (CONTENT - (SHOWN - 1) * GAP) // SHOWN
FOUND = 180
NAME = SMALL._replace(colour=TEXT)


def draw_searching(catalogue: Catalogue, query_path: str) -> Image8:
    """Draw how the pictures most similar to a query are found.

    Parameters
    ----------
    catalogue : Catalogue
    query_path : str
        The query, as a path in the project.

    Returns
    -------
    ndarray of uint8, shape (height, WIDTH, 3)
    """
    query = describe(query_path)
    ranked = Searcher(catalogue.index_path).explain(query.features, limit=len(catalogue.ids))
    nearest = describe(f"{DATASET}/{ranked[0].image_id}")
    tops = [MARGIN]
    for height in (QUERY + 44, comparing.HEIGHT, SAMPLE + 24 + PLOT_HEIGHT + 40):
        tops.append(tops[-1] + HEADING_HEIGHT + height + SECTION)
    page = blank_page(tops[-1] + HEADING_HEIGHT + FOUND + MARGIN)
    _draw_query(page, tops[0], query, query_path)
    put_heading(page, 2, "Compare them with a row of the index", MARGIN, tops[1], "chi-squared distance")
    comparing.draw_comparison(page, tops[1] + HEADING_HEIGHT, query, nearest)
    _draw_distances(page, tops[2], ranked)
    _draw_answer(page, tops[3], ranked[:SHOWN])
    return page


def _draw_query(page: Image8, top: int, query: Described, path: str) -> None:
    put_heading(page, 1, "Describe the query", MARGIN, top, "5 regions × 288 bins = 1440 numbers")
    top += HEADING_HEIGHT
    put_picture(page, query.picture, Box(MARGIN, top, QUERY, QUERY))
    put(page, shorten(path, PLAIN, QUERY), MARGIN, top + QUERY + 30, PLAIN)
    for name, histogram in zip(REGIONS, split_regions(query.features), strict=True):
        draw_bars(area(page, Box(RIGHT - BARS, top, BARS, STRIP)), histogram)
        put(page, name, RIGHT - BARS - 24, top + STRIP // 2, PLAIN, "right")
        top += STRIP + STRIP_GAP


def _draw_distances(page: Image8, top: int, ranked: Sequence[Explanation]) -> None:
    title = f"Do the same with all {len(ranked)} rows"
    put_heading(page, 3, title, MARGIN, top, "each bar is a picture, as tall as its distance; nearest first")
    top += HEADING_HEIGHT
    pitch = (CONTENT - SCALE) // len(ranked)
    width = pitch * len(ranked)
    plot = Box(RIGHT - width, top + SAMPLE + 24, width, PLOT_HEIGHT)
    tallest = max(result.distance for result in ranked)
    for mark in range(0, int(tallest) + 1, SCALE_STEP):
        row = plot.bottom - round(mark / tallest * PLOT_HEIGHT)
        fill(page, Box(plot.left, row, width, 2), TRACK)
        put(page, str(mark), plot.left - 16, row, SMALL, "right")
    for place, result in enumerate(ranked):
        colour = ACCENT if place < SHOWN else BAR
        fill(page, _bar(plot, pitch, place, result.distance / tallest), colour)
    for sample in range(SAMPLES):
        middle = plot.left + round((sample + 0.5) * width / SAMPLES)
        place = (middle - plot.left) // pitch
        bar = _bar(plot, pitch, place, ranked[place].distance / tallest)
        put_picture(page, picture_of(ranked[place].image_id), Box(middle - SAMPLE // 2, top, SAMPLE, SAMPLE))
        fill(page, Box(bar.left + bar.width // 2 - 1, top + SAMPLE, 2, bar.top - top - SAMPLE), BAR)
        fill(page, bar, TEXT)
    fill(page, Box(plot.left, plot.bottom + 8, SHOWN * pitch - 2, 4), ACCENT)
    put(page, "the nearest 3", plot.left, plot.bottom + 34, SMALL._replace(colour=ACCENT))


def _bar(plot: Box, pitch: int, place: int, share: float) -> Box:
    tall = round(share * plot.height)
    return Box(plot.left + place * pitch, plot.bottom - tall, max(pitch - 2, 1), tall)


def _draw_answer(page: Image8, top: int, nearest: Sequence[Explanation]) -> None:
    put_heading(page, 4, "The nearest are the answer", MARGIN, top)
    top += HEADING_HEIGHT
    for place, result in enumerate(nearest):
        left = MARGIN + place * (CELL + GAP)
        put_picture(page, picture_of(result.image_id), Box(left, top, FOUND, FOUND))
        left += FOUND + 24
        right = left + CELL - FOUND - 24
        x = put(page, str(result.rank), left, top + 14, BOLD._replace(colour=ACCENT)) + 14
        for word, number, middle, style in (
            ("similarity", similarity_text(result.similarity), top + 14, BOLD),
            ("distance", f"{result.distance:.4f}", top + 58, PLAIN),
        ):
            put(page, word, x, middle, NOTE)
            put(page, number, right, middle, style, "right")
        fill(page, Box(left, top + 104, right - left, 5), TRACK)
        fill(page, Box(left, top + 104, round((right - left) * result.similarity), 5), ACCENT)
        put(page, shorten(result.image_id, NAME, right - left), left, top + 164, NAME)
