"""Step 3, compare: rows of local features as they are stored, in memory or where they lie in a file."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..localfeatures import LARGEST, NUMBERS, codes_of_numbers, numbers_of_codes
from .legalnumbers import Kind

NUMBER = np.dtype("<u4")
WORDS_OF_24_BITS = Kind("a whole number from 0 to 16,777,215", "whole numbers from 0 to 16,777,215", 0, LARGEST, True)


class ObjectBlock(NamedTuple):
    """Rows as they are stored; the parts are those of a chunk."""

    sizes: NDArray[np.uint32]
    """The first number of each vector: the size of the picture."""
    ends: NDArray[np.uint32]
    """Shape (n + 1,): where the features of each row begin among all, and where the last ones end."""
    places: NDArray[np.uint32]
    """Of all features of all rows, as in a vector."""
    codes: NDArray[np.uint8]
    """The same, shape (features, 16)."""

    def __len__(self) -> int:
        return len(self.sizes)

    def cut(self, start: int, stop: int) -> "ObjectBlock":
        """Return the rows start..stop, or those of them that there are."""
        ends = self.ends[start : stop + 1]
        own = slice(ends.item(0), ends.item(-1))
        return ObjectBlock(self.sizes[start:stop], ends - ends[0], self.places[own], self.codes[own])

    def vector(self, row: int, dimension: int) -> NDArray[np.float32]:
        """Return one row as a feature vector, shape (dimension,)."""
        own = slice(self.ends.item(row), self.ends.item(row + 1))
        vector = np.zeros(dimension, np.uint32)
        vector[0] = self.sizes[row]
        numbers = vector[1:].reshape(-1, NUMBERS)[: own.stop - own.start]
        numbers[:, 0] = self.places[own]
        numbers[:, 1:] = numbers_of_codes(self.codes[own])
        return vector.astype(np.float32)


def block_of(rows: NDArray[np.float32]) -> ObjectBlock:
    """Return vectors, shape (n, dimension), as they are stored; zeros that fill them up are not."""
    numbers = rows.astype(NUMBER)
    features = numbers[:, 1:].reshape(len(rows), -1, NUMBERS)
    # Also of another program, which may leave gaps: they stay.
    filled: NDArray[np.bool_] = (features != 0).any(axis=2)
    counts = np.where(filled.any(axis=1), filled.shape[1] - filled[:, ::-1].argmax(axis=1), 0)
    kept = features[np.arange(features.shape[1]) < counts[:, None]]
    ends = np.concatenate([[0], np.cumsum(counts)]).astype(NUMBER)
    return ObjectBlock(numbers[:, 0].copy(), ends, kept[:, 0].copy(), codes_of_numbers(kept[:, 1:]))
