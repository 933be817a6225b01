"""Step 4, search: a line of text parted into runs, of letters that the usual typeface can draw one after the other.

Names from macOS hold accents as characters of their own; they are put together first. Letters written from right to
left, accents that no single letter has, and emoji made of several characters are more than the usual typeface can do.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from ..printable import printable

# Stands for a letter that no typeface has. A question mark would look like one that is part of a name.
BOX = "□"

JOINER, NON_JOINER = "\u200d", "\u200c"
RIGHT_TO_LEFT = ("R", "AL", "AN")

HasLetter = Callable[[str], bool]
"""Tells whether the usual typeface has a letter."""


class Run(NamedTuple):
    """A part of a line that is drawn with one typeface."""

    text: str
    is_usual: bool
    """Whether the usual typeface can draw it."""

    def letters(self) -> list["Run"]:
        """Part it into its letters, in the order in which they are seen from the left."""
        letters = [Run(cluster, self.is_usual) for cluster in clusters_of(self.text)]
        return letters[::-1] if _is_backwards(self) else letters

    def from_left(self) -> "Run":
        """Put its letters into the order in which they are seen from the left, for who cannot do that."""
        return Run("".join(letter.text for letter in self.letters()), self.is_usual)

    def stand_in(self, has_letter: HasLetter) -> str:
        """Return what to draw if no other typeface can: letters without accents, and boxes."""
        return "".join(cluster[0] if has_letter(cluster[0]) else BOX for cluster in clusters_of(self.text))


def drawable(name: str) -> str:
    """Return any name as `printable` text that keeps what joins letters of a script, or the parts of an emoji."""
    parts = re.split("(?<=[^\x00-\x7f])([\u200c\u200d])(?=[^\x00-\x7f])", name)
    return "".join(part if part in (JOINER, NON_JOINER) else printable(part) for part in parts)


def clusters_of(text: str) -> list[str]:
    """Return the letters of a text as people count them: each with its accents, an emoji with all its characters."""
    clusters: list[str] = []
    for character in unicodedata.normalize("NFC", text):
        if clusters and (_continues(character) or clusters[-1][-1] == JOINER or _is_half_flag(clusters[-1], character)):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def runs_of(text: str, has_letter: HasLetter) -> list[Run]:
    """Part a line into runs; those that are not usual are as long as a script needs to be joined and ordered."""
    if text.isascii():
        return [Run(text, True)] if text else []
    runs: list[Run] = []
    for cluster in clusters_of(text):
        usual = len(cluster) == 1 and has_letter(cluster) and not _is_right_to_left(cluster)
        if runs and runs[-1].is_usual == usual:
            runs[-1] = Run(runs[-1].text + cluster, usual)
        else:
            runs.append(Run(cluster, usual))
    return _with_words_joined(runs)


def _with_words_joined(runs: list[Run]) -> list[Run]:
    """Join words written from right to left: their order is from right to left, too."""
    joined: list[Run] = []
    for run in runs:
        if len(joined) > 1 and joined[-1].text.isspace() and _is_backwards(joined[-2]) and _is_backwards(run):
            space, word = joined.pop(), joined.pop()
            run = Run(word.text + space.text + run.text, False)
        joined.append(run)
    return joined


def _is_backwards(run: Run) -> bool:
    return any(map(_is_right_to_left, run.text))


def _is_right_to_left(character: str) -> bool:
    return unicodedata.bidirectional(character) in RIGHT_TO_LEFT


def _continues(character: str) -> bool:
    is_skin_tone = "\U0001f3fb" <= character <= "\U0001f3ff"
    return unicodedata.category(character)[0] == "M" or character in (JOINER, NON_JOINER) or is_skin_tone


def _is_half_flag(cluster: str, character: str) -> bool:
    """Tell whether two letters make a flag: each of them is one of a country's code."""
    return len(cluster) == 1 and all("\U0001f1e6" <= one <= "\U0001f1ff" for one in (cluster, character))
