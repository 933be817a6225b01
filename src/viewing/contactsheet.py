"""Duplicates: a contact sheet of groups, in each the picture to keep first, then its copies and what they are to it."""

from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ..distance import similarity_text
from ..duplicategroup import KIND_WORDS, NEAR, ORIENTATION_WORDS, Copy, Group, Picture, counted, disk_words
from .differencepage import draw_levels
from .lettering import Style, shorten, text_width
from .palette import ACCENT, BACKGROUND, DIM, PANEL, STAGE, TEXT, TRACK
from .pen import fill, place_in, put
from .picturecell import fit
from .resultlayout import Box
from .resultwords import Words, write_words
from .sheetlayout import CAPTION_LINES, PlacedGroup, SheetLayout
from .textruns import drawable

Seen = NDArray[np.uint8] | str
"""A picture, its pixels in the order blue, green, red; or why it cannot be shown."""
See = Callable[[Picture], Seen]
SeeDifference = Callable[[Picture, Copy], Seen]
"""Returns what is drawn below a copy: where it differs from the picture to keep."""

FRAME = 3


def draw_sheet(
    groups: Sequence[Group],
    layout: SheetLayout,
    page: int,
    see: See,
    *,
    see_difference: SeeDifference | None = None,
    hint: str = "",
) -> NDArray[np.uint8]:
    """Return a page of a contact sheet: uint8 of shape (height, width, 3), blue first.

    Parameters
    ----------
    groups : sequence of Group
    layout : SheetLayout
        Where they go.
    page : int
        Which page, from 0.
    see : callable
        Returns a picture, or why it cannot be shown.
    see_difference : callable, optional
        Returns the difference of a copy, for a layout with places for them.
    hint : str, optional
        A line for the foot.
    """
    placed = layout.pages[page]
    sheet = np.full((placed.height, layout.width, 3), BACKGROUND, np.uint8)
    _draw_head(sheet, layout, groups, page)
    for one in placed.groups:
        _draw_group(sheet, layout, groups[one.number], one, see, see_difference)
    middle, line = placed.height - layout.margin, round(layout.letters * 1.6)
    put(sheet, hint, layout.width - layout.margin, middle, Style(layout.letters, DIM), "right")
    if see_difference is not None:
        draw_levels(sheet, layout.margin, middle - (line if hint else 0), layout.letters)
    return sheet


def summary(groups: Sequence[Group]) -> str:
    """Return how many groups there are, and what their spares take."""
    spares, size = sum(len(group.spares) for group in groups), sum(group.spare_bytes for group in groups)
    return f"{counted(len(groups), 'group')}: {_taken(spares, size)}"


def _taken(spares: int, size: int) -> str:
    return f"{counted(spares, 'spare')} {'takes' if spares == 1 else 'take'} {disk_words(size)}"


def _draw_head(sheet: NDArray[np.uint8], layout: SheetLayout, groups: Sequence[Group], page: int) -> None:
    middle, title = layout.head // 2, Style(round(layout.letters * 1.25), ACCENT, bold=True)
    dim = title._replace(colour=DIM, bold=False)
    right = layout.width - layout.margin
    if len(layout.pages) > 1:
        number = f"page {page + 1} of {len(layout.pages):,}"
        put(sheet, number, right, middle, dim, "right")
        right -= text_width(number, dim) + title.size
    left = put(sheet, "Duplicates" if groups else "No duplicates found", layout.margin, middle, title) + title.size
    if not groups:
        return
    put(sheet, shorten(summary(groups), dim, right - left), left, middle, dim)


def _draw_group(
    sheet: NDArray[np.uint8],
    layout: SheetLayout,
    group: Group,
    placed: PlacedGroup,
    see: See,
    see_difference: SeeDifference | None,
) -> None:
    fill(sheet, placed.panel, PANEL)
    _draw_group_head(sheet, layout, group, placed)
    _draw_picture(sheet, placed.stages[0], see(group.keep), [], layout)
    cv2.rectangle(sheet, _around(placed.stages[0]), ACCENT, layout.scaled(FRAME))
    _draw_caption(sheet, layout, placed.stages[0], group.keep, ("to keep", ""), ACCENT)
    if see_difference is not None:
        _draw_words(sheet, layout.difference_place(placed.stages[0]), ["Below each copy:", "where it differs"], layout)
    for copy, stage in zip(group.copies, placed.stages[1:], strict=False):
        words = [ORIENTATION_WORDS[copy.orientation], "protected: it stays" if copy.is_protected else ""]
        _draw_picture(sheet, stage, see(copy.picture), [word for word in words if word], layout)
        if see_difference is not None:
            difference = layout.difference_place(stage)
            _draw_picture(sheet, difference, see_difference(group.keep, copy), [], layout)
        similarity = similarity_text(copy.similarity) if copy.kind == NEAR else ""
        size = "" if copy.takes_disk else "hard link"
        _draw_caption(sheet, layout, stage, copy.picture, (KIND_WORDS[copy.kind], similarity), TEXT, size)
    if placed.more is not None:
        count = len(group.copies) - len(placed.stages) + 1
        _draw_words(sheet, placed.more, [f"and {count:,} more"], layout)


def _draw_group_head(sheet: NDArray[np.uint8], layout: SheetLayout, group: Group, placed: PlacedGroup) -> None:
    middle, left = placed.panel.top + layout.group_head // 2, placed.panel.left + layout.pad
    strong, dim = Style(layout.letters, ACCENT, bold=True), Style(layout.letters, DIM)
    left = put(sheet, f"{placed.number + 1:,}", left, middle, strong) + layout.letters
    right = placed.panel.left + placed.panel.width - layout.pad
    spares = len(group.spares)
    text = _taken(spares, group.spare_bytes) if spares else "no spares"
    pictures = f"{1 + len(group.copies):,} pictures"
    if left + text_width(pictures, dim) + layout.letters + text_width(text, dim) <= right:
        put(sheet, pictures, left, middle, dim._replace(colour=TEXT))
    put(sheet, shorten(text, dim, right - left), right, middle, dim, "right")


def _draw_picture(sheet: NDArray[np.uint8], stage: Box, seen: Seen, words: Sequence[str], layout: SheetLayout) -> None:
    if isinstance(seen, str):
        _draw_words(sheet, stage, [seen], layout)
        return
    fill(sheet, stage, STAGE)
    place_in(sheet, fit(seen, stage.width, stage.height), stage)
    if words:
        write_words(sheet, Words(words, stage, stage._replace(left=0, top=0)))


def _draw_words(sheet: NDArray[np.uint8], stage: Box, words: Sequence[str], layout: SheetLayout) -> None:
    """Write into a place without a picture, one line below the other, broken where they are too long."""
    cv2.rectangle(sheet, stage, TRACK, 1)
    style, lines = Style(layout.letters, DIM), list[str]()
    room, pitch = stage.width - style.size, round(style.size * 1.4)
    for word in " \n ".join(drawable(one) for one in words).split(" "):
        if word == "\n" or not lines or text_width(f"{lines[-1]} {word}", style) > room:
            lines.append("" if word == "\n" else word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    lines = lines[: max(stage.height // pitch, 1)]
    middle = stage.top + stage.height // 2 - pitch * (len(lines) - 1) // 2
    for number, line in enumerate(lines):
        text = shorten(line, style, room)
        put(sheet, text, stage.left + stage.width // 2, middle + number * pitch, style, "middle")


def _draw_caption(
    sheet: NDArray[np.uint8],
    layout: SheetLayout,
    stage: Box,
    picture: Picture,
    what: tuple[str, str],
    colour: tuple[int, int, int],
    size: str = "",
) -> None:
    top, right = layout.caption_top(stage), stage.left + stage.width
    first, second, third, fourth = (top + round(layout.letters * line) for line in CAPTION_LINES)
    strong, dim, plain = (Style(layout.letters, one) for one in (colour, DIM, TEXT))
    put(sheet, what[0], stage.left, first, strong._replace(bold=True))
    put(sheet, what[1], right, first, strong._replace(bold=True), "right")
    put(sheet, f"{picture.width} × {picture.height}", stage.left, second, dim)
    put(sheet, size or disk_words(picture.size), right, second, dim, "right")
    # Copies often share a name, and lie in two folders.
    folder, _, name = picture.id.rpartition("/")
    put(sheet, shorten(drawable(name), plain, stage.width), stage.left, third, plain)
    put(sheet, shorten(drawable(folder), dim, stage.width), stage.left, fourth, dim)


def _around(box: Box) -> Box:
    """Return the box of a frame around a place."""
    return Box(box.left - 1, box.top - 1, box.width + 2, box.height + 2)
