"""Step 4, search: the layout of a result picture, the places of query, results and captions. Nothing is drawn here."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

# Lengths are given in pixels for a picture of this size and are scaled with it.
USUAL_WIDTH, USUAL_HEIGHT = 1440, 810
SMALLEST_WIDTH, SMALLEST_HEIGHT = 640, 360

# A small picture is enlarged this many times at most: beyond that it is only blurred.
LARGEST_ENLARGEMENT = 3.0
# But a tiny one is enlarged until its longer side has this many pixels, so that its own can be seen one by one.
SMALLEST_SIDE = 96

# Of the strip of the query, for up to so many results, and for more than all these.
WIDTHS = {8: 378, 20: 300, math.inf: 230}
# The same where the query shows how they lie in it, as long as it needs that. Three then have one row, four have two.
WIDTHS_OF_PROOF = {1: 800, 2: 720, 3: 640, 4: 720, 9: 640, 20: 520, math.inf: 420}

# The lines of a caption: the numbers, the bar, the name; and its end. Each is the distance from the picture down to the
# middle of the line, in heights of the letters.
NUMBERS_LINE, BAR_LINE, NAME_LINE, CAPTION_END = 1.05, 1.95, 2.95, 3.6

# Where there is no room for similarity and distance side by side, the distance has a line of its own. They need so many
# heights of the letters, or else so many.
BESIDE, STACKED = 17.5, 9.6
STACKED_LINE = 1.15

SMALLEST_LETTERS = 10

Size = tuple[int, int]
"""Width and height in pixels."""


class Box(NamedTuple):
    """A rectangle in the picture, in pixels."""

    left: int
    top: int
    width: int
    height: int


class Grid(NamedTuple):
    """How the results are arranged; the heights are those of the pictures' places, row by row."""

    columns: int
    cell_width: int
    stage_heights: tuple[int, ...]


def fitted_size(size: Size, width: int, height: int, enlarge: float = LARGEST_ENLARGEMENT) -> Size:
    """Return the size of a picture that is scaled into a box without stretching it, by at most `enlarge`.

    It is at least one pixel each way, however narrow the picture. One that would stay tiny is enlarged further, by a
    whole number.
    """
    fitting, longest = min(width / size[0], height / size[1]), max(size)
    if longest * max(enlarge, 1) < SMALLEST_SIDE and fitting > enlarge:
        enlarge = max(int(min(fitting, -(-SMALLEST_SIDE // longest))), enlarge)
    scale = min(fitting, enlarge)
    return max(min(round(size[0] * scale), width), 1), max(min(round(size[1] * scale), height), 1)


def _by_count(widths: Mapping[float, int], count: int) -> int:
    return next(width for most, width in widths.items() if count <= most)


class Layout:
    """The places of a query and its results in a picture of a given width and a largest height.

    The pictures go into `query_box` and `cells`, with captions below. The query has a strip of the width `sidebar`,
    wider if it is the proof and can be larger so. The picture needs the `height` that comes out.
    """

    def __init__(
        self, width: int, height: int, query: Size, results: Sequence[Size], foot_lines: int, is_proof: bool = False
    ) -> None:
        self._is_proof = is_proof
        self._unit = min(width / USUAL_WIDTH, height / USUAL_HEIGHT)
        self.margin, self.gap, self.letters = self.scaled(28), self.scaled(20), max(self.scaled(18), SMALLEST_LETTERS)
        self.head, self.foot = self.scaled(62), self.scaled(28 + 28 * foot_lines)
        self.sidebar = self.scaled(_by_count(WIDTHS, len(results)))
        if is_proof:
            widest = self.scaled(_by_count(WIDTHS_OF_PROOF, len(results)))
            wanted = fitted_size(query, widest, height - self.head - self.foot - 2 * self.letters)[0] + 2 * self.margin
            self.sidebar = max(min(wanted, widest), self.sidebar)
        self._across = width - self.sidebar - 2 * self.margin
        grid = self._largest_grid(results, height - self.head - self.foot + self.gap)
        self.caption_letters = self._caption_letters(grid.cell_width)
        self.caption_height = self._caption(grid.cell_width)
        self.is_stacked = self._is_stacked(grid.cell_width)
        self.cells = [self._cell(grid, number) for number in range(len(results))]
        self.query_box = self._query_box(grid, query, height)
        ends = [self.query_box.top + self.query_box.height + 2 * self.letters]
        ends += [cell.top + cell.height + self.caption_height for cell in self.cells]
        self.height = min(max(ends) + self.foot, height)

    def scaled(self, length: float) -> int:
        """Return a length in pixels, at least one."""
        return max(round(length * self._unit), 1)

    def _largest_grid(self, results: Sequence[Size], room: int) -> Grid:
        """Choose the number of columns that shows the pictures largest."""
        best, best_worth = Grid(1, self._across, ()), -1.0
        for columns in range(1, len(results) + 1):
            rows = -(-len(results) // columns)
            cell_width = (self._across - (columns - 1) * self._gap_beside(columns)) // columns
            tallest = room // rows - self._caption(cell_width) - self.gap
            if cell_width < 1 or tallest < 1:
                continue
            sizes = [fitted_size(size, cell_width, tallest) for size in results]
            # Holes in the last row look like missing results, very flat rows are hard to tell apart, small letters
            # are hard to read, and numbers without words do not say what they are.
            full, tall = len(results) / (rows * columns), min(tallest / self.scaled(80), 1)
            letters = self._caption_letters(cell_width)
            readable = (letters / self.letters) ** 0.5 * min(cell_width / (STACKED * letters), 1) ** 4
            worth = full**2 * tall**2 * readable * sum(width * height for width, height in sizes)
            if worth >= best_worth:
                heights = [height for _, height in sizes]
                stages = (max(heights[row * columns : (row + 1) * columns]) for row in range(rows))
                smallest = min(self.scaled(110), tallest)
                best, best_worth = Grid(columns, cell_width, tuple(max(stage, smallest) for stage in stages)), worth
        return best

    def _cell(self, grid: Grid, number: int) -> Box:
        row, column = divmod(number, grid.columns)
        left = self.sidebar + self.margin + column * (grid.cell_width + self._gap_beside(grid.columns))
        top = self.head + sum(grid.stage_heights[:row]) + row * (self._caption(grid.cell_width) + self.gap)
        return Box(left, top, grid.cell_width, grid.stage_heights[row])

    def _query_box(self, grid: Grid, query: Size, height: int) -> Box:
        width, room = self.sidebar - 2 * self.margin, height - self.head - self.foot - 2 * self.letters
        if len(grid.stage_heights) == 1 and not self._is_proof:
            # Beside a single row of results a tall query would leave half of the picture empty.
            room = min(room, max(grid.stage_heights[0] + self.letters, self.scaled(330)))
        return Box(self.margin, self.head, *fitted_size(query, width, room))

    def _caption(self, cell_width: int) -> int:
        return round(self._caption_letters(cell_width) * (CAPTION_END + STACKED_LINE * self._is_stacked(cell_width)))

    def _is_stacked(self, cell_width: int) -> bool:
        return cell_width < BESIDE * self._caption_letters(cell_width)

    def _gap_beside(self, columns: int) -> int:
        return self.gap if columns <= 6 else round(self.gap * 0.6)

    def _caption_letters(self, cell_width: int) -> int:
        return min(max(cell_width // 14, SMALLEST_LETTERS), self.letters)
