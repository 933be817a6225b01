"""In which order blocks stand from left to right, so that lines are short and cross little.

One order holds for all rows, so a block that stands in two of them stands right in both. The order is searched for: one
block at a time moves to where lines cost least, for as long as that helps, from several first orders. Nothing is drawn
by lot, so the same rooms always get the same picture.
"""

from __future__ import annotations

from collections import defaultdict
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
    return min((_improved(start, blocks) for start in starts), key=lambda order: _cost(order, blocks))


def _improved(order: list[Block], blocks: Blocks) -> list[Block]:
    """Move one block after the other to its best place, until none has a better one."""
    cost = _cost(order, blocks)
    for _ in range(MOST_PASSES):
        before = cost
        for block in list(order):
            others = [other for other in order if other is not block]
            # Only its place among those that share a row with it matters.
            shares = [other.bottom <= block.top and block.bottom <= other.top for other in others]
            for place in (0, *(place + 1 for place, share in enumerate(shares) if share)):
                tried = [*others[:place], block, *others[place:]]
                if (new := _cost(tried, blocks)) < cost:
                    order, cost = tried, new
        if cost == before:
            break
    return order


def _cost(order: Sequence[Block], blocks: Blocks) -> float:
    """Return what all lines cost, if each row were as narrow as it can be and stood in the middle."""
    widths: dict[int, int] = defaultdict(int)
    places: dict[tuple[Block, int], float] = {}
    for block in order:
        for row in block.rows:
            places[block, row] = widths[row] + block.width / 2
            widths[row] += block.width
    cost = 0.0
    for row in widths:
        ends = [
            (places[upper, row] - widths[row] / 2, places[lower, row - 1] - widths[row - 1] / 2, 1.0)
            for upper, lower in blocks.lines.get(row, ())
        ]
        for above, below, _ in ends:
            cost += abs(above - below)
        ends += [
            (
                places[block, row] - widths[row] / 2,
                places[block, row - 1] - widths[row - 1] / 2,
                1.0 if block.is_corridor else CUTTING,
            )
            for block in order
            if block.bottom < row <= block.top
        ]
        for (a, b, weight), (c, d, other) in combinations(ends, 2):
            if (a - c) * (b - d) < 0:
                cost += CROSSING * weight * other
    return cost
