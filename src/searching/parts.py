"""Step 4, search: the rows of an index, numbered through, wherever they are: all that a search asks of them.

An index is a list of parts, which are one file, a file and what was added to it, or shards. They are open in this
process (`localparts`), or in others (`joinedparts`).
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..indexfile import IndexInfo
from .neighbours import Floats
from .shortlist import Found

RowNumbers = NDArray[np.intp]
Rows = Sequence[int] | RowNumbers


class Ask(NamedTuple):
    """What is asked for several queries at once: the parameters of `Neighbours.nearest_of_many`."""

    queries: Sequence[Floats] | Floats
    limit: int
    max_distance: float = np.inf
    component: int | None = None
    """Which of several vectors that a row has is meant, by its number among `Distance.components`; None means all of
    them as one."""


class Pictures(ABC):
    """What is known of some rows."""

    @abstractmethod
    def names(self, rows: Rows) -> list[str]:
        """Return the image ids of some rows."""

    @abstractmethod
    def take(self, rows: Rows, component: int | None = None) -> Floats:
        """Return the vectors of some rows, or one component of them, in their order, shape (rows, numbers)."""


class Parts(Pictures):
    """All rows of an index. Several threads may ask at once.

    Asking may be slow, however few rows are asked for: ask for all at once.

    Attributes
    ----------
    path : str
        What people call the index.
    info : IndexInfo
    """

    path: str
    info: IndexInfo

    @property
    @abstractmethod
    def ids(self) -> Sequence[str]:
        """The image ids, by row."""

    def __len__(self) -> int:
        return len(self.ids)

    @abstractmethod
    def reading(self) -> AbstractContextManager[None]:
        """Tell of rows that are found to be none, while something is asked of them, by IndexFileError."""

    def is_written_over(self) -> bool:
        """Tell whether somebody writes into files that are open in this process: then answers are of anything."""
        return False

    def could_spread(self) -> bool:
        """Tell whether opening the index again would have more workers share it than now."""
        return False

    def how_to_search_quicker(self) -> str:
        """Return what people should do so that searching is much quicker; empty if it is as quick as can be."""
        return ""

    @abstractmethod
    def nearest(self, *asks: Ask) -> list[list[Found]]:
        """Find the rows nearest to each query of each ask, exactly as comparing with all rows does."""

    @abstractmethod
    def nearest_pictures(self, ask: Ask, *, vectors: bool) -> tuple[list[Found], Pictures]:
        """Find the rows nearest to each query, and what is known of them: image ids, and vectors if they are wanted."""

    @abstractmethod
    def ranked(self, ask: Ask) -> list[RowNumbers]:
        """Return the rows that `nearest` finds, without their distances: quicker where they are many."""

    @abstractmethod
    def at_hand(self, rows: Rows, *, vectors: bool = True) -> Pictures:
        """Return what is known of some rows, so that it can be asked for one by one."""

    def known(self, image_ids: Sequence[str]) -> set[str]:
        """Return those of some image ids that the index has."""
        return {one for one in image_ids if self.find(one) is not None}

    @abstractmethod
    def find(self, image_id: str) -> int | None:
        """Return the first row of an image id; None if there is none."""
