"""Duplicates: the layout of contact sheets, the places of groups and of their pictures. Nothing is drawn here.

Groups flow over a page as words do: from left to right, as many as a row has room for. A large one gets rows of its
own.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..duplicategroup import Group, Picture
from .resultlayout import SMALLEST_LETTERS, USUAL_HEIGHT, USUAL_WIDTH, Box, fitted_size

# Lengths are given in pixels for a page that is so wide, and are scaled with it.
PITCH, GAP, PAD, MARGIN = 230, 10, 9, 30
HEAD, FOOT, GROUP_HEAD, GROUP_END = 62, 24, 38, 10
LETTERS = 15

# The lines of a caption: distances from the picture down to the middle of each, and its end, in heights of the letters.
CAPTION_LINES, CAPTION_END = (1.1, 2.5, 3.8, 5.1), 6.0

# How high the place of a picture is at most and at least, as a share of its width.
TALLEST, FLATTEST = 1.0, 0.5

# Of a group that is larger, the last place says how many more there are.
MOST_PLACES = 24


class PlacedGroup(NamedTuple):
    """A group on a page."""

    number: int
    """Its place among all groups, from 0."""
    panel: Box
    stages: tuple[Box, ...]
    """Where its pictures go: the one to keep first, then its copies."""
    more: Box | None
    """Where it is said how many copies are not shown; None if all are."""


class SheetPage(NamedTuple):
    """A page of a contact sheet."""

    groups: tuple[PlacedGroup, ...]
    height: int
    """Pixels that it needs."""


class _Band(NamedTuple):
    """Groups side by side, or one that takes rows of its own."""

    first: int
    counts: tuple[int, ...]
    """How many pictures are shown of each, those that there is no room for counted as one."""
    stage_heights: tuple[int, ...]
    """Of each row."""


class SheetLayout:
    """The places of groups on pages of a given width and a largest height.

    Parameters
    ----------
    groups : sequence of Group
    width, height : int
        Of a page, in pixels.
    with_differences : bool, optional
        Whether below each picture there is a place for its difference from the one to keep.
    foot_lines : int, optional
        How many lines there are at the foot of a page.
    """

    def __init__(
        self,
        groups: Sequence[Group],
        width: int,
        height: int,
        *,
        with_differences: bool = False,
        foot_lines: int = 0,
    ) -> None:
        self._groups, self.width = groups, width
        self._unit = min(width / USUAL_WIDTH, height / USUAL_HEIGHT)
        self.margin, self.head = self.scaled(MARGIN), self.scaled(HEAD)
        self.letters = max(self.scaled(LETTERS), SMALLEST_LETTERS)
        self.group_head, self.pad, self._gap = self.scaled(GROUP_HEAD), self.scaled(PAD), self.scaled(GAP)
        self.foot = self.scaled(FOOT * (1 + foot_lines))
        self._stages = 1 + with_differences
        across = width - 2 * self.margin + self._gap
        self.columns = max(across // self.scaled(PITCH), 1)
        self._pitch = across // self.columns
        self.tile = self._pitch - self._gap - 2 * self.pad
        self._caption = round(self.letters * CAPTION_END)
        self._room = height - self.head - self.foot
        tallest, room = round(self.tile * TALLEST), self._room - self.group_head - self._gap
        rows = max(room // self._tile_height(tallest), 1)
        # On a page too low for one row, pictures are flatter.
        lacking = max(self._tile_height(tallest) - room, 0)
        self._tallest = max(tallest - -(-lacking // self._stages), 1)
        self.most_places = min(MOST_PLACES, max(rows * self.columns, 2))
        self.pages = list(self._paged())

    def scaled(self, length: float) -> int:
        """Return a length in pixels, at least one."""
        return max(round(length * self._unit), 1)

    def difference_place(self, stage: Box) -> Box:
        """Return the place of a difference, below that of the picture."""
        return stage._replace(top=stage.top + stage.height + self._gap)

    def caption_top(self, stage: Box) -> int:
        """Return the row where the caption of a picture begins."""
        last = stage if self._stages == 1 else self.difference_place(stage)
        return last.top + last.height

    def caption_end(self, stage: Box) -> int:
        """Return the row where the caption of a picture ends."""
        return self.caption_top(stage) + self._caption

    def page_of(self, number: int) -> int:
        """Return which page has a group."""
        lasts = (page.groups[-1].number for page in self.pages)
        return next(place for place, last in enumerate(lasts) if number <= last)

    def _tile_height(self, stage_height: int) -> int:
        return self._stages * stage_height + (self._stages - 1) * self._gap + self._caption + self.scaled(GROUP_END)

    def _bands(self) -> Iterator[_Band]:
        first, counts, heights = 0, list[int](), list[int]()
        for number, group in enumerate(self._groups):
            count = min(1 + len(group.copies), self.most_places)
            if counts and sum(counts) + count > self.columns:
                yield _Band(first, tuple(counts), self._by_rows(heights))
                first, counts, heights = number, [], []
            counts.append(count)
            shown = shown_of(group, count)
            heights += [self._stage_height(picture) for picture in shown]
            # The place that says how many more there are.
            heights += [heights[-1]] * (count - len(shown))
        if counts:
            yield _Band(first, tuple(counts), self._by_rows(heights))

    def _by_rows(self, heights: Sequence[int]) -> tuple[int, ...]:
        """Return how high the place of a picture is in each row."""
        rows = range(0, len(heights), self.columns)
        return tuple(max(heights[start : start + self.columns]) for start in rows)

    def _stage_height(self, picture: Picture) -> int:
        size = max(picture.width, 1), max(picture.height, 1)
        return max(fitted_size(size, self.tile, self._tallest)[1], min(round(self.tile * FLATTEST), self._tallest))

    def _paged(self) -> Iterator[SheetPage]:
        placed, top = list[PlacedGroup](), self.head
        for band in self._bands():
            height = self.group_head + sum(map(self._tile_height, band.stage_heights)) + self._gap
            if placed and top + height > self.head + self._room:
                yield SheetPage(tuple(placed), top + self.foot)
                placed, top = [], self.head
            placed += self._placed(band, top, height - self._gap)
            top += height
        if placed or not self._groups:
            yield SheetPage(tuple(placed), top + self.foot)

    def _placed(self, band: _Band, top: int, height: int) -> Iterator[PlacedGroup]:
        column = 0
        rows = [sum(map(self._tile_height, band.stage_heights[:row])) for row in range(len(band.stage_heights))]
        for number, count in enumerate(band.counts, band.first):
            left, across = self.margin + column * self._pitch, min(count, self.columns)
            boxes = [
                Box(
                    left + self.pad + place % self.columns * self._pitch,
                    top + self.group_head + rows[place // self.columns],
                    self.tile,
                    band.stage_heights[place // self.columns],
                )
                for place in range(count)
            ]
            is_whole = count == 1 + len(self._groups[number].copies)
            panel = Box(left, top, across * self._pitch - self._gap, height)
            yield PlacedGroup(number, panel, tuple(boxes if is_whole else boxes[:-1]), None if is_whole else boxes[-1])
            column += count


def shown_of(group: Group, places: int) -> list[Picture]:
    """Return the pictures of a group that are shown in so many places, of which one may have to say how many more."""
    copies = [copy.picture for copy in group.copies]
    return [group.keep, *(copies if len(copies) < places else copies[: places - 2])]
