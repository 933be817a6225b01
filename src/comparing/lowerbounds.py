"""Step 3, compare: numbers that the chi-squared distance of two vectors cannot fall below, for a fraction of its price.

Merging bins can only lower the distance. A term (q - x)^2 / (q + x) is jointly convex and grows in proportion with
(q, x). So the term of two sums is at most the sum of the two terms. Hence the distance of merged vectors is a **lower
bound** of the distance, whichever bins are merged. With Q and X the merged bins and s the sum of a vector, it is

* chi-squared itself:  0.5 s_x - 1.5 s_q + sum(2 Q^2 / (Q + X)),  as (Q - X)^2 = (Q + X)^2 - 4 Q (Q + X) + 4 Q^2,
* or a weaker one that is a matrix product, for many queries at a time:  0.5 (s_q + s_x) - sum(sqrt(Q) * sqrt(X)),
  as (Q - X)^2 / (Q + X) = Q + X - 4 Q X / (Q + X) and Q + X >= 2 sqrt(Q X).

Both fall as X grows while s_x stays. So X may be kept in 16 bits, the upper half of a float32, if it is **rounded up**.
What keeps the computed bound below the computed distance:

* The distance has 1e-10 in its denominators, which lowers a term by at most 1e-10 (as (q - x)^2 <= (q + x)^2). Half of
  1e-10 for every bin is taken off the bound.
* float32 rounds by 2^-24. Sums are taken in float64, so they have one such rounding, before X is rounded up. A term
  2 Q^2 / (Q + X) has six (two of Q, one of the square, X, addition, division), and adding up m terms has m - 1. Each
  is relative to numbers from 0 up whose sum is at most 2 s_q. The last two additions and the numbers added have four,
  relative to at most 0.5 s_x + 3.5 s_q. For m = 192 that is less than (197 * 2 + 14) * 2^-24 s_q + 2^-23 s_x, or
  2.5e-5 s_q + 1.2e-7 s_x. `ROUNDING` * (1.5 s_q + 0.5 s_x) is more and is taken off. For the matrix product it is
  (197 + 4) * 2^-24 of at most 0.5 (s_q + s_x); `ROUNDING` of that is taken off.
* Nothing overflows: bounds are used up to sums of 1e18 only. Other rows have the bound minus infinity, so they are
  always compared. Nor is 0 divided by 0: at least 1e-15 is added to X instead of Q, which lowers the bound. Squares and
  products that vanish are below 1e-37, and at most 1e-22 when divided by that; `VANISHING` is taken off for them.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .chisquared import EPSILON
from .mergedbins import Merging

ROUNDING = 2e-5
VANISHING = 1e-9
SMALLEST_BIN = np.float32(1e-15)

# OpenBLAS, which numpy comes with, shares larger products than 16 queries by 64 rows by 192 bins among threads. These
# wait for each other; here every thread has its own products.
QUERIES_IN_PRODUCT, ROWS_IN_PRODUCT = 16, 64

Floats = NDArray[np.float32]
Halves = NDArray[np.uint16]
"""The upper halves of float32."""


class Columns(NamedTuple):
    """What bounds need to know of n rows."""

    half_sums: Floats
    """Shape (n,): half the sum of each row, less the allowance for rounding; or minus infinity."""
    coarse: Halves
    """Shape (coarse bins, n): here every bin lies contiguous."""
    fine: Halves
    """Shape (n, fine bins): here every row does."""

    def cut(self, start: int, stop: int) -> "Columns":
        """Return what bounds need to know of the rows start..stop."""
        return Columns(self.half_sums[start:stop], self.coarse[:, start:stop], self.fine[start:stop])


class Terms(NamedTuple):
    """Of merged bins: Q, and 2 Q^2."""

    bins: Floats
    weights: Floats


class Query(NamedTuple):
    """What bounds need to know of a query."""

    half_sum: float
    """Half its sum, less the allowances: for the matrix product."""
    offset: np.float32
    """1.5 times its sum, and the allowances."""
    coarse: Terms
    """Each of shape (coarse bins, 1)."""
    fine: Terms
    """Each of shape (fine bins,)."""
    roots: Floats
    """sqrt(Q), shape (fine bins,)."""


def make_columns(rows: Floats, merging: Merging) -> Columns:
    """Merge rows, shape (n, dimension), for the bounds."""
    half_sums, coarse, fine = merging.merge(rows)
    return Columns(((1 - ROUNDING) * half_sums).astype(np.float32), _upper_halves(coarse.T), _upper_halves(fine))


def make_query(vector: Floats, merging: Merging) -> Query | None:
    """Merge a query, shape (dimension,), for the bounds; None if no bound holds for it."""
    half_sums, coarse, fine = merging.merge(vector[None])
    if half_sums[0] == -np.inf:
        return None
    half_sum = float(half_sums[0])
    allowance = 0.5 * EPSILON * merging.dimension + VANISHING
    offset = np.float32(3 * half_sum * (1 + ROUNDING) + allowance)
    roots = np.sqrt(fine[0]).astype(np.float32)
    return Query((1 - ROUNDING) * half_sum - allowance, offset, _terms(coarse.T), _terms(fine[0]), roots)


def _terms(merged: NDArray[np.float64]) -> Terms:
    bins = merged.astype(np.float32)
    return Terms(np.maximum(bins, SMALLEST_BIN), 2 * np.square(bins))


def _upper_halves(numbers: NDArray[np.float64]) -> Halves:
    """Return the upper halves of numbers from 0 up as float32, rounded up."""
    bits = np.ascontiguousarray(numbers, np.float32).view(np.uint32)
    return ((bits + np.uint32(0xFFFF)) >> np.uint32(16)).astype(np.uint16)


def _widened(halves: Halves, out: Floats | None = None) -> Floats:
    """Return the float32 of upper halves."""
    wide = np.empty(halves.shape, np.float32) if out is None else out
    bits = wide.view(np.uint32)
    np.copyto(bits, halves)
    np.left_shift(bits, np.uint32(16), out=bits)
    return wide


def coarse_bounds(query: Query, coarse: Halves, half_sums: Floats, out: Floats, scratch: Floats) -> None:
    """Write the lower bounds of n rows by their coarse bins into `out`, shape (n,).

    `coarse` and `half_sums` are as in `Columns`; `scratch`, float32 of the shape of `coarse`, is overwritten.
    """
    bins, weights = query.coarse
    terms = _widened(coarse, scratch)
    terms += bins
    np.divide(weights, terms, out=terms)
    np.add.reduce(terms, axis=0, out=out)
    out += half_sums
    out -= query.offset


def fine_bounds(query: Query, fine: Halves, half_sums: Floats) -> Floats:
    """Return the lower bounds of n rows by their fine bins, shape (n,); the arguments are as in `Columns`."""
    bins, weights = query.fine
    terms = _widened(fine)
    terms += bins
    np.divide(weights, terms, out=terms)
    bounds: Floats = terms.sum(axis=1)
    bounds += half_sums
    bounds -= query.offset
    return bounds


def root_bounds(queries: list[Query], fine: Halves, half_sums: Floats, out: Floats) -> None:
    """Write the weaker lower bounds of n rows to several queries into `out`, shape (queries, n)."""
    bins = _widened(fine)
    np.sqrt(bins, out=bins)
    roots = np.stack([query.roots for query in queries])
    whole = len(bins) // ROWS_IN_PRODUCT * ROWS_IN_PRODUCT
    stacked = bins[:whole].reshape(-1, ROWS_IN_PRODUCT, bins.shape[1]).transpose(0, 2, 1)
    for first in range(0, len(roots), QUERIES_IN_PRODUCT):
        some = slice(first, first + QUERIES_IN_PRODUCT)
        products = np.matmul(roots[some], stacked)
        out[some, :whole] = products.transpose(1, 0, 2).reshape(products.shape[1], whole)
        np.matmul(roots[some], bins[whole:].T, out=out[some, whole:])
    np.subtract(half_sums, out, out=out)
    out += np.array([[query.half_sum] for query in queries], np.float32)
