"""How a picture may lie in a query, as one match alone says it: features have a place, a size and a direction."""

import numpy as np
from numpy.typing import NDArray

from ..localfeatures import SCALE, LocalFeatures
from .matching import Matches

# Matches of one thing agree with each other's hypotheses that well; a thing is seen at an angle, so not exactly.
# Half or twice of each changes by one at most how many of 404 photos of covers are verified, and of 113 drawings.
MOST_DEGREES, MOST_LOG_SCALE = 30.0, 0.5
FEWEST_PIXELS, SHARE_OF_SIZE, SHARE_OF_WAY = 8.0, 0.08, 0.125

FEWEST_AGREEING = 4
# With one alone, 137 instead of 141 photos of the same shelf are verified; six find no more.
MOST_TRIED = 3
# A hypothesis that shares more of its matches with an earlier one says nothing new.
MOST_SHARED = 0.7


def agreeing_matches(picture: LocalFeatures, query: LocalFeatures, matches: Matches) -> list[NDArray[np.intp]]:
    """Return for the most promising hypotheses the numbers of the matches that agree with each, the most first."""
    if len(matches) < FEWEST_AGREEING:
        return []
    agree = _agreement(picture, query, matches)
    counts = agree.sum(axis=1)
    found: list[NDArray[np.bool_]] = []
    for number in np.argsort(-counts, kind="stable").tolist():
        if len(found) == MOST_TRIED or counts[number] < FEWEST_AGREEING:
            break
        if not any((agree[number] & earlier).sum() > MOST_SHARED * counts[number] for earlier in found):
            found.append(agree[number])
    return [np.flatnonzero(agreeing) for agreeing in found]


def _agreement(picture: LocalFeatures, query: LocalFeatures, matches: Matches) -> NDArray[np.bool_]:
    """Tell of the hypothesis of each match (rows) which matches agree with it (columns)."""
    # As complex numbers, a hypothesis is a factor, which turns and scales, and a match to begin with.
    own = picture.points[matches.picture] @ np.array([1, 1j], np.complex64)
    other = query.points[matches.query] @ np.array([1, 1j], np.complex64)
    octaves = query.octaves[matches.query].astype(np.float32) - picture.octaves[matches.picture]
    scales = np.float32(SCALE) ** octaves
    turns = query.angles[matches.query] - picture.angles[matches.picture]
    factors = scales * np.exp(1j * np.deg2rad(turns))
    ways = own - own[:, None]
    # How far each match is from where the hypothesis expects it.
    away = np.abs(factors[:, None] * ways - (other - other[:, None]))
    allowed = np.maximum(SHARE_OF_SIZE * scales * max(picture.width, picture.height), FEWEST_PIXELS)[:, None]
    allowed = allowed + SHARE_OF_WAY * scales[:, None] * np.abs(ways)
    turned = np.abs((turns - turns[:, None] + 180) % 360 - 180)
    scaled = np.abs(octaves - octaves[:, None])
    agree: NDArray[np.bool_] = (away < allowed) & (turned < MOST_DEGREES) & (scaled < MOST_LOG_SCALE / np.log(SCALE))
    return agree
