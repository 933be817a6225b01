"""Step 3, compare: codes of local features in inverted lists, so that a query is compared with few of them.

Each feature stands in the list whose centroid is nearest to its code. For a feature of a query, only the nearest lists
are looked through. faiss does that, which is an extra. What is kept of the lists is plain numbers: the centroids, and
of each feature, in which list it is, 2 bytes. faiss makes its own lists of them in memory: a damaged file does no harm.
"""

from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..localfeatures import CODE_BYTES
from ..threads import share, usable_cores
from .nearestcodes import Pairs

# From so many features on, of some 220 pictures, loading faiss (40 ms) takes less time than comparing all of them with
# a query (120 ms). From so many times as many, a search takes half a second longer without, which people should know.
FEWEST_FEATURES, MANY = 1 << 15, 4
# Beside the square root of the number of features, which would make it as many lists as features in one.
LISTS_FOR_ROOT, MOST_LISTS = 2, 1 << 12
# Lists that are looked through for each feature of a query.
PROBED = 16
# A tiled floor has one feature again and again. Of a list that is so many times as long as others, a part is enough.
LONGEST = 16
ASSIGNED_AT_ONCE = 1 << 14
_COUNT = np.dtype("<u4")
_NUMBER = np.dtype("<u2")


class Lists(NamedTuple):
    """Which feature is in which list."""

    centroids: NDArray[np.uint8]
    """Shape (lists, 16)."""
    numbers: NDArray[np.uint16]
    """The list of each feature, shape (features,)."""

    def to_bytes(self) -> bytes:
        """Return them as they are kept."""
        count = np.array(len(self.centroids), _COUNT)
        return b"".join((count.tobytes(), self.centroids.tobytes(), self.numbers.astype(_NUMBER).tobytes()))

    @classmethod
    def from_bytes(cls, kept: bytes, features: int) -> "Lists":
        """Return what was kept of so many features; ValueError if it is not that."""
        count = int(np.frombuffer(kept, _COUNT, 1)[0])
        end = _COUNT.itemsize + count * CODE_BYTES
        if not 0 < count <= 1 << 16 or len(kept) != end + features * _NUMBER.itemsize:
            raise ValueError("lists of other features")
        centroids = np.frombuffer(kept, np.uint8, count * CODE_BYTES, _COUNT.itemsize).reshape(count, CODE_BYTES)
        numbers = np.frombuffer(kept, _NUMBER, offset=end)
        if int(numbers.max(initial=0)) >= count:
            raise ValueError("a feature in a list that there is not")
        return cls(centroids, numbers)


def is_installed() -> bool:
    """Tell whether there is faiss; it is not loaded, and perhaps cannot be."""
    return find_spec("faiss") is not None


@cache
def load_faiss() -> Any:
    """Return faiss; None if it is not installed, or not whole: then searching is but slower."""
    # A library that it needs may be missing, or numpy of another version: what is raised then is anyone's guess.
    with suppress(Exception):
        import faiss

        return faiss if hasattr(faiss, "IndexBinaryIVF") else None
    return None


def _enough_lists(features: int) -> int:
    return min(int(LISTS_FOR_ROOT * features**0.5), MOST_LISTS)


def listed(parts: Sequence[NDArray[np.uint8]]) -> Lists:
    """Put the features of an index into lists; parameters are those of `ListedCodes`, and faiss can be loaded."""
    faiss = load_faiss()
    features = sum(map(len, parts))
    count = _enough_lists(features)
    # Codes themselves are as good as centroids that were trained, which takes minutes.
    starts = np.cumsum([0, *map(len, parts)])
    sample = np.linspace(0, features - 1, count).astype(np.intp)
    chosen = [
        part[sample[(start <= sample) & (sample < start + len(part))] - start]
        for part, start in zip(parts, starts, strict=False)
    ]
    centroids = np.unique(np.concatenate(chosen), axis=0)
    quantizer = faiss.IndexBinaryFlat(CODE_BYTES * 8)
    quantizer.add(centroids)
    numbers = np.empty(features, np.uint16)
    blocks = [
        (start + first, part[first : first + ASSIGNED_AT_ONCE])
        for part, start in zip(parts, starts.tolist(), strict=False) for first in range(0, len(part), ASSIGNED_AT_ONCE)
    ]  # fmt: skip

    def assign(some: range) -> None:
        # Its own threads wait for each other by spinning, which takes ten times as long where other programs run.
        faiss.omp_set_num_threads(1)
        for start, codes in blocks[some.start : some.stop]:
            _, nearest = quantizer.search(np.ascontiguousarray(codes), 1)
            numbers[start : start + len(codes)] = nearest[:, 0]

    share(len(blocks), usable_cores(), assign)
    return Lists(centroids, numbers)


class ListedCodes:
    """The codes of an index in lists, in memory; faiss can be loaded.

    Parameters
    ----------
    parts : sequence of ndarray of uint8, shape (any, 16)
        The codes, whose features are numbered through.
    lists : Lists
        Of the same features.
    """

    def __init__(self, parts: Sequence[NDArray[np.uint8]], lists: Lists) -> None:
        self._faiss = faiss = load_faiss()
        count = len(lists.centroids)
        self._quantizer = faiss.IndexBinaryFlat(CODE_BYTES * 8)
        self._quantizer.add(np.ascontiguousarray(lists.centroids))
        self._index = faiss.IndexBinaryIVF(self._quantizer, CODE_BYTES * 8, count)
        self._index.is_trained = True
        self._index.nprobe = min(PROBED, count)
        self._fill(parts, lists.numbers)

    @property
    def longest(self) -> int:
        """How many features the longest list has."""
        lists = self._index.invlists
        return int(max(map(lists.list_size, range(lists.nlist))))

    def _fill(self, parts: Sequence[NDArray[np.uint8]], numbers: NDArray[np.uint16]) -> None:
        """Put the features of all parts into their lists, in order."""
        lists, starts = self._index.invlists, np.cumsum([0, *map(len, parts)]).tolist()
        longest = LONGEST * max(len(numbers) // _enough_lists(len(numbers)), 1)
        runs = [numbers[start:stop] for start, stop in pairwise(starts)]
        counts = [np.bincount(run, minlength=lists.nlist) for run in runs]
        # Where each list ends after each part.
        ends = np.cumsum([np.zeros(lists.nlist, np.intp), *counts], axis=0).clip(max=longest)
        # Adding part after part would have each list move to a larger place again and again.
        memories = [self._memory(number, size) for number, size in enumerate(ends[-1].tolist())]

        def fill(some: range) -> None:
            for part in some:
                order, start = np.argsort(runs[part], kind="stable"), 0
                within = zip(counts[part].tolist(), *ends[part : part + 2].tolist(), strict=True)
                for (ids, codes), (count, first, last) in zip(memories, within, strict=True):
                    own = order[start : start + last - first]
                    np.add(own, starts[part], out=ids[first:last])
                    # The numbers are sound; "raise" would copy once more.
                    parts[part].take(own, 0, out=codes[first:last], mode="clip")
                    start += count

        share(len(parts), usable_cores(), fill)
        self._index.ntotal = starts[-1]

    def _memory(self, number: int, size: int) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
        """Give a list its size, and return where its numbers of features and its codes stand."""
        lists, there = self._index.invlists, self._faiss.rev_swig_ptr
        lists.resize(number, size)
        codes = there(lists.get_codes(number), size * CODE_BYTES) if size else np.empty(0, np.uint8)
        ids = there(lists.get_ids(number), size) if size else np.empty(0, np.int64)
        return ids, codes.reshape(size, CODE_BYTES)

    def nearest(self, codes: NDArray[np.uint8], count: int, most_bits: int) -> Pairs:
        """Return the nearest features of each feature of a query, as far as they are found; see `nearest_codes`."""
        found = np.full((len(codes), count), -1, np.int64)
        bits = np.zeros((len(codes), count), np.int32)

        def search(some: range) -> None:
            self._faiss.omp_set_num_threads(1)
            own = slice(some.start, some.stop)
            bits[own], found[own] = self._index.search(np.ascontiguousarray(codes[own]), count)

        if len(codes):
            share(len(codes), usable_cores(), search)
        queries, places = np.nonzero((found >= 0) & (bits <= most_bits))
        return Pairs(queries, found[queries, places].astype(np.intp), bits[queries, places].astype(np.uint8))
