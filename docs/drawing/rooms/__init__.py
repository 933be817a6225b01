"""The picture of the rooms: which module stands on which, drawn from the imports.

`python -m docs.drawing.rooms` draws docs/rooms.svg anew; with `--check` it only says whether that is needed. The same
imports give the same bytes every time.
"""

from __future__ import annotations

from docs.drawing.rooms.house import build_house
from docs.drawing.rooms.imports import ROOT, read_modules
from docs.drawing.rooms.svg import draw_house

PICTURE = ROOT / "docs" / "rooms.svg"
COMMAND = "python -m docs.drawing.rooms"


def draw_rooms() -> str:
    """Draw the rooms of the project as they are now, as SVG text."""
    return draw_house(build_house(read_modules()))


def is_drawn() -> bool:
    """Return whether docs/rooms.svg shows the rooms as they are now."""
    return PICTURE.is_file() and PICTURE.read_text(encoding="utf-8") == draw_rooms()
