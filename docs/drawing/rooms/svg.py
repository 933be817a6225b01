"""The picture of the rooms: floors, rooms and arrows, and what their colours mean."""

from __future__ import annotations

from collections.abc import Iterator

from docs.drawing.rooms import pen
from docs.drawing.rooms.blocks import BOX_WIDTH
from docs.drawing.rooms.house import House
from docs.drawing.rooms.layout import HEIGHT, ROW, Layout, lay_out
from docs.drawing.rooms.routes import find_route

WIDTH, PADDING = 1200, 30
NUMBERS = 24  # the column of the numbers of the floors
PER_LINE, SHARED_HEIGHT = 7, 32  # of what all share
STEPS = ("of no single step", "1 describe", "2 index", "3 compare", "4 search")
NOTES = (
    "A box is a module of src, a pale one a folder that belongs to the module above it. "
    "Each stands above all that it imports.",
    "Arrows lead to what is imported, in its colour. "
    "Left out are those to what all share, and A → C where A → B → C is drawn.",
)


def draw_house(house: House) -> str:
    """Draw the rooms of a house, floor by floor.

    Parameters
    ----------
    house : House

    Returns
    -------
    str
        The text of an SVG file, with a background of its own for light and dark pages.
    """
    layout = lay_out(house)
    left = PADDING + NUMBERS
    width = max(WIDTH, layout.width + left + PADDING)
    shared, ground = list(_shared(house, width - left - PADDING)), PADDING + layout.y(0)
    foot = ground + 7 + (SHARED_HEIGHT + 10) * -(-len(house.shared) // PER_LINE)
    height = foot + 104
    middle = round((width + NUMBERS - layout.width) / 2)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="{pen.FONT}">',
        f"<title>The {len(house.rooms)} rooms of the project on {house.storeys} floors</title>",
        pen.box(0.5, 0.5, width - 1, height - 1, pen.PAPER, pen.RULE, radius=10),
        # Lines of one pixel are sharp on half pixels.
        *pen.moved(left + 0.5, PADDING + 0.5, _floors(layout, width - left - PADDING)),
        *pen.moved(middle + 0.5, PADDING + 0.5, [*_arrows(layout), *_rooms(layout)]),
        *pen.moved(left + 0.5, ground + 0.5, shared),
        *pen.moved(left + 0.5, foot + 22.5, _legend()),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _floors(layout: Layout, width: float) -> Iterator[str]:
    """Number the floors, with a faint line between them."""
    for floor in range(layout.house.storeys):
        middle = layout.y(floor) + HEIGHT / 2
        yield pen.text(-NUMBERS, middle + 4, str(floor), 12, pen.FAINT)
        if floor > 1:
            yield pen.stroke(f"M0 {middle + ROW / 2:g}H{width:g}", pen.RULE, 1)


def _arrows(layout: Layout) -> Iterator[str]:
    """Draw all that lead to one room together; where they cross others, those are seen to pass below."""
    for below, block in layout.blocks.items():
        ink = pen.INKS[block.step]
        routes = [find_route(edge, layout) for edge in layout.ways if edge[1] == below]
        paths = [pen.curve(route.points, from_side=route.from_side, into_side=route.into_side) for route in routes]
        yield from (pen.stroke(path, pen.PAPER, 4) for path in paths)
        yield from (pen.stroke(path, ink) for path in paths)
        yield from dict.fromkeys(pen.head(route.points, ink, sideways=route.into_side) for route in routes)


def _rooms(layout: Layout) -> Iterator[str]:
    """Draw a box for each room; a face and the folder right under it stand in one."""
    attached = layout.house.attached
    for name in layout.blocks:
        room = layout.house.rooms[name]
        x, y, ink = layout.x(name), layout.y(layout.house.floors[name]), pen.INKS[room.step]
        left, fill = x - BOX_WIDTH / 2, (pen.PALE_FILLS if room.is_folder else pen.FILLS)[room.step]
        if name in attached:
            yield pen.box(left, y, BOX_WIDTH, ROW + HEIGHT, pen.PALE_FILLS[room.step], ink)
        if room.is_door:
            yield pen.door(left, y, BOX_WIDTH, HEIGHT)
        elif name not in attached.values():
            yield pen.box(left, y, BOX_WIDTH, HEIGHT, fill, ink)
    for name in layout.blocks:  # a face comes before its folder or after it, and must not hide its name
        room = layout.house.rooms[name]
        x, y, ink = layout.x(name), layout.y(layout.house.floors[name]), pen.INKS[room.step]
        note = f"{room.modules} modules" if room.is_folder else STEPS[room.step] if room.step else ""
        yield pen.text(x, y + (20 if note else 27), name, 14, how="middle" if room.is_folder else "middle bold")
        if note:
            yield pen.text(x, y + 36, note, 11, ink)


def _shared(house: House, width: float) -> Iterator[str]:
    """Draw what all share, on the ground."""
    top, pitch = -5, (width - 120) // PER_LINE
    height = 12 + (SHARED_HEIGHT + 10) * -(-len(house.shared) // PER_LINE)
    yield pen.box(0, top, width, height, pen.SHADE, radius=8)
    yield pen.text(14, top + 31, "what all share", 12, pen.FAINT, how="start")
    for place, name in enumerate(sorted(house.shared)):
        x, y = 115 + place % PER_LINE * pitch, top + 11 + place // PER_LINE * (SHARED_HEIGHT + 10)
        yield pen.box(x, y, pitch - 10, SHARED_HEIGHT, pen.PAPER, pen.INKS[0])
        yield pen.text(x + (pitch - 10) / 2, y + 21, name)


def _legend() -> Iterator[str]:
    """Say what the colours and the arrows mean."""
    for place, step in enumerate((1, 2, 3, 4, 0)):
        yield pen.box(130 * place, 0, 26, 16, pen.FILLS[step], pen.INKS[step], radius=4)
        yield pen.text(130 * place + 34, 12.5, STEPS[step], how="start")
    for place, note in enumerate(NOTES):
        yield pen.text(0, 42 + 20 * place, note, colour=pen.FAINT, how="start")
