"""Step 4, search: the legend of an explained result picture: the scale of what is drawn, and its ends."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .explanation import draw_scale
from .lettering import Colour, Style, text_width, write
from .outlinedrawing import draw_sample
from .palette import TEXT
from .placedrawing import draw_clearness


class Legend(NamedTuple):
    """A scale, what stands before it, at its one end and at the other."""

    title: str
    first: str
    last: str
    draw: Callable[[NDArray[np.uint8]], None]
    """Fills a strip of a picture with the scale, from end to end."""


OF_REGIONS = Legend("In each region:", "100% the same colours", "0% no colour in common", draw_scale)
OF_PLACES = Legend(
    "In each place:", "dim: nothing alike", "framed: as much as the same picture, or more", draw_clearness
)


def of_points(colours: Sequence[Colour]) -> Legend:
    """Return the legend of points that match, in the colours of their results."""
    return Legend("Points that match in the query and in the result:", "", "", partial(draw_sample, colours=colours))


def draw_legend(page: NDArray[np.uint8], legend: Legend, left: int, middle: int, size: int) -> None:
    """Draw a legend into a picture, in place, from column `left` on; row `middle` goes through its letters."""
    style = Style(size, TEXT)
    # Beside a wide query, it begins below that rather than that its end is cut off.
    left = max(min(left, page.shape[1] - _width(legend, style) - size), size)
    for text in (legend.title, legend.first):
        write(page, text, left, middle, style)
        left += text_width(text, style) + size // 2
    legend.draw(page[middle - size // 3 : middle + size // 3 + 1, left : left + 8 * size])
    write(page, legend.last, left + 8 * size + size // 2, middle, style)


def _width(legend: Legend, style: Style) -> int:
    texts = (legend.title, legend.first, legend.last)
    return sum(text_width(text, style) for text in texts) + 8 * style.size + 3 * (style.size // 2)
