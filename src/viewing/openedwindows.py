"""Step 4, search: the windows that were opened from a page, each in front of it."""

from typing import Generic, TypeVar

from .display import Display
from .window import Draw, Window

What = TypeVar("What")

# Pixels between the windows, and how many of them it takes until one is in the middle again.
SHIFT, MOST_SHIFTS = 40, 5


class OpenedWindows(Generic[What]):
    """Windows, by what each of them shows.

    Parameters
    ----------
    display : Display
        Where windows open.
    """

    def __init__(self, display: Display) -> None:
        self._display = display
        self._windows: dict[What, Window] = {}

    def __contains__(self, what: object) -> bool:
        return what in self._windows

    def open(self, what: What, title: str, size: tuple[int, int], draw: Draw) -> None:
        """Open a window, in front where it is open already; see `Window`."""
        self.close(what)
        # Each a little further, so that none hides the one before.
        shift = len(self._windows) % MOST_SHIFTS * SHIFT
        self._windows[what] = Window(self._display, title, size, draw, shift)

    def close(self, what: What) -> None:
        """Close a window, if it is open."""
        if what in self._windows:
            self._windows.pop(what).close()

    def close_all(self) -> None:
        """Close all windows."""
        for window in self._windows.values():
            window.close()
        self._windows = {}

    def forget_closed(self) -> None:
        """Forget those that have been closed by their buttons."""
        self._windows = {what: window for what, window in self._windows.items() if window.is_open()}

    def follow_size(self) -> None:
        """Draw anew what has been resized."""
        for window in self._windows.values():
            window.follow_size()
