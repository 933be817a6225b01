"""The formula of the distance, and a worked example: a few bins of two real pictures."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from docs.drawing.figures.featurebars import REGION_BINS, bin_colours
from docs.drawing.figures.material import Described
from docs.drawing.figures.page import BOLD, MARGIN, NOTE, PLAIN, RIGHT, SMALL, Box, Image8, fill, put, put_picture
from src.colordescriptor import REGIONS
from src.distance import chi_squared
from src.viewing.lettering import Style, text_width
from src.viewing.palette import ACCENT, DIM, TEXT, TRACK

FORMULA = Style(38, TEXT)
LARGE = Style(72, TEXT)

# How many bins the example shows: those that differ most, and the fullest of the centre, which are much alike.
DIFFERENT, FULLEST = 3, 2
CENTRE = REGIONS.index("centre")

ROW = 46
HEIGHT = (DIFFERENT + FULLEST + 4) * ROW

TABLE = RIGHT - 980
SWATCH = 28
LONGEST_BAR = 240
NAME_LEFT = TABLE + SWATCH + 18
BAR_LEFT = NAME_LEFT + 170
A_RIGHT, B_RIGHT = BAR_LEFT + LONGEST_BAR + 130, BAR_LEFT + LONGEST_BAR + 270

THUMB = 184


def draw_comparison(page: Image8, top: int, query: Described, found: Described) -> None:
    """Draw the formula and the example, `HEIGHT` rows high.

    Parameters
    ----------
    page : ndarray of uint8, shape (height, width, 3)
        Drawn into.
    top : int
        The first row.
    query, found : Described
        The two pictures: a and b of the formula.
    """
    _draw_formula(page, top + 66)
    second = MARGIN + THUMB + 24
    label = top + HEIGHT - ROW // 2
    for left, name, what, style, picture in (
        (MARGIN, "a", "query", PLAIN, query.picture),
        (second, "b", "index", NOTE, found.picture),
    ):
        put_picture(page, picture, Box(left, label - 30 - THUMB, THUMB, THUMB))
        x = put(page, name, left, label, style._replace(bold=True))
        put(page, what, x + 12, label, NOTE)
    _draw_table(page, top, query.features, found.features)


def _draw_formula(page: Image8, middle: int) -> None:
    x = _draw_fraction(page, "1", "2", MARGIN, middle)
    x = put(page, "∑", x + 14, middle - 7, LARGE) + 12
    _draw_fraction(page, "(a − b)²", "a + b", x, middle)


def _draw_fraction(page: Image8, over: str, under: str, left: int, middle: int) -> int:
    """Write a fraction and return the column behind it."""
    width = max(text_width(over, FORMULA), text_width(under, FORMULA)) + 12
    put(page, over, left + width // 2, middle - 32, FORMULA, "middle")
    fill(page, Box(left, middle - 1, width, 3), TEXT)
    put(page, under, left + width // 2, middle + 32, FORMULA, "middle")
    return left + width


def _draw_table(page: Image8, top: int, a: NDArray[np.float32], b: NDArray[np.float32]) -> None:
    terms = 2 * chi_squared(a[:, None], b[:, None])
    chosen = _chosen_bins(a, b, terms)
    middle = top + ROW // 2
    put(page, "bin", NAME_LEFT, middle, SMALL)
    put(page, "a", A_RIGHT, middle, BOLD, "right")
    put(page, "b", B_RIGHT, middle, BOLD._replace(colour=DIM), "right")
    put(page, "(a−b)² / (a+b)", RIGHT, middle, SMALL, "right")
    fill(page, Box(TABLE, top + ROW, RIGHT - TABLE, 2), TRACK)
    for position in chosen:
        top += ROW
        _draw_bin(page, top + 8, position, float(a[position]), float(b[position]), float(terms[position]))
    others = float(terms.sum() - terms[chosen].sum())
    middle = top + ROW + 8 + ROW // 2
    put(page, f"the other {len(a) - len(chosen)} bins", NAME_LEFT, middle, NOTE)
    put(page, f"{others:.4f}", RIGHT, middle, NOTE, "right")
    fill(page, Box(TABLE, middle + ROW // 2 + 4, RIGHT - TABLE, 2), TRACK)
    middle += ROW + 8
    put(page, "sum", NAME_LEFT, middle, PLAIN)
    put(page, f"{terms.sum():.4f}", RIGHT, middle, PLAIN, "right")
    middle += ROW
    put(page, "half of it: the distance", NAME_LEFT, middle, BOLD)
    put(page, f"{float(chi_squared(a, b)):.4f}", RIGHT, middle, BOLD._replace(colour=ACCENT), "right")


def _chosen_bins(a: NDArray[np.float32], b: NDArray[np.float32], terms: NDArray[np.float64]) -> list[int]:
    """Return the fullest bins of the centre, then those that differ most."""
    first = CENTRE * REGION_BINS
    full = first + np.argsort(-(a + b)[first : first + REGION_BINS], kind="stable")[:FULLEST]
    different = [position for position in np.argsort(-terms, kind="stable") if position not in full]
    return [int(position) for position in (*full, *different[:DIFFERENT])]


def _draw_bin(page: Image8, top: int, position: int, a: float, b: float, term: float) -> None:
    middle = top + ROW // 2
    colour = bin_colours()[position % REGION_BINS].tolist()
    fill(page, Box(TABLE, middle - SWATCH // 2, SWATCH, SWATCH), (colour[0], colour[1], colour[2]))
    put(page, REGIONS[position // REGION_BINS], NAME_LEFT, middle, PLAIN)
    for number, row, shade in ((a, middle - 10, TEXT), (b, middle + 2, DIM)):
        fill(page, Box(BAR_LEFT, row, LONGEST_BAR, 8), TRACK)
        fill(page, Box(BAR_LEFT, row, round(number * LONGEST_BAR), 8), shade)
    put(page, f"{a:.4f}", A_RIGHT, middle, PLAIN, "right")
    put(page, f"{b:.4f}", B_RIGHT, middle, NOTE, "right")
    put(page, f"{term:.4f}", RIGHT, middle, PLAIN, "right")
