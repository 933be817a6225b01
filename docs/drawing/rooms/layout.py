"""Where every room stands in the picture: arithmetic only, nothing is drawn here.

Once the blocks have an order, each moves sideways to the middle of what its lines lead to. At the end a corridor moves
straight above or below one of its ends, and a room straight below what imports it, if that is near. Floats are only
added, halved and compared, so that every machine comes to the same picture.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from statistics import median

from docs.drawing.rooms.blocks import GAP, Block, make_blocks
from docs.drawing.rooms.house import Edge, House
from docs.drawing.rooms.order import sort_blocks

ROW, HEIGHT = 88, 44  # of a floor, and of a box on it
ROUNDS = 300  # of moving everything; after half of them nothing moves by a pixel any more
STRAIGHTEN = 40  # how far a room moves for the sake of one straight line


@dataclass(frozen=True)
class Layout:
    """Blocks in their places, measured from the top of the house and its leftmost block."""

    house: House
    blocks: Mapping[str, Block]
    """Of each room but those that all share; a folder right under its face has the block of the face."""
    ways: Mapping[Edge, Block | None]
    """The corridor that each arrow takes, if there is a floor to pass."""
    width: int

    def x(self, room: str) -> float:
        """Return the middle of a room's box."""
        return self.blocks[room].x

    def y(self, floor: int) -> int:
        """Return the top of the boxes on a floor."""
        return (self.house.storeys - 1 - floor) * ROW


def lay_out(house: House) -> Layout:
    """Place all rooms but those that all share.

    Parameters
    ----------
    house : House

    Returns
    -------
    Layout
    """
    blocks = make_blocks(house)
    ordered = sort_blocks(blocks)
    _place(ordered)
    left = min(block.x - block.width / 2 for block in ordered)
    for block in ordered:
        block.x = round(block.x - left - GAP / 2)
    right = max(block.x + block.width / 2 for block in ordered)
    return Layout(house, blocks.of_rooms, blocks.ways, round(right - GAP / 2))


def _place(ordered: Sequence[Block]) -> None:
    """Give each block its place: apart from its neighbours, and else where its lines are short and straight."""
    lefts: dict[Block, list[Block]] = defaultdict(list)
    rights: dict[Block, list[Block]] = defaultdict(list)
    used: dict[int, float] = defaultdict(float)
    for block in ordered:  # at first, as far left as possible
        left = max(used[row] for row in block.rows)
        block.x = left + block.width / 2
        used.update(dict.fromkeys(block.rows, left + block.width))
    for row in used:
        for left_one, right_one in pairwise(block for block in ordered if row in block.rows):
            rights[left_one].append(right_one)
            lefts[right_one].append(left_one)

    def limits(block: Block) -> tuple[float, float]:
        return (
            max((other.x + (other.width + block.width) / 2 for other in lefts[block]), default=-inf),
            min((other.x - (other.width + block.width) / 2 for other in rights[block]), default=inf),
        )

    for turn in range(ROUNDS):  # to and fro, as a row can only move if the first of it does
        for block in ordered[:: 1 if turn % 2 else -1]:
            if block.links:
                lowest, highest = limits(block)
                block.x = min(max(median(other.x for other in block.links), lowest), highest)
    for block in sorted(ordered, key=lambda block: -block.top):
        lowest, highest = limits(block)
        reach = inf if block.is_corridor else STRAIGHTEN
        ends = [other.x for other in block.links if block.is_corridor or other.bottom > block.top]
        near = [x for x in ends if lowest <= x <= highest and abs(x - block.x) <= reach]
        block.x = min(near, key=lambda x: abs(x - block.x), default=block.x)
