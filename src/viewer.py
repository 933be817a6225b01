"""Step 4, search: OpenCV windows, one with the query and what was found, and one for each result that is opened."""

import itertools
from collections.abc import Sequence
from contextlib import suppress

import cv2
import numpy as np
from numpy.typing import NDArray

from .colordescriptor import REGIONS
from .printable import printable
from .viewing.display import USUAL_SCREEN, find_display
from .viewing.palette import BACKGROUND
from .viewing.picturefile import PictureFile
from .viewing.resultlayout import SMALLEST_HEIGHT, SMALLEST_WIDTH, USUAL_HEIGHT, USUAL_WIDTH
from .viewing.resultpicture import MOST_SHOWN, Match, draw_results, fit

__all__ = ["MOST_SHOWN", "REGIONS", "Match", "PictureFile", "draw_results", "show_results", "why_no_window"]

# How long a key may wait for an answer; the process sleeps meanwhile.
WAIT_MILLISECONDS = 50

# The part of the screen a window may take, so that title bars and panels stay in sight.
SCREEN_SHARE = 0.86

# No window's name is used twice. After a window was closed by its button, Qt keeps the name. OpenCV then counts one
# window less than there are, takes the last but one for the last, and releases all of them.
WINDOW_NUMBERS = itertools.count(1)

ESCAPE = 27
ENDING_KEYS = (ord("q"), ord("Q"), ESCAPE)


def why_no_window() -> str | None:
    """Return why no window can be opened, as a clause; None if one can. This neither opens one nor ends the process."""
    return find_display().trouble


def show_results(query: NDArray[np.uint8], query_name: str, matches: Sequence[Match]) -> None:
    """Show a query and what was found for it in a window, until the user has seen enough.

    Keys 1 to 9 open a result in full size in a window of its own and close it again. The keys q and Esc, or closing
    the window of results, end. Ask `why_no_window` first; see `draw_results` for the parameters.
    """
    screen = find_display().screen or USUAL_SCREEN
    room = (max(round(screen[0] * SCREEN_SHARE), SMALLEST_WIDTH), max(round(screen[1] * SCREEN_SHARE), SMALLEST_HEIGHT))
    scale = min(room[0] / USUAL_WIDTH, room[1] / USUAL_HEIGHT)
    width, height = max(round(USUAL_WIDTH * scale), SMALLEST_WIDTH), max(round(USUAL_HEIGHT * scale), SMALLEST_HEIGHT)
    page = draw_results(query, query_name, matches, width=width, height=height, hint=_hint(matches))
    by_key = {ord(key): match for key, match in zip("123456789", matches, strict=False)}
    opened: dict[int, str] = {}
    try:
        results = _open(f"Similar to {printable(query_name)}", page)
        while True:
            # The bits above hold the state of Shift and Num Lock in some builds.
            key = cv2.waitKeyEx(WAIT_MILLISECONDS) & 0xFFFF
            if key in ENDING_KEYS or not _is_open(results):
                return
            if key in opened and _is_open(opened[key]):
                cv2.destroyWindow(opened.pop(key))
            elif (match := by_key.get(key)) and match.picture is not None:
                picture = _framed(fit(match.picture, *room, enlarge=1))
                opened[key] = _open(f"{match.rank}: {printable(match.name)}", picture)
    finally:
        with suppress(cv2.error):
            cv2.destroyAllWindows()


def _hint(matches: Sequence[Match]) -> str:
    keys = {0: "", 1: "1 opens the result"}.get(len(matches), f"1 to {min(len(matches), 9)} open a result")
    return ", ".join(filter(None, [keys, "q ends"]))


def _framed(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Give a tiny picture a frame, so that its window can be seen and closed."""
    height, width = picture.shape[:2]
    across, down = max(240 - width, 0), max(160 - height, 0)
    frame = (down // 2, down - down // 2, across // 2, across - across // 2)
    return cv2.copyMakeBorder(picture, *frame, cv2.BORDER_CONSTANT, value=BACKGROUND).astype(np.uint8, copy=False)


def _open(title: str, picture: NDArray[np.uint8]) -> str:
    """Open a window as large as a picture; return its name."""
    window = f"window {next(WINDOW_NUMBERS)}"
    cv2.namedWindow(window, cv2.WINDOW_NORMAL | cv2.WINDOW_KEEPRATIO | cv2.WINDOW_GUI_NORMAL)
    cv2.setWindowTitle(window, title)
    cv2.resizeWindow(window, picture.shape[1], picture.shape[0])
    cv2.imshow(window, picture)
    return window


def _is_open(window: str) -> bool:
    try:
        return cv2.getWindowProperty(window, cv2.WND_PROP_VISIBLE) >= 1
    except cv2.error:
        return False
