"""The perceptual hashes that benchmarks/duplicates.py compares with: 64 bits a picture, near by bits that differ.

Each is called as its documentation shows, and skipped where it is not installed. imagededup wants torch, though its
hashes do without.
"""

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.truth import Counts, Labels

BITS = 64
Hash = Callable[[Path], int]


class HashPeer(NamedTuple):
    """A hash and the number of differing bits up to which its makers take two pictures for copies."""

    name: str
    hash: Hash
    default: int


class Hashed(NamedTuple):
    """Pictures by their hashes."""

    hashes: NDArray[np.uint64]
    is_read: NDArray[np.bool_]
    seconds: float

    def distance(self, one: int, other: int) -> int:
        """Return how many bits of two differ; more than there are if one of them could not be read."""
        if not (self.is_read[one] and self.is_read[other]):
            return BITS + 1
        return int(self.hashes[one] ^ self.hashes[other]).bit_count()

    def counts(self, true: Labels) -> list[Counts]:
        """Return what is right and wrong when pairs are near up to 0, 1, ... 64 bits."""
        near, right = np.zeros(BITS + 1, np.int64), np.zeros(BITS + 1, np.int64)
        hashes, labels = self.hashes[self.is_read], true[self.is_read]
        for row in range(len(hashes) - 1):
            distances = np.bitwise_count(hashes[row + 1 :] ^ hashes[row])
            near += np.bincount(distances, minlength=BITS + 1)
            right += np.bincount(distances[labels[row + 1 :] == labels[row]], minlength=BITS + 1)
        sizes = np.unique(true, return_counts=True)[1]
        wanted = int((sizes * (sizes - 1) // 2).sum())
        within = zip(near.cumsum().tolist(), right.cumsum().tolist(), strict=True)
        return [Counts(found, said - found, wanted - found) for said, found in within]


def hash_all(peer: HashPeer, paths: list[Path]) -> Hashed:
    """Hash pictures by as many threads as there are cores."""

    def hash_one(path: Path) -> int | None:
        # Whatever a decoder raises: a benchmark of the others must not end at one file.
        try:
            return peer.hash(path)
        except Exception:
            return None

    start = time.perf_counter()
    with ThreadPoolExecutor() as threads:
        hashes = list(threads.map(hash_one, paths))
    seconds = time.perf_counter() - start
    is_read = np.array([number is not None for number in hashes])
    return Hashed(np.array([number or 0 for number in hashes], np.uint64), is_read, seconds)


def installed_peers() -> list[HashPeer]:
    """Return the hashes that are at hand."""
    return [*_imagehash(), *_imagededup()]


def _imagehash() -> list[HashPeer]:
    try:
        import imagehash
    except ImportError:
        return []

    def wrap(make: Callable[[Image.Image], object]) -> Hash:
        def call(path: Path) -> int:
            with Image.open(path) as picture:
                return int(str(make(picture)), 16)

        return call

    # Its own program groups pictures whose hashes are equal.
    return [
        HashPeer("imagehash pHash", wrap(imagehash.phash), 0),
        HashPeer("imagehash dHash", wrap(imagehash.dhash), 0),
    ]


def _imagededup() -> list[HashPeer]:
    try:
        from imagededup import methods
    except ImportError:
        return []
    logging.getLogger("imagededup").setLevel(logging.ERROR)

    def wrap(method: str) -> Hash:
        hasher = getattr(methods, method)(verbose=False)
        return lambda path: int(hasher.encode_image(image_file=str(path)), 16)

    # find_duplicates takes up to ten bits if nothing else is said.
    return [HashPeer(f"imagededup {method}", wrap(method), 10) for method in ("PHash", "DHash", "AHash", "WHash")]
