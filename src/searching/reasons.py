"""Step 4, search: why a result is near, in words: the same photo, the same thing, or kind of thing, and its colours.

Words are said only of what is sure. Their thresholds come from 1343 photos of clothing, groceries and scenes, of which
each was compared with each.
"""

from collections.abc import Sequence
from typing import NamedTuple

# Thumbnails of one photo, at other sizes and saved again, correlate by .974 and more; those of two photos reached .976,
# in one of 900,000 pairs. Networks find two sizes of one photo alike as well, but seldom two photos of like colours.
SAME_PHOTO, SAME_PHOTO_KIND = 0.98, 0.75
# From here on thumbnails count at all.
SAME_LAYOUT = 0.93
# Of pairs of photos with this mean cosine, .94 of the clothing and all of the scenes were of the same kind.
SAME_KIND = 0.8
# Of these, .64 and all; the others are of kinds that people take for each other's, such as shirts and outwear.
SIMILAR_KIND = 0.6
# Of random pairs of photos, 15 in 1000 have a region that is so similar in its colours.
COLOURS_AGREE = 0.75


class Evidence(NamedTuple):
    """What speaks for a result of a search that joins networks, colours and thumbnails."""

    kind: float
    """The mean cosine of the networks, up to 1."""
    correlation: float
    """Of the thumbnails, up to 1."""
    colours: Sequence[float]
    """How similar the colours of each region are, 0 to 1, in the order of `colordescriptor.REGIONS`: the sums of the
    square roots of products of shares."""
    colours_count: bool
    """Whether colours counted in this search."""
    is_same_thing: bool = False
    """Whether local features have proven that it shows the very same thing."""


def words(evidence: Evidence) -> list[str]:
    """Return what decided, the most telling first; it is never empty."""
    said = []
    if min(evidence.kind, evidence.correlation, *evidence.colours) >= 1:
        return ["same picture"]
    if evidence.correlation >= SAME_PHOTO and evidence.kind >= SAME_PHOTO_KIND:
        return ["same photo"]
    if evidence.is_same_thing:
        said.append("the same thing")
    elif evidence.kind >= SAME_KIND:
        said.append("same kind of thing")
    elif evidence.kind >= SIMILAR_KIND:
        said.append("similar kind of thing")
    if evidence.correlation >= SAME_LAYOUT:
        said.append("same layout of colours")
    where = _where([one >= COLOURS_AGREE for one in evidence.colours]) if evidence.colours_count else ""
    if where:
        said.append(f"colours agree {where}")
    return said or ["little alike"]


def _where(agree: Sequence[bool]) -> str:
    """Return where regions agree, in words; nothing if none does, or a corner alone: that says little."""
    top_left, top_right, bottom_right, bottom_left, centre = agree
    if all(agree):
        return "everywhere"
    if all(agree[:4]):
        return "around the centre"
    if centre:
        return "in the centre"
    sides = [
        ("at the top", top_left and top_right),
        ("at the bottom", bottom_left and bottom_right),
        ("at the left", top_left and bottom_left),
        ("at the right", top_right and bottom_right),
    ]
    return next((where for where, is_so in sides if is_so), "")
