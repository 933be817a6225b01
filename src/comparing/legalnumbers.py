"""Step 3, compare: which numbers a distance can compare, in each place of a feature vector."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class Kind(NamedTuple):
    """Numbers that are legal; infinity and NaN never are."""

    number: str
    """What people call one of them."""
    numbers: str
    """What people call them."""
    lowest: float
    highest: float
    are_whole: bool = False

    def fit(self, numbers: NDArray[Any]) -> NDArray[np.bool_]:
        """Tell of each number whether it is legal."""
        legal = np.isfinite(numbers) & (numbers >= self.lowest) & (numbers <= self.highest)
        if self.are_whole:
            legal &= numbers == np.floor(numbers)
        return np.asarray(legal)


ANY = Kind("a finite number", "finite numbers", -np.inf, np.inf)
FROM_0 = Kind("a number from 0 up", "finite numbers from 0 up", 0, np.inf)
BYTES = Kind("a whole number from 0 to 255", "whole numbers from 0 to 255", 0, 255, are_whole=True)

Legal = Sequence[tuple[slice, Kind]]
"""The kinds of numbers of a vector, run by run; together the runs are the whole vector."""


def alike(kind: Kind) -> Legal:
    """Return that all numbers of a vector are of one kind."""
    return [(slice(None), kind)]


def first_illegal(vector: NDArray[Any], legal: Legal) -> int | None:
    """Return the place of the first number of a vector, shape (dimension,), that is not legal; None if all are."""
    fits = np.concatenate([kind.fit(vector[run]) for run, kind in legal])
    return None if fits.all() else int(np.argmin(fits))


def kind_at(place: int, dimension: int, legal: Legal) -> Kind:
    """Return what the number at a place of a vector must be."""
    return next(kind for run, kind in legal if place in range(*run.indices(dimension)))
