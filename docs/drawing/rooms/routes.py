"""The ways of the arrows, through the gaps between floors and between boxes."""

from __future__ import annotations

from typing import NamedTuple

from docs.drawing.rooms.blocks import BOX_WIDTH
from docs.drawing.rooms.house import Edge
from docs.drawing.rooms.layout import HEIGHT, ROW, Layout

PORT = 7  # between two lines that leave one box
LANE = 9  # between the side of a box and the first line beside it

Point = tuple[float, float]


class Route(NamedTuple):
    """The way of an arrow. Between two points it is a soft curve that begins and ends downwards."""

    points: list[Point]
    from_side: bool
    """It begins sideways: it leaves a face that stands on its folder."""
    into_side: bool
    """It ends sideways, in a folder that stands under its face."""


def find_route(edge: Edge, layout: Layout) -> Route:
    """Find the way of an arrow.

    Parameters
    ----------
    edge : pair of str
        Where it begins and ends.
    layout : Layout

    Returns
    -------
    Route
    """
    above, below = edge
    attached, floors = layout.house.attached, layout.house.floors
    start, end = layout.y(floors[above]), layout.y(floors[below])
    points: list[Point] = []
    if way := layout.ways[edge]:
        points = [(way.x, start + ROW), (way.x, layout.y(way.bottom) + HEIGHT)]
    into_side, from_side = below in attached.values(), above in attached
    if into_side:
        outwards = 1 if (points[0][0] if points else layout.x(above)) > layout.x(below) else -1
        side = layout.x(below) + outwards * BOX_WIDTH / 2
        points += [(side + outwards * LANE, end), (side, end + HEIGHT / 2)]
    else:
        points += [(layout.x(below), end)]
    ends = sorted((_leads_to(other, layout) - layout.x(above), other) for other in layout.ways if other[0] == above)
    place = ends.index((_leads_to(edge, layout) - layout.x(above), edge))
    if from_side:  # what leads farther away leaves higher and keeps farther off, so that no two lines cross
        outwards = 1 if ends[place][0] > 0 else -1
        nearer = sum(0 < distance * outwards < ends[place][0] * outwards for distance, _ in ends) * PORT
        side = layout.x(above) + outwards * BOX_WIDTH / 2
        points[:0] = [(side, start + HEIGHT / 2 - nearer), (side + outwards * (LANE + nearer), start + HEIGHT)]
    else:  # straight down from the middle, and the others beside it
        straight = [number for number, (distance, _) in enumerate(ends) if distance == 0]
        middle = straight[0] if straight else (len(ends) - 1) / 2
        points[:0] = [(layout.x(above) + PORT * (place - middle), start + HEIGHT)]
    return Route(points, from_side, into_side)


def _leads_to(edge: Edge, layout: Layout) -> float:
    """Return where an arrow is one floor below its beginning."""
    way = layout.ways[edge]
    return way.x if way else layout.x(edge[1])
