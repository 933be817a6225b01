"""Step 4, search: the result picture, with the query at the left, set apart, and the results beside it, best first."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..imagepart import Cut
from ..places import Places, mean_of
from .explanation import SAME_FILE, draw_frames, draw_labels
from .legend import OF_PLACES, OF_REGIONS, Legend, draw_legend, of_points
from .lettering import Style, shorten, text_width, write
from .outlinedrawing import Seen, draw_frame, draw_outlines, letters_of, within_frame
from .palette import ACCENT, BACKGROUND, DIM, PANEL, TEXT
from .partdrawing import draw_part
from .picturecell import fit, place, place_missing, size_of
from .placedrawing import draw_places
from .resultcaption import draw_caption
from .resultlayout import (
    NUMBERS_LINE,
    SMALLEST_HEIGHT,
    SMALLEST_WIDTH,
    USUAL_HEIGHT,
    USUAL_WIDTH,
    Box,
    Layout,
    fitted_size,
)
from .resultwords import Words, size_of_words, write_words
from .textruns import drawable

# More results than this would be too small to be recognised.
MOST_SHOWN = 50

# The titles of results, and of none.
SIMILAR, THE_SAME = ("Most similar", "No similar image found"), ("The same thing", "Nothing was recognised")
TOO_PLAIN = "Too plain to be known again"

# The place of an image that cannot be shown has this shape.
MISSING_SIZE = (300, 300)


class Match(NamedTuple):
    """One result, as it will be shown."""

    picture: NDArray[np.uint8] | None
    """Pixels in the order blue, green, red; None if the image cannot be shown."""
    name: str
    rank: int
    distance: float
    similarity: float
    """From 1, at distance 0, down to 0."""
    region_similarities: Sequence[float] | None = None
    """How similar each region is, from 1 to 0, in the order of `colordescriptor.REGIONS`; drawn if given."""
    is_same_file: bool = False
    """Whether the file is known to have the same content as the query's."""
    missing: str = "file is gone"
    """The words in the place of an image that cannot be shown."""
    places: Places | None = None
    """Where it is similar to the query, and the query to it; drawn if given, instead of regions."""
    unexplained: str = ""
    """Why there are no places, though others have them."""
    because: Sequence[str] = ()
    """What decided, in words; written on the picture."""
    seen: Seen | None = None
    """How it lies in the query; drawn if given."""


def draw_results(
    query: NDArray[np.uint8],
    query_name: str,
    matches: Sequence[Match],
    *,
    width: int = USUAL_WIDTH,
    height: int = USUAL_HEIGHT,
    hint: str = "",
    cut: Cut | None = None,
    finds_the_same: bool = False,
    is_blank: bool = False,
) -> NDArray[np.uint8]:
    """Return one picture of a query and its results.

    Parameters
    ----------
    query : ndarray of uint8, shape (height, width, 3)
        Pixels in the order blue, green, red.
    query_name : str
    matches : sequence of Match
        Best first. Beyond the first 50 they are counted, not shown.
    width, height : int, optional
        Width of the picture and its largest height, in pixels, at least 640 x 360 (else ValueError). It is only as high
        as it must be.
    hint : str, optional
        A line for the foot of the picture.
    cut : Cut, optional
        The part of the query that the results are similar to.
    finds_the_same : bool, optional
        Whether the results show the very same thing, and are not only similar.
    is_blank : bool, optional
        Whether there is nothing in the query by which a thing could be known again.
    """
    if width < SMALLEST_WIDTH or height < SMALLEST_HEIGHT:
        raise ValueError(f"a result picture is at least {SMALLEST_WIDTH} x {SMALLEST_HEIGHT}, not {width} x {height}")
    shown = matches[:MOST_SHOWN]
    legends, layout = _legends(shown), _lay_out(query, shown, width, height, hint)
    page = np.full((layout.height, width, 3), BACKGROUND, np.uint8)
    page[:, : layout.sidebar] = PANEL
    title = (THE_SAME if finds_the_same else SIMILAR)[not matches]
    _draw_head(page, layout, TOO_PLAIN if is_blank and not matches else title, len(shown), len(matches))
    letters = letters_of(_smallest_side(shown, layout))
    _draw_query(page, layout, query, query_name, shown, cut, letters)
    words = []
    for match, cell in zip(shown, layout.cells, strict=True):
        if match.picture is None:
            place_missing(page, match.missing, cell)
        else:
            words += _draw_match(page, cell, match, match.picture, letters)
        caption = match.rank, match.similarity, match.distance, match.name
        colour = ACCENT if match.seen is None else match.seen.colour
        draw_caption(page, cell, layout.caption_letters, layout.is_stacked, *caption, colour)
    size = size_of_words(words)
    for one in words:
        write_words(page, one, size)
    _draw_foot(page, layout, legends, hint)
    return page


def find_result(
    query: NDArray[np.uint8], matches: Sequence[Match], place: tuple[int, int], width: int, height: int, hint: str
) -> int | None:
    """Return which of the matches is at a place, across and down, of the picture that `draw_results` would draw."""
    layout = _lay_out(query, matches[:MOST_SHOWN], width, height, hint)
    for number, cell in enumerate(layout.cells):
        bottom = cell.top + cell.height + layout.caption_height
        if cell.left <= place[0] < cell.left + cell.width and cell.top <= place[1] < bottom:
            return number
    return None


def query_place(query: NDArray[np.uint8], matches: Sequence[Match], width: int, height: int, hint: str) -> Box:
    """Return where the query is in the picture that `draw_results` would draw."""
    return _lay_out(query, matches[:MOST_SHOWN], width, height, hint).query_box


def _legends(matches: Sequence[Match]) -> list[Legend]:
    """Return the legends of what is drawn into the pictures: whatever their explanations hold."""
    colours = [match.seen.colour for match in matches if match.seen is not None and len(match.seen.points)]
    legends = [of_points(list(dict.fromkeys(colours)))] if colours else []
    if any(match.places is not None for match in matches):
        return [*legends, OF_PLACES]
    has_regions = any(match.region_similarities is not None for match in matches)
    return [*legends, OF_REGIONS] if has_regions else legends


def _smallest_side(matches: Sequence[Match], layout: Layout) -> int:
    """Return how long the shortest side is of all pictures, as they are shown, that have a number on them."""
    sizes = [
        fitted_size(size_of(match.picture), cell.width, cell.height)
        for match, cell in zip(matches, layout.cells, strict=True)
        if match.seen is not None and match.picture is not None
    ]
    return min((side for size in sizes for side in size), default=0)


def _lay_out(query: NDArray[np.uint8], matches: Sequence[Match], width: int, height: int, hint: str) -> Layout:
    sizes = [MISSING_SIZE if match.picture is None else size_of(match.picture) for match in matches]
    # Beside nothing there is as much room as there is need for it where the query is the proof.
    is_proof = not matches or any(match.seen is not None for match in matches)
    return Layout(width, height, size_of(query), sizes, bool(hint) + len(_legends(matches)), is_proof)


def _draw_head(page: NDArray[np.uint8], layout: Layout, title: str, shown: int, found: int) -> None:
    middle, style = layout.head // 2, Style(layout.letters, ACCENT, bold=True)
    write(page, "Query", layout.margin, middle, style)
    left = layout.sidebar + layout.margin
    write(page, title, left, middle, style)
    if found > shown:
        left += text_width(title, style) + layout.letters
        write(page, f"the first {shown} of {found}", left, middle, Style(layout.letters, DIM))


def _draw_query(
    page: NDArray[np.uint8],
    layout: Layout,
    query: NDArray[np.uint8],
    name: str,
    matches: Sequence[Match],
    cut: Cut | None,
    letters: int,
) -> None:
    box, style = layout.query_box, Style(layout.letters, TEXT)
    shown = fit(query, box.width, box.height)
    described = shown if cut is None else cut.of(shown)
    places = [match.places.query for match in matches if match.places is not None]
    seen = [match.seen for match in matches if match.seen is not None]
    # Outlines tell more than places, which would hide them.
    if places and not seen:
        described = draw_places(described, mean_of(places))
    elif OF_REGIONS in _legends(matches):
        described = draw_frames(described, None)
    whole = described if cut is None else draw_part(shown, cut, described)
    place(page, draw_outlines(whole, seen, letters), box)
    middle, room = box.top + box.height + round(layout.letters * NUMBERS_LINE), layout.sidebar - 2 * layout.margin
    write(page, shorten(drawable(name), style, room), box.left, middle, style)


def _draw_match(
    page: NDArray[np.uint8], cell: Box, match: Match, picture: NDArray[np.uint8], letters: int
) -> list[Words]:
    """Draw the picture of a match into its cell, with what explains it; return what is to be written on it, if any."""
    shown, similarities = fit(picture, cell.width, cell.height), match.region_similarities
    if match.places is not None:
        shown = draw_places(shown, match.places.result)
    elif similarities is not None:
        shown = draw_frames(shown, similarities)
    if match.seen is not None:
        shown = draw_frame(shown, match.seen, letters)
    own = place(page, shown, cell)
    own = own._replace(left=own.left - cell.left, top=own.top - cell.top)
    if match.places is None and similarities is not None:
        inside = page[cell.top : cell.top + cell.height, cell.left : cell.left + cell.width]
        draw_labels(inside, own, similarities, match.is_same_file)
        return []
    lines = _words(match)
    if match.seen is not None:
        own = within_frame(own)
    return [Words(lines, cell, own, is_framed=match.seen is not None)] if lines else []


def _words(match: Match) -> Sequence[str]:
    """Return what is said of a match whose places are, or should be, explained."""
    if match.unexplained:
        return [match.unexplained]
    return [SAME_FILE] if match.is_same_file else match.because


def _draw_foot(page: NDArray[np.uint8], layout: Layout, legends: Sequence[Legend], hint: str) -> None:
    size, line = round(layout.letters * 0.9), layout.scaled(28)
    style = Style(size, DIM)
    middle, right = page.shape[0] - line, page.shape[1] - layout.margin
    write(page, hint, right - text_width(hint, style), middle, style)
    middle -= line * (len(legends) - (not hint))
    for number, legend in enumerate(legends):
        draw_legend(page, legend, layout.sidebar + layout.margin, middle + number * line, size)
