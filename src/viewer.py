"""Step 4, search: OpenCV windows, one with the query and what was found, and one for each result that is opened."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol

import cv2

from .colordescriptor import REGIONS
from .viewing.browser import Browser, Page, PageMaker
from .viewing.classchart import MOST_CLASSES, Classes
from .viewing.display import Display, find_display
from .viewing.evaluationpage import Page as EvaluationPage
from .viewing.evaluationpage import Series, draw_evaluation
from .viewing.interrupts import Interrupts
from .viewing.outlinedrawing import Seen
from .viewing.picturefile import PictureFile
from .viewing.resultpicture import MOST_SHOWN, Match, draw_results
from .viewing.worstqueries import Bad, Shown

__all__ = [
    "MOST_CLASSES", "MOST_SHOWN", "REGIONS", "Bad", "Classes", "EvaluationPage", "Match", "Page", "PageMaker",
    "PictureFile", "Seen", "Series", "Shown", "Windows", "draw_evaluation", "draw_results", "show_results",
    "show_windows", "why_no_window",
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
    show_windows(lambda display: Browser(display, pages))


class Windows(Protocol):
    """What is shown in windows, and goes on by keys and clicks."""

    def is_open(self) -> bool:
        """Tell whether there is still something to be seen."""

    def follow(self, key: int) -> None:
        """Do what a key says, as `cv2.waitKeyEx` has it, and what the mouse has said meanwhile."""


def show_windows(open_: Callable[[Display], Windows]) -> None:
    """Open windows on the display, and follow keys and clicks until the user has seen enough."""
    try:
        with Interrupts() as interrupts:
            windows = open_(find_display())
            while windows.is_open():
                # The bits above hold the state of Shift and Num Lock in some builds.
                windows.follow(cv2.waitKeyEx(WAIT_MILLISECONDS) & 0xFFFF)
                interrupts.check()
    finally:
        with suppress(cv2.error):
            cv2.destroyAllWindows()
