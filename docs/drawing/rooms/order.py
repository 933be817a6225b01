"""In which order blocks stand from left to right, so that lines are short and cross little.

One order holds for all rows, so a block that stands in two of them stands right in both. The order is searched for: one
block at a time moves to where lines cost least, for as long as that helps, from several first orders. Nothing is drawn
by lot, so the same rooms always get the same picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from docs.drawing.rooms.blocks import Block, Blocks

CROSSING = 150.0  # what two lines that cross cost: as much as so many pixels of line
CUTTING = 20.0  # how many times as much it costs to cross a block of two rows
MOST_PASSES = 12


def sort_blocks(blocks: Blocks) -> list[Block]:
    """Sort blocks from left to right.

    Parameters
    ----------
    blocks : Blocks

    Returns
    -------
    list of Block
        Its order is that of each row.
    """
    by_name = sorted(blocks.all, key=lambda block: (block.name, block.is_corridor))
    by_step = sorted(by_name, key=lambda block: block.step)
    by_floor = sorted(by_name, key=lambda block: block.bottom)
    starts = [*(by_name, by_step, by_floor), *(order[::-1] for order in (by_name, by_step, by_floor))]
    return min((_improved(start, blocks) for start in starts), key=lambda order: sum(_costs(order, blocks).values()))


def _improved(order: list[Block], blocks: Blocks) -> list[Block]:
    """Move one block after the other to its best place, until none has a better one."""
    costs = _costs(order, blocks)
    for _ in range(MOST_PASSES):
        before = sum(costs.values())
        for block in list(order):
            others = [other for other in order if other is not block]
            # Only its place among those that share a row with it matters, and only for the lines that end in its rows.
            shares = [other.bottom <= block.top and block.bottom <= other.top for other in others]
            rows = [row for row in (*block.rows, block.top + 1) if row in costs]
            for place in (0, *(place + 1 for place, share in enumerate(shares) if share)):
                tried = [*others[:place], block, *others[place:]]
                new = {row: _cost(row, tried, blocks) for row in rows}
                if sum(new.values()) < sum(costs[row] for row in rows):
                    order = tried
                    costs |= new
        if sum(costs.values()) == before:
            break
    return order


def _costs(order: Sequence[Block], blocks: Blocks) -> dict[int, float]:
    """Return what the lines below each row cost, if each row were as narrow as it can be and stood in the middle."""
    return {row: _cost(row, order, blocks) for row in {row for block in order for row in block.rows}}


def _cost(row: int, order: Sequence[Block], blocks: Blocks) -> float:
    """Return what the lines from a row to the one below cost; halves are added, so any order gives the same sum."""
    above, below = _middles(row, order), _middles(row - 1, order)
    ends = [(above[upper], below[lower], 1.0) for upper, lower in blocks.lines.get(row, ())]
    cost = sum(abs(upper - lower) for upper, lower, _ in ends)
    through = [block for block in above if block.bottom < row]
    ends += [(above[block], below[block], 1.0 if block.is_corridor else CUTTING) for block in through]
    for (a, b, weight), (c, d, other) in combinations(ends, 2):
        if (a - c) * (b - d) < 0:
            cost += CROSSING * weight * other
    return cost


def _middles(row: int, order: Sequence[Block]) -> dict[Block, float]:
    """Return the middles of the blocks of a row, measured from its own middle."""
    end, middles = 0, {}
    for block in order:
        if block.bottom <= row <= block.top:
            middles[block] = end + block.width / 2
            end += block.width
    return {block: middle - end / 2 for block, middle in middles.items()}
