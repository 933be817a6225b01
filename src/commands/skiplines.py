"""How the skips of a run are told: what needs a look is named, the rest is counted."""

from collections import Counter
from collections.abc import Callable, Iterator

from ..errors import LINK, NO_MEMORY, NO_PERMISSION, NOT_A_FILE, NOT_AN_IMAGE, UNREADABLE, UNSUPPORTED
from ..imagefiles import Skip
from ..indexer import count_others, is_picture

# Of skips that are alike and no broken pictures, these are named. There may be one beside every photo: a raw file, say,
# or a link to what an archive keeps elsewhere.
ALIKE = frozenset({UNSUPPORTED, LINK})
MOST_NAMED_ALIKE = 3
# So many kinds of files are told apart in one line.
MOST_ENDINGS = 8

# Kinds of skips that are no words to put after a number.
_AFTER_NUMBER = {
    NOT_AN_IMAGE: "without an image in it",
    UNSUPPORTED: "in a format not read here",
    NO_PERMISSION: "without permission",
    NO_MEMORY: "for which memory did not suffice",
    NOT_A_FILE: "not a file",
    UNREADABLE: "unreadable",
    LINK: "link not followed",
}
_AFTER_NUMBERS = {
    **_AFTER_NUMBER,
    NOT_AN_IMAGE: "without an image in them",
    NOT_A_FILE: "not files",
    LINK: "links not followed",
}


class SkipLines:
    """Tells of the skips of a run, as they come and at its end.

    Parameters
    ----------
    report : callable
        Writes a line.
    names_all : bool
        Whether all are named.
    """

    def __init__(self, report: Callable[[str], object], *, names_all: bool) -> None:
        self._report = report
        self._names_all = names_all
        self._skips: list[Skip] = []
        self._alike: Counter[str] = Counter()

    def add(self, skip: Skip) -> None:
        """Take a skip, and name it if it needs a look."""
        self._skips.append(skip)
        if self._names_all or (is_picture(skip) and not skip.told_before and self._is_worth_a_line(skip)):
            self._report(f"skipping {skip.id}: {skip.reason}")

    def _is_worth_a_line(self, skip: Skip) -> bool:
        if skip.kind not in ALIKE:
            return True
        self._alike[skip.reason] += 1
        return self._alike[skip.reason] <= MOST_NAMED_ALIKE

    def close(self) -> None:
        """Sum them up."""
        for line in self._sums():
            self._report(line)

    def _sums(self) -> Iterator[str]:
        hint = "" if self._names_all else " (-v names them)"
        for reason, count in self._alike.items():
            if count > MOST_NAMED_ALIKE:
                yield f"and {count - MOST_NAMED_ALIKE:,} more: {reason}{hint}"
        pictures = [skip for skip in self._skips if is_picture(skip)]
        if pictures:
            kinds = Counter(skip.kind for skip in pictures).most_common()
            line = f"skipped {len(pictures):,}: " + ", ".join(_counted(count, kind) for kind, count in kinds)
            before = sum(skip.told_before for skip in pictures)
            yield f"{line}; {before:,} as before{hint}" if before else line
        if others := list(count_others(self._skips).items()):
            parts = [f"{count:,} {ending or 'of no known ending'}" for ending, count in others[:MOST_ENDINGS]]
            if rest := sum(count for _, count in others[MOST_ENDINGS:]):
                parts.append(f"{rest:,} more")
            yield f"not pictures: {', '.join(parts)}{hint}"


def _counted(count: int, kind: str) -> str:
    return f"{count:,} {(_AFTER_NUMBER if count == 1 else _AFTER_NUMBERS).get(kind, kind)}"
