"""Step 4, search: how alike two pictures are, when networks, colours and thumbnails speak, and the other pictures, too.

Networks say what kind of thing a picture shows. On top of that come four things that need no labels:

* **Colours count where they tell kinds apart.** Of the pictures that networks find nearest to each other, are the
  colours nearer than those of others as well? In a greengrocer's pictures they are, in those of a tailor they are not.
* **Company counts.** Each picture becomes a mixture of itself and of those that are nearest to it, and so does the
  query. What one picture shows badly, its neighbours show better. (Arandjelovic and Zisserman, "Three things everyone
  should know to improve object retrieval", 2012; Radenovic et al., "Fine-tuning CNN image retrieval", 2018.)
* **The same photo is known by its thumbnail,** at any size, which networks often do not notice.
* **The very same thing is known by its local features,** if an index has them. It comes first: that is proven.

The numbers below were chosen on photos of clothing, groceries and scenes. None of them matters much: each can be a
fifth more or less, and every one of these sets still gains on the networks alone.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

# Thumbnails of two photos seldom correlate more than by the first, those of one photo seldom less than by the second.
MAYBE_SAME, SURELY_SAME = 0.93, 0.99

# Colour: of so many pictures, where are so many neighbours of each? .5 of all would be nearer if colour said nothing.
NEAR, NEIGHBOURS = 20, 10
SAYS_NOTHING, SAYS_ALL = 0.34, 0.15
# A query in another light than the pictures, or by another camera, agrees less in colour with its neighbours than these
# do with theirs: photos of DVD covers half as much, pictures among their like .75 and more of it.
OTHER_LIGHT, SAME_LIGHT = 0.65, 0.85
MOST_WEIGHT = 0.6  # of colour; that of the networks is 1

# The regions of the colour vector. The centre shows the thing; corners show what is around it.
REGION_WEIGHTS = (1.0, 1.0, 1.0, 1.0, 3.0)

# So many are ranked by their company, each with so many others, weighted by a power of how alike they are.
RANKED, COMPANY, POWER = 100, 3, 4

SHARE_OF_LIKENESS = 0.9
"""A similarity up to this is of what pictures show; above it, they may be the same photo, or show the same thing."""

MOST_POINTS, MOST_POINTS_WITH_OBJECTS = 2.0, 3.0
"""One for what a picture shows, one for the same photo, and one for the same thing."""

SMALLEST = 1e-12


class Likeness(NamedTuple):
    """What is known of m candidates, the first ones nearest by the networks."""

    deep: Floats
    """Shape (1 + m, numbers): the directions of what networks say, first that of the query; inner products are mean
    cosines."""
    colour: Floats
    """Shape (1 + m, bins): directions of roots of the shares of colours, likewise."""
    correlations: Doubles
    """Shape (m,): of thumbnails with that of the query, or 0 where they are not of interest."""


def deep_directions(vectors: Floats, blocks: int) -> Floats:
    """Return what networks say, shape (n, numbers), as vectors whose inner products are the mean cosines of blocks."""
    parts = vectors.reshape(len(vectors), blocks, -1)
    lengths = np.sqrt(np.einsum("nbi,nbi->nb", parts, parts))[..., None]
    directions: Floats = parts / np.maximum(lengths * np.float32(blocks**0.5), np.float32(SMALLEST))
    return directions.reshape(vectors.shape)


def colour_directions(vectors: Floats) -> Floats:
    """Return histograms of regions, shape (n, bins), as vectors whose inner products say how far colours agree, 0 to 1.

    Each region's counts are scaled to sum 1, and roots are taken: the product of two is Hellinger's affinity.
    """
    regions = vectors.reshape(len(vectors), len(REGION_WEIGHTS), -1)
    weights = np.array(REGION_WEIGHTS, np.float32)[:, None]
    shares = regions * (weights / np.maximum(regions.sum(axis=-1, keepdims=True), np.float32(SMALLEST)))
    roots = np.sqrt(shares).reshape(vectors.shape)
    lengths = np.sqrt(np.einsum("ni,ni->n", roots, roots))[:, None]
    return np.asarray(roots / np.maximum(lengths, np.float32(SMALLEST)))


def colour_weight(likeness: Likeness, count: int) -> float:
    """Return how much colours count for a query, 0 to `MOST_WEIGHT`, judged by its `count` nearest by the networks."""
    near = min(NEAR, count)
    if count < NEIGHBOURS + 2:
        return 0.0
    others = slice(1, count + 1)
    deep = likeness.deep[1 : near + 1] @ likeness.deep[others].T
    colour = likeness.colour[1 : near + 1] @ likeness.colour[others].T
    # No picture is a neighbour of itself.
    np.fill_diagonal(deep, -1)
    np.fill_diagonal(colour, -1)
    neighbours = np.argpartition(-deep, NEIGHBOURS - 1, axis=1)[:, :NEIGHBOURS]
    order = np.argsort(-colour, axis=1, kind="stable")
    places = np.empty_like(order)
    np.put_along_axis(places, order, np.arange(count)[None], axis=1)
    share = float(np.take_along_axis(places, neighbours, axis=1).mean()) / (count - 1)
    usual = float(np.take_along_axis(colour, neighbours, axis=1).mean())
    own = float((likeness.colour[1 : NEIGHBOURS + 1] @ likeness.colour[0]).mean())
    light = own / max(usual, SMALLEST)
    return MOST_WEIGHT * _ramp(share, SAYS_NOTHING, SAYS_ALL) * _ramp(light, OTHER_LIGHT, SAME_LIGHT)


def _ramp(value: float, zero: float, one: float) -> float:
    """Return 0 for a value at `zero` or before, 1 at `one` or beyond, and what is between in between."""
    return min(max((value - zero) / (one - zero), 0.0), 1.0)


def scores(likeness: Likeness, weight: float) -> Doubles:
    """Return how near each candidate is, shape (m,): 0 to 1 for what it shows, and 0 to 1 more for the same photo."""
    mixed = _mixed(likeness, weight)
    plain = (mixed[1:] @ mixed[0]).astype(np.float64)
    ranked = np.argsort(-plain, kind="stable")[:RANKED]
    among = mixed[1 + ranked]
    shown = plain.copy()
    shown[ranked] = in_company(plain[ranked], (among @ among.T).astype(np.float64))
    others = np.ones(len(plain), bool)
    others[ranked] = False
    shown[others] = below(plain[others], shown[ranked].min())
    points: Doubles = np.clip(shown, 0.0, 1.0) + same_photo(likeness.correlations)
    return points


def _mixed(likeness: Likeness, weight: float) -> Floats:
    """Return vectors whose inner products are the similarities by networks and colours."""
    deep, colour = likeness.deep, likeness.colour
    if not weight:
        return deep
    scale = np.float32((1 + weight) ** -0.5)
    return np.concatenate([deep * scale, colour * (scale * np.float32(weight**0.5))], axis=1)


def in_company(plain: Doubles, among: Doubles) -> Doubles:
    """Return the similarities of a query to n pictures, when these and the query are mixed with those next to them.

    Parameters
    ----------
    plain : ndarray of float64, shape (n,)
        The similarities to the query.
    among : ndarray of float64, shape (n, n)
        Those of the pictures to each other.
    """
    count = len(plain)
    company = min(COMPANY, count - 1)
    mixtures = np.eye(count)
    if company > 0:
        others = among.copy()
        np.fill_diagonal(others, -1)
        nearest = np.argpartition(-others, company - 1, axis=1)[:, :company]
        weights = np.take_along_axis(others, nearest, axis=1).clip(0) ** POWER
        np.put_along_axis(mixtures, nearest, weights, axis=1)
    mixtures /= np.sqrt(((mixtures @ among) * mixtures).sum(axis=1, keepdims=True)).clip(SMALLEST)
    first = np.argsort(-(mixtures @ plain), kind="stable")[:COMPANY]  # the company of the query
    own = (plain[first].clip(0) ** POWER) @ mixtures[first]
    length = max(float(1 + 2 * own @ plain + own @ among @ own), SMALLEST) ** 0.5
    return np.asarray(mixtures @ (plain + among @ own) / length)


def same_photo(correlations: Doubles) -> Doubles:
    """Return how surely thumbnails are of the same photo, 0 to 1, by their correlations."""
    return np.clip((correlations - MAYBE_SAME) / (SURELY_SAME - MAYBE_SAME), 0.0, 1.0)


def same_thing(points: Doubles, correlations: Doubles, surely: Doubles) -> Doubles:
    """Return how near candidates are when some of them are known to show the same thing: these come first.

    Parameters
    ----------
    points : ndarray of float64, shape (m,)
        Those of `scores`, 0 to 2.
    correlations : ndarray of float64, shape (m,)
        Of thumbnails: among photos of the same thing, the same photo is the nearest.
    surely : ndarray of float64, shape (m,)
        How surely each shows the same thing, up to 1; 0 if that is not known.
    """
    return np.where(surely > 0, MOST_POINTS + (surely + same_photo(correlations)) / 2, points)


def below(similarities: Doubles, lowest: float) -> Doubles:
    """Return similarities scaled down, if need be, so that none is above the lowest of those that stand before them."""
    highest = float(similarities.max(initial=0.0))
    if highest <= lowest:
        return similarities
    # Rounded, the highest might be above it.
    return np.minimum(similarities * (lowest / highest), lowest)


def distances_of(points: Doubles, most: float = MOST_POINTS) -> Doubles:
    """Return points, 0 to `most`, as distances: in the opposite order, above 0, and at most 1."""
    beyond = (1 - SHARE_OF_LIKENESS) * (points - 1) / (most - 1)
    similarities = np.where(points < 1, SHARE_OF_LIKENESS * points, SHARE_OF_LIKENESS + beyond)
    return np.asarray(np.clip(1 - similarities, SMALLEST, 1.0))
