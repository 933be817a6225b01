"""Step 4, search: words on the picture of a result, of what decided: on a plate at its foot, in one size on a page."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .explanation import LARGEST_LETTERS, SMALLEST_LETTERS, draw_plate
from .lettering import Style, shorten, text_width, write
from .palette import ALIKE, TEXT
from .resultlayout import Box

# A cell so many times as wide and high as the letters, in the mean, has words on it that hide little of a picture.
CELL_SIDE = 14
# A picture narrower than so many letters has its words partly beside it.
NARROW = 7


class Words(NamedTuple):
    """What is said of a picture."""

    lines: Sequence[str]
    """Each becomes two where it is long."""
    cell: Box
    """What the picture stands in, in pixels of the page."""
    picture: Box
    """The part of the cell that the words belong to, in pixels of the cell: without its frame, if it has one."""
    is_framed: bool = False
    """Whether the words stay within a frame, which then is the line below them."""

    def room(self, size: int) -> int:
        """Return how wide a line may be, in pixels."""
        if self.is_framed and self.picture.width >= NARROW * size:
            return self.picture.width - size // 2
        return self.cell.width - size


def size_of_words(all_words: Iterable[Words]) -> int:
    """Return the size of the letters for the words of a page: as many of them as can be fit into one line."""
    size = LARGEST_LETTERS
    for words in all_words:
        size = min(size, max(round((words.cell.width * words.cell.height) ** 0.5 / CELL_SIDE), SMALLEST_LETTERS))
        longest = max(words.lines, key=len)
        while size > SMALLEST_LETTERS and text_width(longest, Style(size, TEXT)) > words.room(size):
            size -= 1
    return size


def write_words(page: NDArray[np.uint8], words: Words, size: int | None = None) -> None:
    """Write what is said of a picture into its cell of a page, in place, in the size that the page has."""
    size = size or size_of_words([words])
    cell, picture, style = words.cell, words.picture, Style(size, TEXT)
    room, tall = words.room(size), round(size * 1.35)
    lines = [line for one in words.lines for line in _broken(one, style, room)]
    lines = [shorten(line, style, room) for line in lines[: max(cell.height // tall, 1)]]
    wide = min(max(text_width(line, style) for line in lines) + size, room + size // 2)
    left = min(max(picture.left + (picture.width - wide) // 2, 0), max(cell.width - wide, 0))
    top = max(picture.top + picture.height - tall * len(lines), 0)
    inside = page[cell.top : cell.top + cell.height, cell.left : cell.left + cell.width]
    draw_plate(inside, Box(left, top, wide, tall * len(lines)), ALIKE, 0 if words.is_framed else max(tall // 8, 1))
    for number, line in enumerate(lines):
        start = left + (wide - text_width(line, style)) // 2
        write(inside, line, start, top + tall * number + tall // 2 - 1, style)


def _broken(text: str, style: Style, room: int) -> list[str]:
    """Return a text in two lines if it does not fit into one, and can be broken between words."""
    words = text.split(" ")
    if text_width(text, style) <= room or len(words) == 1:
        return [text]
    breaks = [(" ".join(words[:number]), " ".join(words[number:])) for number in range(1, len(words))]
    return list(min(breaks, key=lambda lines: max(text_width(line, style) for line in lines)))
