"""Duplicates: a second look at candidates, which forgives brightness and compression but not another shoe."""

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..threads import usable_cores
from .alignment import aligned, roughly_alike
from .candidates import MOST_DIFFERENT, Pairs, best_of
from .codes import amplitudes, codes
from .colours import agree
from .fitting import fit
from .frequencies import WHOLE, Box, structure
from .hiding import alike_but_hidden
from .orientations import UPRIGHT, swaps_sides, turned, turned_box
from .views import Views, part_of

Rows = NDArray[np.int64]

# What shows more or less of a picture has been laid on it as well as can be, and where it is partly hidden, the rest is
# where it is most alike: so its difference counts twice.
FREEDOM = 2.0
# On plain ground the outline outweighs what is inside of it, and that may be another shoe: differences count more. Of
# copies at 60 x 80, 96 of 100 still have 0.92.
GROUND = 3.0
# Of a copy in grey, no colours can tell that it is one: the rest must be this alike.
LEAST_IN_GREY = 0.95
# Copies that could be aligned fitted this well; of others, one in sixteen does.
LEAST_FITTING = 0.92
# So alike were 98 of 100 of them then.
LEAST_ROUGH, LEAST_ROUGH_ON_GROUND = 0.8, 0.9
# Of each picture, so many that fit best are looked at, and it is laid on those of them that are most alike.
MOST_FITTING, MOST_ALIGNED = 8, 3
MOST_BELOW_1 = np.nextafter(np.float32(1), np.float32(0))
# What is partly hidden had this similarity as a whole.
LEAST_SEEN = 0.75
ALIGNED_AT_ONCE = 64  # pairs that a thread takes
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


class Looks(NamedTuple):
    """What was found of many pairs of views, one for each."""

    similarities: NDArray[np.float32]
    windows: NDArray[np.float32]
    """Shape (pairs, 4): the part of the first view that the second one shows, as shares of its sides."""
    are_other_colours: NDArray[np.bool_]


class SecondLook:
    """Looks at pairs of pictures, of which the second ones may be turned.

    Parameters
    ----------
    first, second : Views
    orientation : int, optional
        How the second ones are turned to look like the first ones.

    Attributes
    ----------
    greys : ndarray of uint8, shape (views, GREY, GREY)
        The second ones, turned.
    codes : ndarray of uint64, shape (views,)
        Of these.
    """

    def __init__(self, first: Views, second: Views, orientation: int = UPRIGHT) -> None:
        self._first, self._second, self._orientation = first, second, orientation
        self.greys = second.greys if orientation == UPRIGHT else turned(second.greys, orientation)
        self.codes = second.codes if orientation == UPRIGHT else codes(amplitudes(self.greys))

    def looks(self, pairs: Pairs, least: float, *, at_all: bool = False) -> Looks:
        """Look at pairs of views.

        Parameters
        ----------
        pairs : Pairs
        least : float
            What is told of a similarity below this may be too little.
        at_all : bool, optional
            Whether to look at all pairs, and not at the most promising of each first view only.
        """
        similarities = np.zeros(len(pairs.first), np.float32)
        # Whole pictures that are plainly alike have near codes.
        differing = np.bitwise_count(self._first.codes[pairs.first] ^ self.codes[pairs.second])
        near = np.flatnonzero(differing <= MOST_DIFFERENT)
        similarities[near] = _plain(self._first.greys, self.greys, pairs.of(near))
        weights = self._weights(pairs)
        similarities[near] = 1 - weights[near] * (1 - similarities[near])
        self._look_beside(pairs, similarities, least, weights)
        windows = np.tile(np.array(WHOLE, np.float32), (len(similarities), 1))
        self._align(pairs, similarities, windows, least, weights, at_all=at_all)
        others = np.zeros(len(similarities), bool)
        alike = np.flatnonzero(similarities >= least)
        for start in range(0, len(alike), BLOCK):
            some = alike[start : start + BLOCK]
            do_agree, is_grey = agree(*self._colours(pairs.of(some), windows[some]))
            others[some] = ~do_agree & ~(is_grey & (similarities[some] >= LEAST_IN_GREY))
        similarities[others] = 0
        # What is not the same picture is not said to be.
        return Looks(np.clip(similarities, 0, MOST_BELOW_1), windows, others)

    def _weights(self, pairs: Pairs) -> NDArray[np.float32]:
        """Return how much differences of views count, shape (pairs,)."""
        both = self._first.on_plain_ground[pairs.first] & self._second.on_plain_ground[pairs.second]
        return np.where(both, GROUND, 1).astype(np.float32)

    def _look_beside(
        self, pairs: Pairs, similarities: NDArray[np.float32], least: float, weights: NDArray[np.float32]
    ) -> None:
        """Compare what is seen of pictures of which a part is hidden, as by a watermark."""
        places = np.flatnonzero((similarities < least) & (similarities >= min(least, LEAST_SEEN)))
        for start in range(0, len(places), BLOCK):
            some = places[start : start + BLOCK]
            found = alike_but_hidden(self._first.greys[pairs.first[some]], self.greys[pairs.second[some]])
            similarities[some] = np.maximum(similarities[some], 1 - FREEDOM * weights[some] * (1 - found))

    def _align(
        self,
        pairs: Pairs,
        similarities: NDArray[np.float32],
        windows: NDArray[np.float32],
        least: float,
        weights: NDArray[np.float32],
        *,
        at_all: bool,
    ) -> None:
        """Lay second views on windows of first ones, where they are not plainly alike and it is worth while."""
        apart = np.flatnonzero(similarities < least)
        fits = fit(self._first.greys, self.greys, pairs.of(apart))
        bar = min(1 - (1 - least) / FREEDOM, LEAST_FITTING)
        # A limit is for each first view; where all are looked at, each pair is one of its own.
        owners = np.arange(len(apart)) if at_all else pairs.first[apart]
        fitting = best_of(owners, fits.correlations, MOST_FITTING, bar)
        rough = np.empty(len(fitting), np.float32)
        for start in range(0, len(fitting), BLOCK):
            some = fitting[start : start + BLOCK]
            one, other = self._first.greys[pairs.first[apart[some]]], self.greys[pairs.second[apart[some]]]
            rough[start : start + BLOCK] = roughly_alike(one, other, fits.boxes[some])
        on_ground = weights[apart[fitting]] > 1
        rough[on_ground & (rough < min(bar, LEAST_ROUGH_ON_GROUND))] = 0
        chosen = fitting[best_of(owners[fitting], rough, MOST_ALIGNED, min(bar, LEAST_ROUGH))]

        own = self._second.proportions
        proportions = 1 / own if swaps_sides(self._orientation) else own

        def lay(places: NDArray[np.int64]) -> list[tuple[float, Box]]:
            found = []
            for place, pair in zip(places.tolist(), apart[places].tolist(), strict=True):
                first, second = int(pairs.first[pair]), int(pairs.second[pair])
                left, top, right, bottom = fits.boxes[place].tolist()
                proportion = float(proportions[second] / self._first.proportions[first])
                one, other = self._first.greys[first], self.greys[second]
                found.append(aligned(one, other, (left, top, right, bottom), proportion))
            return found

        runs = [chosen[start : start + ALIGNED_AT_ONCE] for start in range(0, len(chosen), ALIGNED_AT_ONCE)]
        # OpenCV lets other threads run meanwhile.
        with ThreadPoolExecutor(usable_cores()) as threads:
            laid = [one for run in threads.map(lay, runs) for one in run]
        for pair, (found, window) in zip(apart[chosen].tolist(), laid, strict=True):
            similarity = 1 - FREEDOM * float(weights[pair]) * (1 - found)
            if similarity > similarities[pair]:
                similarities[pair], windows[pair] = similarity, window

    def _colours(self, pairs: Pairs, windows: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        one = self._first.chromas(pairs.first)
        for place in np.flatnonzero((windows != np.array(WHOLE, np.float32)).any(axis=1)).tolist():
            one[place] = self._first.chroma_of(int(pairs.first[place]), _box(windows[place]))
        return one, self._second.chromas(pairs.second, self._orientation)

    def look(self, pairs: Pairs, looks: Looks, place: int) -> Look:
        """Return what was found of one pair, as parts of the whole pictures."""
        of_first = part_of(self._first.box(int(pairs.first[place])), _box(looks.windows[place]))
        of_second = turned_box(self._second.box(int(pairs.second[place])), self._orientation)
        return Look(float(looks.similarities[place]), of_first, of_second, bool(looks.are_other_colours[place]))


def _box(numbers: NDArray[np.float32]) -> Box:
    left, top, right, bottom = numbers.tolist()
    return left, top, right, bottom


def _plain(first: NDArray[np.uint8], second: NDArray[np.uint8], pairs: Pairs) -> NDArray[np.float32]:
    found = np.empty(len(pairs.first), np.float32)
    for start in range(0, len(found), BLOCK):
        some = slice(start, start + BLOCK)
        rows, own = np.unique(pairs.first[some], return_inverse=True)
        others, other = np.unique(pairs.second[some], return_inverse=True)
        found[some] = np.einsum("ij,ij->i", structure(first[rows])[own], structure(second[others])[other])
    return found
