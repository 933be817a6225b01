"""Step 3, compare: rows of histograms, read where `sparsewriter` laid them out in a file, and compared by chi-squared.

A distance is computed twice. First comes the sum over the bins that a row fills, in double precision. It differs from
`chi_squared` by the order of its additions, that is by less than `SLACK`. Rows that are among the nearest but for that
slack are at last compared by `chi_squared` itself, and that decides.
"""

import mmap
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .chisquared import EPSILON, chi_squared
from .chunks import CHUNK_ROWS, Buffer, ChunkedRows, Comparison
from .lowerbounds import Columns, coarse_bounds, fine_bounds, make_query, root_bounds
from .mergedbins import merging_of

FLOAT = np.dtype("<f4")
END = np.dtype("<u4")
HALF = np.dtype("<u2")

# Linux maps up to 64 KB around each page read, so this many scattered rows map 256 MB.
MOST_UNPACKED = 4096

# A sum of n numbers in double precision, added in any order, is off by at most n * 2^-53 of the sum of their
# magnitudes: 1.6e-13 of it for 1440. That sum is at most 0.5 s_x + 2 s_q, with s the sum of a vector, and 0.5 s_x is at
# most the distance and 1.5 s_q. There are two such sums; the roundings of a term are few beside those of adding it.
SLACK = 1e-11

ESTIMATED_BINS = 64  # taken at once, of some hundred rows: they stay in a CPU's own cache

# The bounds for many queries begin with the roots of all fine bins, which take as long as six queries. Of 2, 4, 8 and
# 16 queries by colour among 100,000, one took 8.8, 5.2, 3.2 and 2.4 ms together, and 2.7 ms alone.
FEWEST_TOGETHER = 14
ROOT_ROWS = 1024  # bounded at once for many queries: 192 bins of them are 0.8 MB, which stays in a CPU's own cache


class SparseBlock(NamedTuple):
    """Rows as they are stored; the parts are those of a chunk."""

    columns: Columns
    ends: NDArray[np.integer[Any]]
    packed: Buffer

    def __len__(self) -> int:
        return len(self.ends) - 1

    def cut(self, start: int, stop: int) -> "SparseBlock":
        """Return the rows start..stop, or those of them that there are."""
        ends = self.ends[start : stop + 1]
        packed = self.packed[ends.item(0) : ends.item(-1)]
        return SparseBlock(self.columns.cut(start, stop), ends - ends[0], packed)


class SparseRows(ChunkedRows[SparseBlock]):
    """Rows of histograms; see `ChunkedRows`. `merging` says how the bins in `chunks` were merged."""

    fewest_together = FEWEST_TOGETHER

    def __init__(self, memory: mmap.mmap | memoryview, contents: dict[str, Any]) -> None:
        self.merging = merging_of(contents["dimension"], contents["merging"])
        super().__init__(memory, contents)
        # Read-only memory is that of a file, from which it can be read again.
        self._mapped = memory if isinstance(memory, mmap.mmap) and self._memory.readonly else None
        self._unpacked = 0

    def _map(self, place: dict[str, int]) -> SparseBlock:
        count, merging = place["rows"], self.merging
        (coarse, half_sums, fine, ends), packed = self._map_arrays(
            place,
            ((merging.coarse, count), HALF), ((count,), FLOAT), ((count, merging.fine), HALF), ((count + 1,), END),
        )  # fmt: skip
        return SparseBlock(Columns(half_sums, coarse, fine), ends, packed)

    def _is_sound(self, chunk: SparseBlock) -> bool:
        ends = chunk.ends.astype(np.int64)
        filled = np.diff(ends) - bytes_of_bits(self.dimension)
        is_even = bool(((filled >= 0) & (filled % FLOAT.itemsize == 0)).all())
        return ends.item(0) == 0 and ends.item(-1) == len(chunk.packed) and is_even

    def take(self, numbers: Sequence[int]) -> NDArray[np.float32]:
        places, filled, _ = self.unpack(numbers)
        rows = np.zeros((len(numbers), self.dimension), np.float32)
        rows.reshape(-1)[places] = filled
        return rows

    def unpack(self, numbers: Sequence[int]) -> tuple[NDArray[np.intp], NDArray[np.float32], NDArray[np.int64]]:
        """Return what is not 0 in some feature vectors.

        That is its places, ascending, in the array of shape (rows, dimension), flattened; the numbers there; and how
        many of them each row has.
        """
        bits, filled, lengths = [], [], []
        width = bytes_of_bits(self.dimension)
        for number in numbers:
            (_, ends, packed), row = self._find(number)
            start, end = ends.item(row), ends.item(row + 1)
            bits.append(packed[start : start + width])
            filled.append(packed[start + width : end])
            lengths.append((end - start - width) // FLOAT.itemsize)
        mask = np.unpackbits(np.frombuffer(b"".join(bits), np.uint8).reshape(-1, width), axis=1, count=self.dimension)
        # The memory of scattered rows, which the system keeps as its file cache, is given back now and then.
        self._unpacked += len(numbers)
        if self._unpacked > MOST_UNPACKED and self._mapped is not None and hasattr(mmap, "MADV_DONTNEED"):
            self._unpacked = 0
            self._mapped.madvise(mmap.MADV_DONTNEED)
        # Places of True are found five times as quickly as places of other than 0.
        return np.flatnonzero(mask.view(np.bool_)), np.frombuffer(b"".join(filled), FLOAT), np.array(lengths, np.int64)

    def compare(self, query: NDArray[np.float32]) -> "SparseComparison":
        return SparseComparison(self, query)

    def bound_many(self, comparisons: Sequence["SparseComparison"], chunks: range, bounds: NDArray[np.float32]) -> None:
        queries = [comparison.merged for comparison in comparisons if comparison.merged is not None]
        if len(queries) < len(comparisons):
            super().bound_many(comparisons, chunks, bounds)
            return
        for number in chunks:
            half_sums, _, fine = self.chunks[number].columns
            own = bounds[:, self.starts[number] : self.starts[number + 1]]
            for first in range(0, len(half_sums), ROOT_ROWS):
                block = slice(first, first + ROOT_ROWS)
                root_bounds(queries, fine[block], half_sums[block], own[:, block])
            for comparison, bounds_of_one in zip(comparisons, own, strict=True):
                comparison.finish(bounds_of_one, half_sums)

    def estimate(self, comparisons: Sequence["SparseComparison"], rows: range) -> NDArray[np.float64]:
        # Bin by bin: then those that a query fills are taken out quickly, and most are left where they are.
        bins = np.ascontiguousarray(self.take(rows).T, np.float64)
        half_sums = 0.5 * bins.sum(axis=0)
        return np.stack([comparison.estimate(bins, half_sums) for comparison in comparisons])


class SparseComparison(Comparison):
    """One query vector against rows of histograms; see `Comparison`. `merged` is None if no bound holds for it."""

    def __init__(self, rows: SparseRows, query: NDArray[np.float32]) -> None:
        self._rows = rows
        self._query = query
        self.merged = make_query(query, rows.merging)
        self._bins = query.astype(np.float64)
        self._terms_of_zeros = 0.5 * self._bins**2 / (self._bins + EPSILON)  # where a row has nothing
        self._slack = SLACK * float(self._bins.sum())

    def bound(self, chunks: range, bounds: NDArray[np.float32]) -> None:
        starts = self._rows.starts
        if self.merged is None:
            bounds[starts[chunks.start] : starts[chunks.stop]] = -np.inf
            return
        # Memory that is used again spares the system from handing out new pages.
        scratch = np.empty((self._rows.merging.coarse, min(CHUNK_ROWS, len(bounds))), np.float32)
        for number in chunks:
            half_sums, coarse, _ = self._rows.chunks[number].columns
            own = bounds[starts[number] : starts[number + 1]]
            coarse_bounds(self.merged, coarse, half_sums, own, scratch[:, : len(own)])
            self.finish(own, half_sums)

    def bound_closer(self, chunk: int, rows: NDArray[np.intp], bounds: NDArray[np.float32]) -> None:
        if self.merged is not None:
            half_sums, _, fine = self._rows.chunks[chunk].columns
            halves = half_sums.take(rows)
            bounds[:] = fine_bounds(self.merged, fine.take(rows, axis=0), halves)
            self.finish(bounds, halves)

    def finish(self, bounds: NDArray[np.float32], half_sums: NDArray[np.float32]) -> None:
        """Make bounds of chi-squared, of rows of these half sums, bounds of the distance: here it is chi-squared."""

    def approximate(self, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        places, filled, lengths = self._rows.unpack(rows.tolist())
        return self.chi_squared(places, filled.astype(np.float64), lengths)

    def chi_squared(
        self, places: NDArray[np.intp], numbers: NDArray[np.float64], lengths: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Return chi-squared of rows as `unpack` gives them; places and numbers are overwritten."""
        places -= np.repeat(np.arange(len(lengths)) * self._rows.dimension, lengths)
        bins = self._bins.take(places)
        total = numbers + bins
        total += EPSILON
        numbers -= bins
        numbers *= numbers
        numbers *= 0.5
        numbers /= total
        numbers -= self._terms_of_zeros.take(places)
        distances = row_sums(numbers, lengths)
        distances += self._terms_of_zeros.sum()
        return distances

    def estimate(self, bins: NDArray[np.float64], half_sums: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return estimates of the distances of rows: from their bins, shape (dimension, rows), and half their sums.

        But for `EPSILON`, (a - b)^2 / (a + b) is a + b - 4 a b / (a + b). So only bins that both fill matter.
        """
        filled = np.flatnonzero(self._bins)
        shared = np.zeros(bins.shape[1])
        for start in range(0, len(filled), ESTIMATED_BINS):
            some = filled[start : start + ESTIMATED_BINS]
            own = self._bins[some, None]
            numbers = bins.take(some, axis=0)
            total = numbers + own
            numbers *= own
            numbers /= total
            shared += numbers.sum(axis=0)
        shared *= -2
        shared += half_sums
        shared += 0.5 * self._bins.sum()
        return shared

    def estimate_errors(self, estimates: NDArray[np.float64]) -> NDArray[np.float64]:
        # Each bin that is not empty is less by `EPSILON` / 2. The rest is rounding; see `SLACK`.
        return 0.5 * EPSILON * self._rows.dimension + SLACK * np.abs(estimates) + 2 * self._slack

    def widened(self, distance: float) -> float:
        return distance * (1 + 2 * SLACK) + 2 * self._slack

    def distances(self, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        return chi_squared(self._rows.take(rows.tolist()), self._query)


def row_sums(numbers: NDArray[np.float64], lengths: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the sums of rows, of each of which so many numbers follow those of the row before."""
    sums = np.zeros(len(lengths))
    some = lengths > 0  # reduceat has no empty sums
    if len(numbers):
        sums[some] = np.add.reduceat(numbers, (np.cumsum(lengths) - lengths)[some])
    return sums


def bytes_of_bits(dimension: int) -> int:
    """Return how many bytes the bits of a row take."""
    return -(-dimension // 32) * 4
