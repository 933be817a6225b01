"""Letters, boxes and arrows as elements of SVG, and the colours of the picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from docs.drawing.rooms.routes import Point

# Of no step, and of the steps 1 to 4: fill of a face, fill of a folder, and ink.
FILLS = ("#ebeae6", "#d6e4f4", "#d7ead4", "#f8e5b9", "#eadaee")
PALE_FILLS = ("#f6f5f2", "#eef4fa", "#eef6ec", "#fdf6e4", "#f6f0f8")
INKS = ("#7b7b80", "#3f72a8", "#4b8753", "#b07f1c", "#86569a")
TEXT, FAINT, PAPER, RULE, SHADE = "#26272b", "#65656a", "#fdfcfa", "#eae7e0", "#f2f0ea"
FONT = "system-ui, -apple-system, 'Segoe UI', 'Liberation Sans', Helvetica, Arial, sans-serif"
HEAD = 7  # the length of an arrow's head


def moved(x: float, y: float, elements: Iterable[str]) -> list[str]:
    """Put elements elsewhere, together."""
    return [f'<g transform="translate({x:g} {y:g})">', *elements, "</g>"]


def text(x: float, y: float, words: str, size: float = 13, colour: str = TEXT, *, how: str = "middle") -> str:
    """Write a line whose baseline is at `y`; `how` is "start" or "middle", and may be followed by "bold"."""
    anchor, *bold = how.split()
    weight = ' font-weight="600"' if bold else ""
    words = words.replace("&", "&amp;").replace("<", "&lt;")
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size:g}"{weight} fill="{colour}" text-anchor="{anchor}">{words}</text>'
    )


def box(x: float, y: float, width: float, height: float, fill: str, ink: str = "none", *, radius: float = 6) -> str:
    """Draw a box with round corners, from its top left one."""
    place = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"'
    return f'<rect {place} rx="{radius:g}" fill="{fill}" stroke="{ink}"/>'


def door(x: float, y: float, width: float, height: float) -> str:
    """Draw a box with an arched top."""
    arch = f"a{width / 2:g} 18 0 0 1 {width:g} 0"
    return f'<path d="M{x:g} {y + height:g}v{18 - height:g}{arch}v{height - 18:g}z" fill="#fff" stroke="{TEXT}"/>'


def curve(points: Sequence[Point], *, from_side: bool, into_side: bool) -> str:
    """Return the path of a soft line that goes down through points, or begins or ends at the side of a box."""
    path = f"M{points[0][0]:g} {points[0][1]:g}"
    for place, ((x, y), (to_x, to_y)) in enumerate(zip(points, points[1:], strict=False)):
        begins, ends = from_side and place == 0, into_side and place == len(points) - 2
        middle = (y + to_y) / 2
        first = (to_x, y) if begins else (x, to_y if ends else middle)
        second = (x, to_y) if ends else (to_x, y if begins else middle)
        if place == len(points) - 2 and not ends:
            to_y -= HEAD - 1
        path += f"C{first[0]:g} {first[1]:g} {second[0]:g} {second[1]:g} {to_x:g} {to_y:g}"
    return path


def stroke(path: str, ink: str, width: float = 1.5) -> str:
    """Draw a line along a path."""
    return f'<path d="{path}" fill="none" stroke="{ink}" stroke-width="{width:g}"/>'


def head(points: Sequence[Point], ink: str, *, sideways: bool) -> str:
    """Draw the head of an arrow at the last point, downwards or sideways."""
    (before, _), (x, y) = points[-2:]
    shape = f"l{HEAD if before > x else -HEAD} -4v8z" if sideways else f"l-4 {-HEAD}h8z"
    return f'<path d="M{x:g} {y:g}{shape}" fill="{ink}"/>'
