"""What is to be placed in the picture: rooms as blocks, and the lines between them.

Each floor is a row. A face and the folder right under it are one block in two rows. Arrows that pass a floor share a
corridor there with all others that lead to the same room: lines meet early, and none runs behind a room.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from docs.drawing.rooms.house import Edge, House

BOX_WIDTH = 146
CORRIDOR_WIDTH = 8
GAP = 26


@dataclass(eq=False)
class Block:
    """What stands in one or more rows: a room, a face with its folder, or a corridor."""

    name: str
    """Of the room, or of the face; a corridor has the name of the room that it leads to."""
    top: int
    """Its highest floor."""
    bottom: int
    """Its lowest floor."""
    step: int
    is_corridor: bool = False
    x: float = 0.0
    """Its middle."""
    links: list[Block] = field(default_factory=list)
    """The blocks at the other ends of its lines."""

    @property
    def width(self) -> int:
        """How much of its rows it takes, with the gap to the next one."""
        return GAP + (CORRIDOR_WIDTH if self.is_corridor else BOX_WIDTH)

    @property
    def rows(self) -> range:
        """The floors that it stands on."""
        return range(self.bottom, self.top + 1)


Line = tuple[Block, Block]


class Blocks(NamedTuple):
    """All blocks of a house, not yet in their places."""

    of_rooms: Mapping[str, Block]
    """By room; a folder right under its face has the block of the face."""
    corridors: Mapping[str, Block]
    """By the room that they lead to."""
    ways: Mapping[Edge, Block | None]
    """The corridor that each arrow takes, if there is a floor to pass."""
    lines: Mapping[int, list[Line]]
    """By the floor where they begin; each ends on the one below."""

    @property
    def all(self) -> list[Block]:
        """Each block once."""
        return [*dict.fromkeys(self.of_rooms.values()), *self.corridors.values()]


def make_blocks(house: House) -> Blocks:
    """Make a block of each room, or face with its folder, and the corridors between them.

    Parameters
    ----------
    house : House
        What all share is left out.

    Returns
    -------
    Blocks
    """
    blocks: dict[str, Block] = {}
    for name, room in house.rooms.items():
        if name not in house.shared and name not in house.attached.values():
            folder = house.attached.get(name, name)
            blocks[name] = blocks[folder] = Block(name, house.floors[name], house.floors[folder], room.step)
    ways: dict[Edge, Block | None] = {}
    corridors: dict[str, Block] = {}
    for above, below in house.arrows():
        if blocks[above] is blocks[below]:
            continue
        ways[above, below] = None
        if (top := house.floors[above] - 1) > house.floors[below]:
            new = Block(below, top, house.floors[below] + 1, blocks[below].step, is_corridor=True)
            corridor = ways[above, below] = corridors.setdefault(below, new)
            corridor.top = max(corridor.top, top)
    lines: dict[int, list[Line]] = defaultdict(list)
    for (above, below), way in ways.items():
        lines[house.floors[above]].append((blocks[above], way or blocks[below]))
    for below, corridor in corridors.items():
        lines[corridor.bottom].append((corridor, blocks[below]))
    for upper, lower in (line for inside in lines.values() for line in inside):
        upper.links.append(lower)
        lower.links.append(upper)
    return Blocks(blocks, corridors, ways, lines)
