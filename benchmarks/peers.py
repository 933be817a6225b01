"""The ways to find nearest descriptors that benchmarks/search.py compares.

Each is made of the rows, an array of shape (n, 1440), and answers a query with row numbers and distances, nearest
first. Some are so slow that they get a part of the rows only: the time for all is extrapolated, and marked as such.
"""

import csv
import io
import mmap
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from src.colordescriptor import ColorDescriptor
from src.distance import Rows as StoredRows
from src.distance import by_name, chi_squared

Rows = NDArray[np.float32]
Found = tuple[NDArray[np.intp], NDArray[np.float64]]

# Measured on so many rows at most, as a query takes 2 ms a row, 10 us a row and 5 us a row.
CSV_ROWS, HISTOGRAM_ROWS, KERNEL_ROWS = 1000, 10_000, 20_000
SCAN_ROWS = 2000  # rows a chunk
# An approximate index of more rows than this takes longer to build than anyone would wait here.
GRAPH_ROWS = 100_000
CANDIDATES = 100  # that are ranked again, exactly


class Peer(NamedTuple):
    """One way to search."""

    name: str
    search: Callable[[Rows, int], Found]
    part: float = 1.0
    """Share of the rows it was given; below 1, times are extrapolated and answers are not looked at."""
    queries: int | None = None
    """How many queries it is asked at most; None for all."""
    notes: str = ""


def open_features(rows: Rows, path: Path) -> tuple[StoredRows, str]:
    """Return the rows as written to a file, and what that took."""
    start = time.perf_counter()
    with path.open("wb") as file:
        writer = by_name("chi-squared").new_writer(file, rows.shape[1], ColorDescriptor().name)
        for first in range(0, len(rows), SCAN_ROWS):
            writer.add(rows[first : first + SCAN_ROWS])
        contents = writer.finish()
    seconds = time.perf_counter() - start
    with path.open("rb") as file:
        memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    notes = f"{path.stat().st_size / len(rows):.0f} bytes a row, written in {seconds:.1f} s"
    return by_name("chi-squared").open_rows(memory, contents), notes


def scan(rows: Rows) -> Peer:
    """Compare with all rows in float32, one thread, in chunks; what ties is ranked in float64, in order of rows."""

    def search(query: Rows, limit: int) -> Found:
        rough = np.empty(len(rows), np.float32)
        for start in range(0, len(rows), SCAN_ROWS):
            chunk = rows[start : start + SCAN_ROWS]
            terms = chunk - query
            terms *= terms
            terms /= chunk + query + np.float32(1e-10)
            rough[start : start + SCAN_ROWS] = 0.5 * terms.sum(axis=1)
        return _rank(rows, np.flatnonzero(rough <= np.partition(rough, limit - 1)[limit - 1] + 1e-4), query, limit)

    return Peer("numpy scan", search)


def csv_loop(rows: Rows) -> Peer:
    """The classic way: read the CSV row by row and compare in Python."""
    some = rows[:CSV_ROWS]
    lines = io.StringIO()
    csv.writer(lines).writerows([number, *row.tolist()] for number, row in enumerate(some))
    text = lines.getvalue()

    def search(query: Rows, limit: int) -> Found:
        wanted = query.tolist()
        distances = {}
        for line in csv.reader(io.StringIO(text)):
            features = [float(number) for number in line[1:]]
            terms = [(a - b) ** 2 / (a + b + 1e-10) for a, b in zip(features, wanted, strict=True)]
            distances[int(line[0])] = 0.5 * sum(terms)
        best = sorted((distance, row) for row, distance in distances.items())[:limit]
        return np.array([row for _, row in best]), np.array([distance for distance, _ in best])

    return Peer("CSV loop in Python", search, len(some) / len(rows), queries=3)


def compare_histograms(rows: Rows) -> Peer:
    """OpenCV's comparison, row by row; its 'alternative chi-squared' is four times this distance."""
    some = np.array(rows[:HISTOGRAM_ROWS])

    def search(query: Rows, limit: int) -> Found:
        distances = np.array([0.25 * cv2.compareHist(row, query, cv2.HISTCMP_CHISQR_ALT) for row in some])
        order = np.argsort(distances, kind="stable")[:limit]
        return order, distances[order]

    return Peer("cv2.compareHist", search, len(some) / len(rows), queries=10)


def kernel(rows: Rows) -> Peer | None:
    """scikit-learn's; None if it is not installed."""
    try:
        from sklearn.metrics.pairwise import additive_chi2_kernel  # type: ignore[import-untyped,import-not-found,unused-ignore]
    except ImportError:
        return None
    some = np.array(rows[:KERNEL_ROWS])

    def search(query: Rows, limit: int) -> Found:
        distances = -0.5 * additive_chi2_kernel(query[None], some)[0].astype(np.float64)
        order = np.argsort(distances, kind="stable")[:limit]
        return order, distances[order]

    return Peer("scikit-learn kernel", search, len(some) / len(rows), queries=10)


def graph(rows: Rows) -> Peer | None:
    """usearch: nearest by the L2 distance of square roots, ranked again exactly; None if not installed or too many."""
    try:
        from usearch.index import Index  # type: ignore[import-untyped,import-not-found,unused-ignore]
    except ImportError:
        return None
    if len(rows) > GRAPH_ROWS:
        return None
    start = time.perf_counter()
    index = Index(ndim=rows.shape[1], metric="l2sq", dtype="f16")
    for first in range(0, len(rows), SCAN_ROWS):
        chunk = rows[first : first + SCAN_ROWS]
        index.add(np.arange(first, first + len(chunk)), np.sqrt(chunk))
    notes = f"graph built in {time.perf_counter() - start:.0f} s"

    def search(query: Rows, limit: int) -> Found:
        keys = np.sort(index.search(np.sqrt(query), CANDIDATES).keys.astype(np.intp))
        return _rank(rows, keys, query, limit)

    return Peer("usearch, ranked again", search, notes=notes)


def _rank(rows: Rows, candidates: NDArray[np.intp], query: Rows, limit: int) -> Found:
    distances = chi_squared(rows[candidates], query)
    order = np.argsort(distances, kind="stable")[:limit]
    return candidates[order], distances[order]
