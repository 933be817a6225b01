"""Step 4, search: what is found."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ..places import Places
    from ..verification import Outline


class Result(NamedTuple):
    """One similar image."""

    distance: float
    image_id: str


class Explanation(NamedTuple):
    """One similar image, and why it is similar."""

    rank: int
    """1 for the nearest."""
    distance: float
    similarity: float
    """1.0 for distance 0 alone; falls as the distance grows; 0.0 from `Distance.furthest` on."""
    image_id: str
    region_distances: Sequence[float]
    """What each part of the vector carries of the distance, in the order of the descriptor's `parts`; they sum to it.
    For the colour descriptor the parts are the regions."""
    region_similarities: Sequence[float] = ()
    """How similar each part is, measured by what is in it: 1.0 for the same numbers alone, 0.0 if nothing in it is
    similar."""
    places: "Places | None" = None
    """Where the image and the query are similar; see `resultplaces`. They are not told by vectors alone."""
    unexplained: str = ""
    """Why there are no places, though they were wanted."""
    because: Sequence[str] = ()
    """What decided, in words, where several things can: see `reasons`."""
    outline: "Outline | None" = None
    """How the image lies in the query, where the very same thing is looked for."""
