"""Duplicates: a second look at candidates, which forgives brightness and compression but not another shoe."""

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..threads import usable_cores
from .alignment import aligned
from .candidates import Pairs
from .colours import agree, chroma
from .fitting import fit
from .frequencies import WHOLE, Box, structure
from .orientations import UPRIGHT, turned, turned_box
from .views import Views, part_of

Rows = NDArray[np.int64]

# What shows more or less of a picture has been laid on it as well as can be: so its difference counts twice.
ALIGNED_WEIGHT = 2.0
# Of a copy in grey, no colours can tell that it is one: the rest must be this alike.
LEAST_IN_GREY = 0.95
# Copies that could be aligned fitted this well; of others, one in sixteen does.
LEAST_FITTING = 0.92
BLOCK = 16384  # pairs whose structure is compared at once


class Look(NamedTuple):
    """How alike two pictures are, and which part of each is in the other one."""

    similarity: float
    first: Box = WHOLE
    """The part of the first picture that is compared, as shares of its sides."""
    second: Box = WHOLE
    """The same of the second one, which is turned."""
    is_other_colour: bool = False
    """Whether their structure is alike, but their colours differ."""


NOTHING = Look(0.0)


class SecondLook:
    """Looks at pairs of pictures, of which the second ones may be turned.

    Parameters
    ----------
    first, second : Views
    first_colours, second_colours : ndarray of uint8, shape (n, COLOUR, COLOUR, 3)
        The small colour pictures, by the rows of the pictures.
    orientation : int, optional
        How the second ones are turned to look like the first ones.
    """

    def __init__(
        self,
        first: Views,
        second: Views,
        first_colours: NDArray[np.uint8],
        second_colours: NDArray[np.uint8],
        orientation: int = UPRIGHT,
    ) -> None:
        self.first, self.second, self.orientation = first, second, orientation
        self._colours = first_colours, second_colours
        self.turned_greys = second.greys if orientation == UPRIGHT else turned(second.greys, orientation)

    def plain(self, pairs: Pairs) -> NDArray[np.float32]:
        """Return how alike views are as they are, shape (pairs,), their colours left aside."""
        return _plain(self.first.greys, self.turned_greys, pairs)

    def looks(self, pairs: Pairs, least: float) -> list[Look]:
        """Look at pairs of views; of those whose similarity is below `least`, that may be told as 0."""
        plain = self.plain(pairs)
        looks = [Look(max(one, 0.0)) for one in plain.tolist()]
        bar = 1 - (1 - least) / ALIGNED_WEIGHT
        apart = pairs.of(np.flatnonzero(plain < least))
        fits = fit(self.first.greys, self.turned_greys, apart)
        boxes = np.tile(np.array(WHOLE, np.float32), (len(plain), 1))
        boxes[plain < least] = fits.boxes
        worth = plain >= least
        worth[~worth] = fits.correlations >= min(bar, LEAST_FITTING)

        def look(place: int) -> Look:
            first, second = int(pairs.first[place]), int(pairs.second[place])
            if plain[place] >= least:
                return self._with_colours(first, second, WHOLE, float(plain[place]))
            left, top, right, bottom = boxes[place].tolist()
            one, other = self.first.greys[first], self.turned_greys[second]
            found, window = aligned(one, other, (left, top, right, bottom))
            similarity = 1 - ALIGNED_WEIGHT * (1 - found)
            return looks[place] if similarity < least else self._with_colours(first, second, window, similarity)

        places = np.flatnonzero(worth).tolist()
        # OpenCV lets other threads run meanwhile.
        with ThreadPoolExecutor(usable_cores()) as threads:
            for place, found in zip(places, threads.map(look, places), strict=True):
                looks[place] = found
        return looks

    def _with_colours(self, first: int, second: int, window: Box, similarity: float) -> Look:
        of_first = part_of(self.first.box(first), window)
        of_second = turned_box(self.second.box(second), self.orientation)
        look = Look(min(similarity, 1.0), of_first, of_second)
        one = self._colours[0][self.first.owners[first]]
        other = turned(self._colours[1][self.second.owners[second]][None], self.orientation)[0]
        do_agree = agree(chroma(one, look.first), chroma(other, look.second))
        if do_agree or (do_agree is None and look.similarity >= LEAST_IN_GREY):
            return look
        return look._replace(similarity=0.0, is_other_colour=True)


def _plain(first: NDArray[np.uint8], second: NDArray[np.uint8], pairs: Pairs) -> NDArray[np.float32]:
    found = np.empty(len(pairs.first), np.float32)
    for start in range(0, len(found), BLOCK):
        some = slice(start, start + BLOCK)
        rows, own = np.unique(pairs.first[some], return_inverse=True)
        others, other = np.unique(pairs.second[some], return_inverse=True)
        found[some] = np.einsum("ij,ij->i", structure(first[rows])[own], structure(second[others])[other])
    return found
