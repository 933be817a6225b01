"""Step 4, search: OpenCV windows, one with the query and what was found, and one for each result that is opened.

Groups of duplicates have a window too, and one for each picture or difference that is opened.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol

import cv2

from .colordescriptor import REGIONS
from .duplicategroup import Group
from .viewing.browser import Browser, Page, PageMaker
from .viewing.classchart import MOST_CLASSES, Classes
from .viewing.contactsheet import Seen, draw_sheet
from .viewing.differencepage import amplified, draw_difference
from .viewing.display import find_display
from .viewing.evaluationpage import Page as EvaluationPage
from .viewing.evaluationpage import Series, draw_evaluation
from .viewing.interrupts import Interrupts
from .viewing.picturedifference import Difference
from .viewing.picturefile import PictureFile
from .viewing.resultpicture import MOST_SHOWN, Match, draw_results, fit
from .viewing.sheetbrowser import PairBrowser, SheetBrowser, Sight
from .viewing.sheetlayout import SheetLayout
from .viewing.worstqueries import Bad, Shown

__all__ = [
    "MOST_CLASSES", "MOST_SHOWN", "REGIONS", "Bad", "Classes", "Difference", "EvaluationPage", "Match", "Page",
    "PageMaker", "PictureFile", "Seen", "Series", "SheetLayout", "Shown", "Sight", "amplified", "draw_difference",
    "draw_evaluation", "draw_results", "draw_sheet", "fit", "show_groups", "show_pair", "show_results", "why_no_window",
]  # fmt: skip

# How long a key may wait for an answer; the process sleeps meanwhile.
WAIT_MILLISECONDS = 50


def why_no_window() -> str | None:
    """Return why no window can be opened, as a clause; None if one can. This neither opens one nor ends the process."""
    return find_display().trouble


def show_results(pages: Sequence[PageMaker]) -> None:
    """Show queries and what was found for them in a window, one at a time, until the user has seen enough.

    The keys n and p go on to the next query and back. A number or a click opens a result in a window of its own, a
    number closes it again. A double click searches from a result, and a rectangle dragged over the query by that part
    of it; Backspace goes back. The keys q and Esc, or closing the window of results, end. Ask `why_no_window` first.

    Parameters
    ----------
    pages : sequence of callable
        Make what is shown, one for each query, when its turn comes.
    """
    _follow(lambda: Browser(find_display(), pages))


def show_groups(groups: Sequence[Group], sight: Sight) -> None:
    """Show groups of duplicates in a window, a page at a time, until the user has seen enough.

    The keys n and p go on to the next page and back. A click opens a picture in a window of its own, a double click on
    a copy its difference from the picture to keep. The keys q and Esc, or closing the window, end. Ask `why_no_window`
    first.

    Parameters
    ----------
    groups : sequence of Group
    sight : Sight
        How their pictures are looked at.
    """
    _follow(lambda: SheetBrowser(find_display(), groups, sight))


def show_pair(difference: Difference) -> None:
    """Show the difference of a pair in a window, until the keys q or Esc or its button close it."""
    _follow(lambda: PairBrowser(find_display(), difference))


class _Followed(Protocol):
    """What is shown, and goes on by keys and clicks."""

    def is_open(self) -> bool: ...

    def follow(self, key: int) -> None: ...


def _follow(open_: Callable[[], _Followed]) -> None:
    """Open windows, and follow keys and clicks until the user has seen enough."""
    try:
        with Interrupts() as interrupts:
            browser = open_()
            while browser.is_open():
                # The bits above hold the state of Shift and Num Lock in some builds.
                browser.follow(cv2.waitKeyEx(WAIT_MILLISECONDS) & 0xFFFF)
                interrupts.check()
    finally:
        with suppress(cv2.error):
            cv2.destroyAllWindows()
