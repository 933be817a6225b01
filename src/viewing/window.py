"""Step 4, search: an OpenCV window that is centred, draws its picture anew when it is resized, and tells of clicks."""

import itertools
import time
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from .display import USUAL_SCREEN, Display

Draw = Callable[[int, int], NDArray[np.uint8]]
"""Draws what a window shows: a picture of the width and height that it is called with."""

Place = tuple[int, int]
"""Across and down, in pixels of what a window shows."""
Drag = tuple[Place, Place]
"""Where the button of the mouse was pressed, and where it was released or is now."""

# No window's name is used twice. After a window was closed by its button, Qt keeps the name. OpenCV then counts one
# window less than there are, takes the last but one for the last, and releases all of them.
WINDOW_NUMBERS = itertools.count(1)

# The part of the screen a window may take, so that title bars and panels stay in sight.
SCREEN_SHARE = 0.86

# What Qt takes for one double click; Windows waits 0.5 s, and GTK 0.4 s.
DOUBLE_CLICK_SECONDS = 0.4

# A hand that clicks moves the mouse by less.
SMALLEST_DRAG = 8

# A window dragged to a thread is not drawn anew: a layout of that shape would take more pixels than any screen has.
THINNEST = 0.05


def room_on(display: Display) -> tuple[int, int]:
    """Return the largest width and height of a window."""
    width, height = display.screen or USUAL_SCREEN
    return round(width * SCREEN_SHARE), round(height * SCREEN_SHARE)


class Window:
    """An open window.

    Parameters
    ----------
    display : Display
        What was found where it opens.
    title : str
    size : (int, int)
        Width and height in pixels.
    draw : callable
        See `Draw`.
    shift : int, optional
        How many pixels it is away from the middle, to the right and down.
    """

    def __init__(self, display: Display, title: str, size: tuple[int, int], draw: Draw, shift: int = 0) -> None:
        self._name = f"window {next(WINDOW_NUMBERS)}"
        self._size = self._asked_size = size
        self._draw = draw
        self._click: tuple[int, int, float] | None = None
        self._double: tuple[int, int] | None = None
        self._pressed: Place | None = None
        self._pointer: Place | None = None
        self._drag: Drag | None = None
        # The picture always has the size of the window, but for the moments of resizing.
        cv2.namedWindow(self._name, cv2.WINDOW_NORMAL | cv2.WINDOW_FREERATIO | cv2.WINDOW_GUI_NORMAL)
        cv2.setWindowTitle(self._name, title)
        cv2.resizeWindow(self._name, *size)
        if display.screen is not None:
            places = zip(display.origin, display.screen, size, strict=True)
            left, top = (start + (whole - own) // 2 + shift for start, whole, own in places)
            cv2.moveWindow(self._name, left, top)
        self._show(draw(*size))
        cv2.setMouseCallback(self._name, self._note)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels of what was drawn last."""
        return self._size

    def is_open(self) -> bool:
        """Tell whether nobody has closed it."""
        try:
            return cv2.getWindowProperty(self._name, cv2.WND_PROP_VISIBLE) >= 1
        except cv2.error:
            return False

    def close(self) -> None:
        """Close it, if it is open: Qt counts one that was closed by its button as gone already."""
        if self.is_open():
            cv2.destroyWindow(self._name)

    def show(self, title: str, draw: Draw) -> None:
        """Show something else in it, in the size it has."""
        self._draw = draw
        self._click = self._double = None
        self.abandon_drag()
        cv2.setWindowTitle(self._name, title)
        self._show(draw(*self._size))

    def follow_size(self) -> None:
        """Draw anew if the window has another size than what it shows; to be called now and then."""
        try:
            *_, width, height = cv2.getWindowImageRect(self._name)
        except cv2.error:
            return
        # While it is being dragged, it has a new size each time.
        size, self._asked_size = self._asked_size, (width, height)
        if size == (width, height) != self._size and min(size) > THINNEST * max(size):
            self._size = size
            self._show(self._draw(*size))

    def _show(self, picture: NDArray[np.uint8]) -> None:
        self._shown = picture
        cv2.imshow(self._name, picture)

    def take_click(self) -> tuple[int, int, bool] | None:
        """Return where somebody has clicked, across and down, and whether it was a double click, once; else None."""
        if self._double is not None:
            double, self._click, self._double = self._double, None, None
            return (*double, True)
        # While the button is down, it may still become a drag.
        is_released = self._pressed is None
        if self._click is not None and is_released and time.monotonic() - self._click[2] > DOUBLE_CLICK_SECONDS:
            (across, down, _), self._click = self._click, None
            return across, down, False
        return None

    @property
    def drag(self) -> Drag | None:
        """Where a drag that goes on has begun and where it is now; None if there is none."""
        if self._pressed is None or self._pointer is None or not _is_drag(self._pressed, self._pointer):
            return None
        return self._pressed, self._pointer

    def take_drag(self) -> Drag | None:
        """Return where somebody has dragged from and to, once; else None."""
        drag, self._drag = self._drag, None
        return drag

    def abandon_drag(self) -> None:
        """Let a drag that goes on, or that nobody has taken, be none."""
        self._pressed = self._pointer = self._drag = self._click = None

    def draw_band(self, corner: Place, other: Place, colour: tuple[int, int, int]) -> None:
        """Show a rectangle between two corners above the picture."""
        banded = self._shown.copy()
        cv2.rectangle(banded, corner, other, colour, 2)
        cv2.imshow(self._name, banded)

    def clear_band(self) -> None:
        """Show the picture without a rectangle."""
        cv2.imshow(self._name, self._shown)

    def _note(self, event: int, across: int, down: int, flags: int, _: object) -> None:
        if event == cv2.EVENT_LBUTTONDOWN:
            self._click = across, down, time.monotonic()
            self._pressed, self._pointer = (across, down), None
        elif event == cv2.EVENT_MOUSEMOVE and flags & cv2.EVENT_FLAG_LBUTTON:
            self._pointer = across, down
        elif event == cv2.EVENT_LBUTTONUP:
            if self._pressed is not None and _is_drag(self._pressed, (across, down)):
                self._drag, self._click = (self._pressed, (across, down)), None
            self._pressed = self._pointer = None
        elif event == cv2.EVENT_RBUTTONDOWN:
            self.abandon_drag()
        elif event == cv2.EVENT_LBUTTONDBLCLK:
            self._double = across, down


def _is_drag(one: Place, other: Place) -> bool:
    return max(abs(one[0] - other[0]), abs(one[1] - other[1])) >= SMALLEST_DRAG
