"""Duplicates: going through the pages of a contact sheet in a window, by keys and clicks, and looking at a pair."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..duplicategroup import Copy, Group, Picture
from ..printable import printable
from .browser import ENDING
from .contactsheet import See, SeeDifference, draw_sheet, summary
from .differencepage import draw_difference
from .display import Display
from .openedpicture import opened
from .openedwindows import OpenedWindows
from .pagescale import in_window, scale_of, scaled, usual_size
from .picturedifference import Difference
from .sheetlayout import SheetLayout
from .window import Draw, Window, room_on

Size = tuple[int, int]


class Sight(NamedTuple):
    """How pictures of groups are looked at."""

    see: See
    """Returns one for a page."""
    open: See
    """Returns one in full."""
    compare: Callable[[Picture, Copy], Difference | None]
    """Returns the difference of a copy from the picture to keep; None if one of them cannot be read."""
    see_difference: SeeDifference | None = None
    """Returns the difference of a copy for a page; None if none are shown there."""


class SheetBrowser:
    """The window of a contact sheet, and those of the pictures that are opened from it.

    Parameters
    ----------
    display : Display
        Where windows open.
    groups : sequence of Group
    sight : Sight
    """

    def __init__(self, display: Display, groups: Sequence[Group], sight: Sight) -> None:
        self._display, self._groups, self._sight = display, groups, sight
        self._first = 0
        self._opened: OpenedWindows[tuple[Picture, bool]] = OpenedWindows(display)
        self._ended = False
        self._layout = self._laid_out(*usual_size(display))
        self._title = f"Duplicates: {summary(groups)}"
        self._window = Window(display, self._title, usual_size(display), self._draw)

    def is_open(self) -> bool:
        """Tell whether there is still something to be seen."""
        return not self._ended and self._window.is_open()

    def follow(self, key: int) -> None:
        """Do what a key says, and what the mouse has said meanwhile; to be called again and again.

        Parameters
        ----------
        key : int
            As `cv2.waitKeyEx` has it; any other number for none.
        """
        self._opened.forget_closed()
        if key in ENDING:
            self._ended = True
        elif key in (ord("n"), ord("N"), ord(" ")):
            self._turn(1)
        elif key in (ord("p"), ord("P")):
            self._turn(-1)
        else:
            self._follow_mouse()
            self._window.follow_size()
            self._opened.follow_size()

    def _turn(self, step: int) -> None:
        page = self._layout.page_of(self._first) + step
        if 0 <= page < len(self._layout.pages):
            self._opened.close_all()
            self._first = self._layout.pages[page].groups[0].number
            self._window.show(self._title, self._draw)

    def _follow_mouse(self) -> None:
        click = self._window.take_click()
        if click is None:
            return
        scale = scale_of(*self._window.size)
        across, down, is_double = round(click[0] * scale), round(click[1] * scale), click[2]
        for placed in self._layout.pages[self._layout.page_of(self._first)].groups:
            for number, stage in enumerate(placed.stages):
                top, bottom = stage.top, self._layout.caption_end(stage)
                if stage.left <= across < stage.left + stage.width and top <= down < bottom:
                    self._open(self._groups[placed.number], number, is_double)

    def _open(self, group: Group, number: int, is_compared: bool) -> None:
        """Open a picture of a group, or the difference of a copy, in front where it is open already."""
        is_compared = is_compared and number > 0
        picture = group.copies[number - 1].picture if number else group.keep
        found = self._sight.compare(group.keep, group.copies[number - 1]) if is_compared else self._sight.open(picture)
        if found is None or isinstance(found, str):
            return
        title = f"{printable(group.keep.id)} and {printable(picture.id)}" if is_compared else printable(picture.id)
        self._opened.open((picture, is_compared), title, *_drawn(found, self._display))

    def _draw(self, width: int, height: int) -> NDArray[np.uint8]:
        self._layout = self._laid_out(*scaled(width, height))
        page, sight, hint = self._layout.page_of(self._first), self._sight, self._hint(self._layout.width)
        sheet = draw_sheet(self._groups, self._layout, page, sight.see, see_difference=sight.see_difference, hint=hint)
        return in_window(sheet, width, height)

    def _laid_out(self, width: int, height: int) -> SheetLayout:
        with_differences = self._sight.see_difference is not None
        lines = 1 + with_differences
        return SheetLayout(self._groups, width, height, with_differences=with_differences, foot_lines=lines)

    def _hint(self, width: int) -> str:
        """Return what keys and clicks do, in fewer words where there is less room."""
        is_narrow = width < 1000
        words = ["click: open", f"double click{'' if is_narrow else ' on a copy'}: where it differs"]
        if len(self._layout.pages) > 1:
            words.append("n, p: pages" if is_narrow else "n, p: next, previous page")
        return ("; " if is_narrow else ";   ").join([*words, "q: end"])


class PairBrowser:
    """The window of the difference of a pair: open until a key or its button ends it.

    Parameters
    ----------
    display : Display
    difference : Difference
    """

    def __init__(self, display: Display, difference: Difference) -> None:
        size, draw = _drawn(difference, display, hint="q: end")
        title = " and ".join(printable(name) for name in difference.names)
        self._window, self._ended = Window(display, title, size, draw), False

    def is_open(self) -> bool:
        """Tell whether there is still something to be seen."""
        return not self._ended and self._window.is_open()

    def follow(self, key: int) -> None:
        """Do what a key says, as `SheetBrowser` does."""
        self._ended = key in ENDING
        self._window.follow_size()


def _drawn(found: NDArray[np.uint8] | Difference, display: Display, hint: str = "") -> tuple[Size, Draw]:
    """Return size and contents of the window of a picture or a difference."""
    if not isinstance(found, Difference):
        return opened(found, room_on(display))

    def draw(width: int, height: int) -> NDArray[np.uint8]:
        across, down = scaled(width, height)
        return in_window(draw_difference(found, width=across, height=down, hint=hint), width, height)

    width, height = usual_size(display)
    return (width, draw_difference(found, width=width, height=height, hint=hint).shape[0]), draw
