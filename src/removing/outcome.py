"""Removing: what became of spares, of a run and of its undoing."""

from typing import NamedTuple


class Removed(NamedTuple):
    """What became of the spares of some groups."""

    done: int
    """Spares that went, or became links."""
    left: int
    """Spares that were to go and stay: a line was told of each, or one of all that came after a full disk."""
    passed: int
    """Spares that the way is not for: with `Link`, those that are not the same file, or are linked already."""
    bytes: int
    """Of disk that is free where they were. A file with other names takes the same as before."""
    log_path: str | None
    """The log that was written; None where there was nothing to do."""


class Undone(NamedTuple):
    """What an undoing did."""

    done: int
    """Spares that are what they were again."""
    left: int
    """Spares that could not be brought back: a line was told of each."""
    passed: int
    """Spares that were where they had been already, as after an undoing that was interrupted."""


class Count:
    """Counts what becomes of spares while a run is at work.

    Attributes
    ----------
    done, left, passed, bytes : int
        As in `Removed`.
    """

    def __init__(self, passed: int = 0) -> None:
        self.done = self.left = self.bytes = 0
        self.passed = passed

    @property
    def all(self) -> int:
        """How many have been looked at."""
        return self.done + self.left + self.passed

    def removed(self, log_path: str | None) -> Removed:
        """Return what a run did."""
        return Removed(self.done, self.left, self.passed, self.bytes, log_path)

    def undone(self) -> Undone:
        """Return what an undoing did."""
        return Undone(self.done, self.left, self.passed)
