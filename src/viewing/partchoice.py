"""Step 4, search: a part of the query is chosen in the window, by a rectangle that is dragged over it."""

from ..imagepart import Part
from .palette import ACCENT
from .resultlayout import Box
from .window import SMALLEST_DRAG, Drag, Place, Window


class PartChoice:
    """Draws a rectangle while it is dragged over the query in a window, and tells which part of it that is."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._is_drawn = False

    def follow(self, query: Box) -> Part | None:
        """Draw the rectangle as it is now, or return the part once it has been chosen; to be called now and then.

        Parameters
        ----------
        query : Box
            The place of the query in the window.
        """
        dragged, ended = self._window.drag, self._window.take_drag()
        corners = dragged and _corners(dragged, query)
        if corners is not None:
            self._window.draw_band(*corners, ACCENT)
        elif self._is_drawn:
            self._window.clear_band()
        self._is_drawn = corners is not None
        return ended and _part(ended, query)


def is_within(place: Place, box: Box) -> bool:
    """Tell whether a place is in a box."""
    return box.left <= place[0] < box.left + box.width and box.top <= place[1] < box.top + box.height


def _corners(drag: Drag, query: Box) -> Drag | None:
    """Return the corners of what was dragged over in the query, of a drag that began there."""
    (left, top, width, height), (start, end) = query, drag
    if not is_within(start, query):
        return None
    return start, (min(max(end[0], left), left + width), min(max(end[1], top), top + height))


def _part(drag: Drag, query: Box) -> Part | None:
    corners = _corners(drag, query)
    if corners is None or min(abs(one - other) for one, other in zip(*corners, strict=True)) < SMALLEST_DRAG:
        return None
    across, down = (sorted(sides) for sides in zip(*corners, strict=True))
    left, top = (across[0] - query.left) / query.width, (down[0] - query.top) / query.height
    return Part(left, top, (across[1] - across[0]) / query.width, (down[1] - down[0]) / query.height)
