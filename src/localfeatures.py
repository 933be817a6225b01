"""Step 1, describe: the local features of a picture, as they are packed into the numbers of a feature vector.

A local feature is a corner that would be found again in another photo of the same thing: where it is, its size, its
direction, and a binary code of what is around it. A vector begins with the size of the picture. Six numbers follow for
each feature, of 24 bits each, which float32 holds exactly: its place, then its code. Zeros fill a vector up.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

CODE_BITS = 120
CODE_BYTES = 16
"""As codes are compared; the last byte is 0."""
NUMBERS = 6
"""Of a vector, for each feature."""
LARGEST = (1 << 24) - 1
LONGEST_SIDE = (1 << 12) - 1
OCTAVES = 8
SCALE = 1.25
"""From one octave of a picture to the next, smaller one. With 1.2, things far away are found less often."""
INDEXED, ASKED = 150, 800
"""How many features describe a picture of an index, and a query, at most.

130 lost 9 of 365 hard photos, 160 gained 3. Of 72 covers, nine in a photo, a query of 500 finds 17, of 800 32, and of
1,200 42, in twice the time."""

MOST_NUMBERS = 1 + NUMBERS * ASKED
"""Of a query vector."""

_USED_BYTES = CODE_BITS // 8  # of a code
_PLACES = 256  # along each side of a picture
_ANGLES = 32
_ANGLE = 360 / _ANGLES
_BYTE_SHIFTS = np.array([16, 8, 0], np.uint32)


class LocalFeatures(NamedTuple):
    """The local features of one picture, the best first."""

    width: int
    height: int
    """Of the picture, in pixels, as it was described."""
    points: NDArray[np.float32]
    """Shape (n, 2): across and down, in pixels."""
    octaves: NDArray[np.uint8]
    """Shape (n,): how often the picture was made smaller until the feature was found, 0 to 7."""
    angles: NDArray[np.float32]
    """Shape (n,): the direction of each feature, in degrees from 0 to 360, clockwise."""
    codes: NDArray[np.uint8]
    """Shape (n, 16)."""

    def __len__(self) -> int:
        return len(self.points)

    def best(self, most: int) -> "LocalFeatures":
        """Return the best of them, at most so many."""
        points, octaves, angles, codes = self.points[:most], self.octaves[:most], self.angles[:most], self.codes[:most]
        return LocalFeatures(self.width, self.height, points, octaves, angles, codes)


def no_features(width: int, height: int) -> LocalFeatures:
    """Return that a picture of so many pixels has no feature."""
    points, codes = np.empty((0, 2), np.float32), np.empty((0, CODE_BYTES), np.uint8)
    return LocalFeatures(width, height, points, np.empty(0, np.uint8), np.empty(0, np.float32), codes)


def to_vector(features: LocalFeatures, most: int) -> NDArray[np.float32]:
    """Return features as a vector, shape (1 + 6 * most,): whole numbers up to 16,777,215."""
    numbers = np.zeros((most, NUMBERS), np.uint32)
    some = features.best(most)
    sides = np.array([features.width, features.height], np.float32)
    across, down = np.clip(some.points / sides * _PLACES, 0, _PLACES - 1).astype(np.uint32).T
    angles = np.rint(some.angles / _ANGLE).astype(np.uint32) % _ANGLES
    count = len(some)
    numbers[:count, 0] = across << 16 | down << 8 | some.octaves.astype(np.uint32) << 5 | angles
    numbers[:count, 1:] = numbers_of_codes(some.codes)
    head = features.width << 12 | features.height
    return np.concatenate([[head], numbers.reshape(-1)]).astype(np.float32)


def from_vector(vector: NDArray[Any]) -> LocalFeatures:
    """Return the features of a vector, shape (1 + 6 * most,), of whole numbers from 0 to 16,777,215."""
    numbers = vector.astype(np.uint32)
    width, height = int(numbers[0]) >> 12, int(numbers[0]) & LONGEST_SIDE
    rows = numbers[1:].reshape(-1, NUMBERS)
    rows = rows[rows.any(axis=1)]
    places = rows[:, 0]
    points = np.stack([places >> 16, places >> 8 & 255], axis=1).astype(np.float32) + np.float32(0.5)
    return LocalFeatures(
        width, height,
        points * (np.array([width, height], np.float32) / np.float32(_PLACES)),
        (places >> 5 & (OCTAVES - 1)).astype(np.uint8),
        (places & (_ANGLES - 1)).astype(np.float32) * np.float32(_ANGLE),
        codes_of_numbers(rows[:, 1:]),
    )  # fmt: skip


def numbers_of_codes(codes: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Return codes, shape (n, 16), as whole numbers of 24 bits each, shape (n, 5)."""
    threes = codes[:, :_USED_BYTES].reshape(len(codes), NUMBERS - 1, 3).astype(np.uint32)
    return np.asarray((threes << _BYTE_SHIFTS).sum(axis=2), np.uint32)


def codes_of_numbers(numbers: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Return the codes, shape (n, 16), of whole numbers of 24 bits each, shape (n, 5)."""
    codes = np.zeros((len(numbers), CODE_BYTES), np.uint8)
    codes[:, :_USED_BYTES] = (numbers[:, :, None] >> _BYTE_SHIFTS & 255).reshape(len(numbers), _USED_BYTES)
    return codes
