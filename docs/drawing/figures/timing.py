"""The fourth figure: how long a query takes, by the table of docs/speed.md, which it is drawn from."""

from __future__ import annotations

import math
from typing import NamedTuple

import cv2

from docs.drawing.figures.material import PROJECT
from docs.drawing.figures.page import MARGIN, NOTE, PLAIN, SMALL, TITLE, Box, Image8, blank_page, fill, put
from src.viewing.lettering import Colour, Style
from src.viewing.palette import ACCENT, DIM, TEXT, TRACK, UNLIKE

TABLE = PROJECT / "docs" / "speed.md"

# Rows from which on a way was not measured in full.
EXTRAPOLATED = 100_000

PLOT = Box(MARGIN + 120, MARGIN + 90, 900, 560)
LABELS = PLOT.right + 32
LABEL_HEIGHT = 36


class Way(NamedTuple):
    """A way to find the nearest, as it is drawn."""

    name: str
    column: int
    """Of the table."""
    colour: Colour
    is_extrapolated: bool = False


WAYS = (
    Way("classic loop over the CSV", 5, UNLIKE, True),
    Way("cv2.compareHist", 4, DIM, True),
    Way("numpy scan", 2, TEXT),
    Way("this project", 1, ACCENT),
)


def read_times() -> dict[int, dict[str, float]]:
    """Return the median time of a query in milliseconds: by the number of images, of each of `WAYS` by its name."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("| images | this project"))
    times = {}
    for line in lines[start + 2 :]:
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|"):
            break
        times[int(_number(cells[0]))] = {way.name: _number(cells[way.column]) for way in WAYS}
    return times


def _number(cell: str) -> float:
    return float(cell.split(" (")[0].replace(",", ""))


def draw_timing() -> Image8:
    """Draw how the time of a query grows with the number of images: an array (height, WIDTH, 3) of uint8."""
    times = read_times()
    page = blank_page(PLOT.bottom + 130)
    title = put(page, "Time of a query", MARGIN, MARGIN + TITLE.size // 2, TITLE)
    put(page, "median; dashed where extrapolated from fewer images", title + 24, MARGIN + TITLE.size // 2 + 2, NOTE)
    everything = [time for ways in times.values() for time in ways.values()]
    first, last = math.floor(math.log10(min(everything))), math.ceil(math.log10(max(everything)))
    fewest, most = math.log10(min(times)), math.log10(max(times))

    def place(images: int, time: float) -> tuple[int, int]:
        across = (math.log10(images) - fewest) / (most - fewest)
        up = (math.log10(time) - first) / (last - first)
        return PLOT.left + round(across * PLOT.width), PLOT.bottom - round(up * PLOT.height)

    for power in range(first, last + 1):
        row = place(min(times), 10.0**power)[1]
        fill(page, Box(PLOT.left, row, PLOT.width, 2), TRACK)
        put(page, _duration(10.0**power), PLOT.left - 20, row, SMALL, "right")
    for images in times:
        column = place(images, 10.0**first)[0]
        fill(page, Box(column, PLOT.top, 2, PLOT.height), TRACK)
        put(page, f"{images:,}", column, PLOT.bottom + 34, SMALL, "middle")
    put(page, "images", PLOT.left + PLOT.width // 2, PLOT.bottom + 72, NOTE, "middle")
    above = PLOT.top - LABEL_HEIGHT
    for way in WAYS:
        points = [(images, place(images, ways[way.name])) for images, ways in times.items()]
        _draw_line(page, points, way)
        end = points[-1][1]
        above = max(end[1] - LABEL_HEIGHT // 2, above + LABEL_HEIGHT)
        style = Style(PLAIN.size, way.colour, bold=way.colour == ACCENT)
        name = put(page, way.name, LABELS, above, style)
        put(page, _duration(times[max(times)][way.name]), name + 16, above, style)
    return page


def _duration(milliseconds: float) -> str:
    return f"{milliseconds:g} ms" if milliseconds < 1000 else f"{round(milliseconds / 1000, 1):,g} s"


def _draw_line(page: Image8, points: list[tuple[int, tuple[int, int]]], way: Way) -> None:
    thickness = 6 if way.colour == ACCENT else 3
    for (_, start), (images, end) in zip(points, points[1:], strict=False):
        dashes = 24 if way.is_extrapolated and images >= EXTRAPOLATED else 1
        for dash in range(0, dashes, 2):
            ends = [
                (round(start[0] + (end[0] - start[0]) * part), round(start[1] + (end[1] - start[1]) * part))
                for part in (dash / dashes, (dash + 1) / dashes)
            ]
            cv2.line(page, ends[0], ends[1], way.colour, thickness, cv2.LINE_AA)
    for _, point in points:
        cv2.circle(page, point, thickness + 4, way.colour, -1, cv2.LINE_AA)
