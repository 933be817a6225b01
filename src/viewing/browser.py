"""Step 4, search: going through results in windows, by keys and clicks: other queries, results opened, new searches."""

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..imagepart import WHOLE, Cut, Part
from ..printable import printable
from .display import Display
from .openedpicture import opened
from .openedwindows import OpenedWindows
from .pagescale import in_window, scale_of, scaled, usual_size
from .partchoice import PartChoice, is_within
from .resultlayout import SMALLEST_HEIGHT, SMALLEST_WIDTH, Box
from .resultpicture import MOST_SHOWN, Match, draw_results, find_result, query_place
from .window import Window, room_on

# Backspace, Return and Escape; the first two also as GTK has them, and Return beside the digits.
BACK, ENTER = (8, 0xFF08), (10, 13, 0xFF0D, 0xFF8D)
KEYPAD_0 = 0xFFB0
ESCAPE = 27
ENDING = (ord("q"), ord("Q"), ESCAPE)

# How long a number that could go on waits for its next digit.
DIGIT_SECONDS = 0.8


class Page(NamedTuple):
    """A query and what was found for it."""

    query: NDArray[np.uint8]
    """Pixels in the order blue, green, red."""
    name: str
    matches: Sequence[Match]
    open: Callable[[Match], NDArray[np.uint8] | None]
    """Returns a result in full size; None if it cannot be read."""
    search: "Callable[[Match], PageMaker | None]"
    """Searches from a result; None if it cannot be read."""
    search_part: "Callable[[Part], PageMaker | None] | None" = None
    """Searches by a part of the query; None if it cannot be read again."""
    cut: Cut | None = None
    """The part of the query that was searched by, if that was not all of it."""
    finds_the_same: bool = False
    """Whether the results show the very same thing, and are not only similar."""
    is_blank: bool = False
    """Whether there is nothing in the query by which a thing could be known again."""


PageMaker = Callable[[], Page]
"""Makes a page when it is to be seen: the pictures of many would fill the memory."""


class Browser:
    """The window of results, and those of the results that are opened from it.

    Parameters
    ----------
    display : Display
        Where windows open.
    pages : sequence of callable
        One for each query.
    """

    def __init__(self, display: Display, pages: Sequence[PageMaker]) -> None:
        self._display, self._pages = display, pages
        self._number = 0
        self._searches: list[PageMaker] = []
        self._page = pages[0]()
        self._opened: OpenedWindows[int] = OpenedWindows(display)
        self._digits, self._last_digit = "", 0.0
        self._ended = False
        # Only as high as it must be.
        first = self._drawn(*usual_size(display))
        self._window = Window(display, self._title(), (first.shape[1], first.shape[0]), self._draw)
        self._choice = PartChoice(self._window)

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
        if key == ESCAPE and self._window.drag is not None:
            self._window.abandon_drag()
        elif key in ENDING:
            self._ended = True
        elif key in (ord("n"), ord("N")):
            self._go_to(self._number + 1)
        elif key in (ord("p"), ord("P")):
            self._go_to(self._number - 1)
        elif key in BACK:
            self._go_back()
        else:
            self._follow_number(key)
            self._follow_mouse()
            self._follow_drag()
            self._window.follow_size()
            self._opened.follow_size()

    def _go_to(self, number: int) -> None:
        if 0 <= number < len(self._pages):
            self._number, self._searches = number, []
            self._turn()

    def _go_back(self) -> None:
        if self._searches:
            self._searches.pop()
            self._turn()

    def _leave_part(self) -> None:
        """Go back to what was before a part of the query; to the whole query if the program began with the part."""
        if self._searches:
            self._go_back()
        elif self._page.search_part is not None and (page := self._page.search_part(WHOLE)) is not None:
            self._searches.append(page)
            self._turn()

    def _turn(self) -> None:
        """Show the page that it is the turn of."""
        self._opened.close_all()
        self._digits = ""
        self._page = (self._searches or [self._pages[self._number]])[-1]()
        self._window.show(self._title(), self._draw)

    def _follow_number(self, key: int) -> None:
        shown = min(len(self._page.matches), MOST_SHOWN)
        if KEYPAD_0 <= key <= KEYPAD_0 + 9:
            key += ord("0") - KEYPAD_0
        if ord("0") <= key <= ord("9"):
            more = self._digits + chr(key)
            self._digits, self._last_digit = more if int(more) <= shown else chr(key), time.monotonic()
        if not self._digits:
            return
        number = int(self._digits)
        waits = 0 < 10 * number <= shown and time.monotonic() - self._last_digit < DIGIT_SECONDS
        if waits and key not in ENTER:
            return
        self._digits = ""
        if number in self._opened:
            self._opened.close(number)
        elif 1 <= number <= shown:
            self._open(self._page.matches[number - 1])

    def _follow_mouse(self) -> None:
        click = self._window.take_click()
        if click is None:
            return
        scale = scale_of(*self._window.size)
        place = round(click[0] * scale), round(click[1] * scale)
        laid_out = scaled(*self._window.size)
        number = find_result(self._page.query, self._page.matches, place, *laid_out, self._hint(laid_out[0]))
        if number is None:
            box = query_place(self._page.query, self._page.matches, *laid_out, self._hint(laid_out[0]))
            if self._page.cut is not None and is_within(place, box):
                self._leave_part()
            return
        match, is_double = self._page.matches[number], click[2]
        if not is_double:
            self._open(match)
        elif (page := self._page.search(match)) is not None:
            self._searches.append(page)
            self._turn()

    def _follow_drag(self) -> None:
        """Search by the part of the query that somebody has dragged over."""
        if self._page.search_part is None:
            return
        scale, laid_out = scale_of(*self._window.size), scaled(*self._window.size)
        place = query_place(self._page.query, self._page.matches, *laid_out, self._hint(laid_out[0]))
        part = self._choice.follow(Box(*(round(side / scale) for side in place)))
        if part is not None and (page := self._page.search_part(part)) is not None:
            self._searches.append(page)
            self._turn()

    def _open(self, match: Match) -> None:
        """Open a result, in front where it is open already."""
        self._opened.close(match.rank)
        if match.picture is None:
            return
        full = self._page.open(match)
        size, draw = opened(match.picture if full is None else full, room_on(self._display))
        self._opened.open(match.rank, f"{match.rank}: {printable(match.name)}", size, draw)

    def _title(self) -> str:
        what = "" if self._page.cut is None else "a part of "
        title = f"{'Seen in' if self._page.finds_the_same else 'Similar to'} {what}{printable(self._page.name)}"
        several = len(self._pages) > 1
        return f"{title}, {self._number + 1} of {len(self._pages)}" if several and not self._searches else title

    def _draw(self, width: int, height: int) -> NDArray[np.uint8]:
        return in_window(self._drawn(*scaled(width, height)), width, height)

    def _drawn(self, width: int, height: int) -> NDArray[np.uint8]:
        page = self._page
        width, height = max(width, SMALLEST_WIDTH), max(height, SMALLEST_HEIGHT)
        hint = self._hint(width)
        return draw_results(
            page.query, page.name, page.matches, width=width, height=height, hint=hint, cut=page.cut,
            finds_the_same=page.finds_the_same, is_blank=page.is_blank,
        )  # fmt: skip

    def _hint(self, width: int) -> str:
        """Return what keys and clicks do, in fewer words where there is less room."""
        shown, is_narrow = min(len(self._page.matches), MOST_SHOWN), width < 1000
        words = (
            [f"1{f' to {shown}' if shown > 1 else ''} or click: open", "double click: search from it"] if shown else []
        )
        if self._page.search_part is not None:
            words.append(f"drag in the query: by a part{'' if is_narrow else ' of it'}")
        if self._searches:
            words.append(f"Backspace: {'' if is_narrow else 'go '}back")
        if len(self._pages) > 1:
            words.append("n, p: queries" if is_narrow else "n, p: next, previous query")
        return ("; " if is_narrow else ";   ").join([*words, "q: end"])
