"""Step 3, compare: which rows of local features may show what a query shows, by the votes of its features."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..localfeatures import CODE_BITS, CODE_BYTES, LocalFeatures
from .objectblock import ObjectBlock

# Rows that are verified, at most.
CANDIDATES = 50
# A feature votes for the rows of so many features that look most alike.
NEAREST = 5
# Codes of the same place in two photos differ in fewer bits; those of any two in 60, by and large.
MOST_BITS = int(0.3 * CODE_BITS)
# Compared at once: of 500 features of a query, 32 MB.
BLOCK = 1 << 15


def candidates(chunks: Sequence[ObjectBlock], starts: Sequence[int], query: LocalFeatures) -> NDArray[np.intp]:
    """Return the numbers of the rows with the most votes."""
    votes = np.zeros(starts[-1])
    if not len(query):
        return np.empty(0, np.intp)
    bits = np.full((len(query), NEAREST), CODE_BITS, np.uint8)
    whose = np.zeros((len(query), NEAREST), np.intp)
    own = np.ascontiguousarray(query.codes).view(np.uint64)
    for chunk, first in zip(chunks, starts, strict=False):
        rows = first + np.repeat(np.arange(len(chunk)), np.diff(chunk.ends))
        for start in range(0, len(rows), BLOCK):
            codes = np.ascontiguousarray(chunk.codes[start : start + BLOCK]).view(np.uint64)
            apart = np.zeros((len(query), len(codes)), np.uint8)
            for word in range(CODE_BYTES // 8):
                apart += np.bitwise_count(own[:, word, None] ^ codes[:, word])
            apart = np.concatenate([bits, apart], axis=1)
            nearest = np.argpartition(apart, NEAREST - 1, axis=1)[:, :NEAREST]
            bits = np.take_along_axis(apart, nearest, axis=1)
            places = np.concatenate(
                [whose, np.broadcast_to(rows[start : start + BLOCK], (len(query), len(codes)))], axis=1
            )
            whose = np.take_along_axis(places, nearest, axis=1)
    weights = np.clip(1 - bits / MOST_BITS, 0, None) ** 2
    np.add.at(votes, whose.reshape(-1), weights.reshape(-1))
    best = np.argsort(-votes, kind="stable")[:CANDIDATES]
    return best[votes[best] > 0]
