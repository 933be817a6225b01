"""Counts what lower bounds leave of an index: how many candidates another engine must name to prove the nearest three.

    python benchmarks/candidates.py index.csv --dataset photos --queries 200 --json candidates.json

The index is one by colours, such as benchmarks/rowindex.py writes; queries are made of its photos (see rows.py), every
second one of a photo that is not indexed. Given is the distance of the third nearest, as a search in two steps knows
it. Counted are the rows whose lower bound does not exceed it, by each bound:

* by 8, 24 and 192 merged bins (see src/comparing/lowerbounds.py),
* by half the squared Euclidean distance of square roots, H2/2, which any vector database can rank by.

Candidates in the order of H2 prove the nearest three as soon as the next row's H2/2 exceeds the third distance: then no
further row can be as near. docs/scale.md has the proof. Nothing is timed, so the machine may do other things.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from benchmarks.merging import merge_greedily, similar_pairs  # noqa: E402
from benchmarks.rows import default_folder, make_queries, read_photos  # noqa: E402
from src.colordescriptor import ColorDescriptor  # noqa: E402
from src.comparing.lowerbounds import coarse_bounds, fine_bounds, make_columns, make_query  # noqa: E402
from src.comparing.mergedbins import merging  # noqa: E402
from src.indexfile import Cache, matching_cache  # noqa: E402
from src.searching.neighbours import Neighbours, nearest_of_parts  # noqa: E402

LIMIT = 3
BLOCK_ROWS = 8192
COARSEST = 8
PAIRED_ROWS = 3000  # by which the coarsest bins are chosen
LISTS = (10, 30, 100, 300, 1000, 3000, 10_000)
SAFE = 1e-4  # what rounding and the 1e-10 in the distance may take off H2/2 is less

Floats = NDArray[np.float32]


class Query(NamedTuple):
    """A query, and what is known of its answer."""

    vector: Floats
    reach: float
    """The distance of the third nearest."""
    furthest: float
    """The largest H2 of the nearest three."""


def squared_hellinger(a: Floats, b: Floats) -> NDArray[np.float64]:
    """Return H2, the sums of (sqrt a - sqrt b)^2, of vectors of shape (m, d) and (n, d); its shape is (m, n)."""
    products = np.sqrt(a) @ np.sqrt(b).T
    sums = a.sum(axis=1, dtype=np.float64)[:, None] + b.sum(axis=1, dtype=np.float64)
    squares: NDArray[np.float64] = sums - 2 * products
    return squares


def solve(cache: Cache, vectors: Floats) -> list[Query]:
    """Search for each vector."""
    found = nearest_of_parts([Neighbours(rows) for rows in cache.parts], list(vectors), LIMIT, np.inf)
    queries = []
    for vector, (rows, distances) in zip(vectors, found, strict=True):
        nearest = np.concatenate([cache.rows(row, row + 1) for row in rows.tolist()])
        queries.append(Query(vector, float(distances[-1]), float(squared_hellinger(vector[None], nearest).max())))
    return queries


def coarsest_bins(cache: Cache) -> NDArray[np.float32]:
    """Return which of the coarse bins are merged to even fewer, shape (coarse bins, `COARSEST`), of 0 and 1."""
    some = cache.rows(0, min(PAIRED_ROWS, len(cache)))
    a, b = (merging(some.shape[1], ColorDescriptor().name).merge(one)[1] for one in similar_pairs(some, "chi-squared"))
    groups = merge_greedily(a.astype(np.float32), b.astype(np.float32), (COARSEST,))[COARSEST]
    member = np.zeros((a.shape[1], COARSEST), np.float32)
    for number, group in enumerate(groups):
        member[group, number] = 1
    return member


def count(cache: Cache, queries: list[Query]) -> dict[str, NDArray[np.int64]]:
    """Return of each query how many rows each bound leaves, and how long a list by H2 is that has the nearest three."""
    table, member = merging(cache.info.dimension, cache.info.descriptor), coarsest_bins(cache)
    vectors, reaches = np.stack([one.vector for one in queries]), np.array([one.reach for one in queries])
    furthest = np.array([one.furthest for one in queries])
    merged = [make_query(vector, table) for vector in vectors]
    own = table.merge(vectors)[1].astype(np.float32) @ member
    left = {name: np.zeros(len(queries), np.int64) for name in ("8 bins", "24 bins", "192 bins", "H2/2", "held")}
    for start in range(0, len(cache), BLOCK_ROWS):
        rows = cache.rows(start, min(start + BLOCK_ROWS, len(cache)))
        columns, bins = make_columns(rows, table), table.merge(rows)[1].astype(np.float32) @ member
        hellinger = squared_hellinger(vectors, rows)
        left["H2/2"] += (hellinger / 2 - SAFE <= reaches[:, None]).sum(axis=1)
        left["held"] += (hellinger <= furthest[:, None] + SAFE).sum(axis=1)
        out, scratch = np.empty(len(rows), np.float32), np.empty(columns.coarse.shape, np.float32)
        for number, query in enumerate(merged):
            assert query is not None
            coarse_bounds(query, columns.coarse, columns.half_sums, out, scratch)
            left["24 bins"][number] += (out <= reaches[number]).sum()
            close = fine_bounds(query, columns.fine, columns.half_sums)
            left["192 bins"][number] += (close <= reaches[number]).sum()
            coarsest = 0.5 * ((bins - own[number]) ** 2 / (bins + own[number] + 1e-10)).sum(axis=1)
            left["8 bins"][number] += (coarsest - SAFE <= reaches[number]).sum()
    return left


def summarize(left: dict[str, NDArray[np.int64]], size: int) -> dict[str, Any]:
    """Return what the JSON holds: for queries of indexed photos, and of others."""
    result: dict[str, Any] = {"rows": size}
    for name, some in (("indexed", slice(0, None, 2)), ("not indexed", slice(1, None, 2))):
        counts = {bound: numbers[some] for bound, numbers in left.items()}
        bounds = {bound: np.quantile(numbers, (0.5, 0.95)).tolist() for bound, numbers in counts.items()}
        # The list must have all rows within reach, and one more that shows that none was cut off.
        proves = [float((counts["H2/2"] < length).mean()) for length in LISTS]
        holds = [float((counts["held"] <= length).mean()) for length in LISTS]
        result[name] = {"queries": len(counts["held"]), "left": bounds, "holds": holds, "proves": proves}
    return result


def show(result: dict[str, Any]) -> None:
    """Print the table of one index."""
    print(f"\n{result['rows']:,} rows")
    for name in ("indexed", "not indexed"):
        one = result[name]
        left = ", ".join(f"{bound}: {middle:,.0f} ({most:,.0f})" for bound, (middle, most) in one["left"].items())
        print(f"{one['queries']} queries of photos {name}; rows left, median (p95): {left}")
        for length, holds, proves in zip(LISTS, one["holds"], one["proves"], strict=True):
            print(f"  a list of {length:6,} holds the nearest {LIMIT} of {holds:.0%} and proves those of {proves:.0%}")


def main(arguments: list[str] | None = None) -> int:
    """Count, print tables, write JSON."""
    parser = argparse.ArgumentParser(description="Count what lower bounds leave of an index.")
    parser.add_argument("index", nargs="+", help="an index by colours")
    parser.add_argument("--dataset", type=Path, default=default_folder(PROJECT), help="the photos it is made of")
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write the results here")
    options = parser.parse_args(arguments)
    vectors = make_queries(read_photos(options.dataset), options.queries, options.seed)
    results = []
    for path in options.index:
        cache = matching_cache(path)
        if cache is None:
            raise SystemExit(f"{path} has no cache that belongs to it")
        results.append(summarize(count(cache, solve(cache, vectors)), len(cache)))
        show(results[-1])
    if options.json:
        options.json.write_text(json.dumps({"lists": LISTS, "results": results}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
