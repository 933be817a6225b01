"""How a picture may lie in a query, as one match alone says it: features have a place, a size and a direction."""

import numpy as np
from numpy.typing import NDArray

from ..localfeatures import LocalFeatures
from .matching import Matches

SCALE = 1.2
"""From one octave of a feature to the next; see `objectdescriptor`."""

# Matches of one thing agree with each other's hypotheses that well; a thing is seen at an angle, so not exactly.
MOST_DEGREES, MOST_SCALE = 30.0, 0.5
FEWEST_PIXELS, SHARE_OF_SIZE, SHARE_OF_WAY = 8.0, 0.08, 0.125

FEWEST = 4
MOST_TRIED = 3
# A hypothesis that shares more of its matches with an earlier one says nothing new.
MOST_SHARED = 0.7


def agreeing_matches(picture: LocalFeatures, query: LocalFeatures, matches: Matches) -> list[NDArray[np.intp]]:
    """Return for the most promising hypotheses the numbers of the matches that agree with each, the most first."""
    own, other = picture.points[matches.picture], query.points[matches.query]
    steps = query.octaves[matches.query].astype(np.float64) - picture.octaves[matches.picture]
    scales = SCALE**steps
    turns = (query.angles[matches.query] - picture.angles[matches.picture]).astype(np.float64)
    across, down = scales * np.cos(np.deg2rad(turns)), scales * np.sin(np.deg2rad(turns))
    # Of each hypothesis (rows), where it expects each match (columns).
    ways = own[None] - own[:, None]
    x = across[:, None] * ways[..., 0] - down[:, None] * ways[..., 1] + other[:, None, 0]
    y = down[:, None] * ways[..., 0] + across[:, None] * ways[..., 1] + other[:, None, 1]
    away = np.hypot(x - other[:, 0], y - other[:, 1])
    size = scales * max(picture.width, picture.height)
    allowed = np.maximum(SHARE_OF_SIZE * size, FEWEST_PIXELS)[:, None]
    allowed = allowed + SHARE_OF_WAY * scales[:, None] * np.hypot(ways[..., 0], ways[..., 1])
    turned = np.abs((turns - turns[:, None] + 180) % 360 - 180)
    scaled = np.abs(np.log(scales / scales[:, None]))
    agree = (away < allowed) & (turned < MOST_DEGREES) & (scaled < MOST_SCALE)
    counts = agree.sum(axis=1)
    found: list[NDArray[np.bool_]] = []
    for number in np.argsort(-counts, kind="stable").tolist():
        if len(found) == MOST_TRIED or counts[number] < FEWEST:
            break
        if not any((agree[number] & one).sum() > MOST_SHARED * counts[number] for one in found):
            found.append(agree[number])
    return [np.flatnonzero(one) for one in found]
