"""Measures searching on a Dask cluster: shards that workers keep, against one file of the same rows in one process.

    python benchmarks/clustersearch.py --shards 1 2 4 --rows 250000 --queries 200 --scratch scratch --json search.json

Rows are descriptors of real photos (see rows.py); their indexes are kept in the scratch folder (see rowindex.py).
Scheduler and workers are processes on this machine, started by Dask's own commands. First one client asks, ten queries
at a time of each way in turn; all ways must give the same answers, ties included. Then as many clients as wanted, each
a thread of this process, ask one way at a time for some seconds.
"""

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from benchmarks.rowindex import RowIndexes, make_indexes  # noqa: E402
from benchmarks.rows import default_folder, make_queries, read_photos  # noqa: E402
from src.daskcluster import Cluster, connect  # noqa: E402
from src.searcher import Result, Searcher  # noqa: E402
from tests.clusters import TestCluster  # noqa: E402

QUERIES_IN_A_ROW = 10

Floats = NDArray[np.float32]


def quantiles(seconds: Sequence[float]) -> dict[str, float]:
    """Return median and 99th percentile in milliseconds."""
    middle, most = 1000 * np.quantile(seconds, (0.5, 0.99))
    return {"p50_ms": float(middle), "p99_ms": float(most)}


def ask_in_turns(ways: dict[str, Searcher], queries: Floats, limit: int) -> dict[str, list[float]]:
    """Ask every way every query; return the seconds of each. SystemExit if the answers differ."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for searcher in ways.values():
        for query in queries[-QUERIES_IN_A_ROW:]:
            searcher.search(query, limit)
    for turn, first in enumerate(range(0, len(queries), QUERIES_IN_A_ROW)):
        names = list(ways)
        answers: list[list[list[Result]]] = []
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            answers.append([])
            for query in queries[first : first + QUERIES_IN_A_ROW]:
                start = time.perf_counter()
                answers[-1].append(ways[name].search(query, limit))
                times[name].append(time.perf_counter() - start)
        if any(one != answers[0] for one in answers):
            raise SystemExit("the ways gave different answers")
    return times


def ask_together(searcher: Searcher, queries: Floats, limit: int, clients: int, seconds: float) -> dict[str, float]:
    """Ask with so many clients for so long."""
    times: list[float] = []
    errors: list[BaseException] = []
    end = time.perf_counter() + seconds

    def ask(number: int) -> None:
        turn = number * len(queries) // clients
        try:
            while (start := time.perf_counter()) < end:
                searcher.search(queries[turn % len(queries)], limit)
                times.append(time.perf_counter() - start)
                turn += 1
        except BaseException as error:  # noqa: BLE001
            errors.append(error)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(clients)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return {"clients": clients, "a_second": len(times) / (time.perf_counter() - start), **quantiles(times)}


def memory_of(numbers: Sequence[int]) -> dict[str, float]:
    """Return what some processes hold together, in megabytes: of their own, and of mapped files (Linux only)."""
    found = {"RssAnon": 0.0, "RssFile": 0.0}
    for number in numbers:
        status = Path(f"/proc/{number}/status")
        for line in status.read_text().splitlines() if status.exists() else ():
            name, _, value = line.partition(":")
            if name in found:
                found[name] += int(value.split()[0]) / 1024
    return {"own_mb": found["RssAnon"], "mapped_mb": found["RssFile"]}


def measure(
    made: RowIndexes, cluster: Cluster, workers: Sequence[int], queries: Floats, options: argparse.Namespace
) -> dict[str, Any]:
    """Measure one index in all ways; return what the JSON holds of it."""
    opened = time.perf_counter()
    on_cluster = Searcher(made.folder, cluster=cluster)
    opened = time.perf_counter() - opened
    ways = {
        "one file": Searcher(str(made.file)),
        "shards, one process": Searcher(made.folder),
        "shards, cluster": on_cluster,
    }
    times = ask_in_turns(ways, queries, options.limit)
    result: dict[str, Any] = {"shards": made.shards, "rows": len(on_cluster), "open_on_cluster_ms": 1000 * opened}
    for name, searcher in ways.items():
        together = ask_together(searcher, queries, options.limit, options.clients, options.seconds)
        result[name] = {"alone": quantiles(times[name]), "together": together}
    result["workers"] = memory_of(workers)
    return result


def show(result: dict[str, Any], names: Sequence[str]) -> None:
    """Print the table of one index."""
    print(f"\n{result['rows']:,} rows in {result['shards']} shards")
    print(f"{'':22}{'p50 ms':>9}{'p99 ms':>9}{'a second':>13}{'p50 ms':>9}{'p99 ms':>9}")
    for name in names:
        alone, together = result[name]["alone"], result[name]["together"]
        numbers = f"{alone['p50_ms']:9.1f}{alone['p99_ms']:9.1f}{together['a_second']:13.1f}"
        print(f"{name:22}{numbers}{together['p50_ms']:9.1f}{together['p99_ms']:9.1f}")
    own, mapped = result["workers"].values()
    print(f"opened on the cluster in {result['open_on_cluster_ms']:.0f} ms; ", end="")
    print(f"the workers hold {own:.0f} MB of their own, and map {mapped:.0f} MB")


def main(arguments: list[str] | None = None) -> int:
    """Measure, print tables, write JSON."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n", 1)[0])
    parser.add_argument("--shards", type=int, nargs="+", default=[1, 2, 4], help="how many, one run each")
    parser.add_argument("--rows", type=int, default=250_000, help="in each shard")
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--limit", type=int, default=3, help="how many nearest rows are asked for")
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=20.0, help="that all clients ask together")
    parser.add_argument("--workers", type=int, default=2, help="processes")
    parser.add_argument("--threads", type=int, help="of all workers together (default: one for each core)")
    parser.add_argument("--dataset", type=Path, default=default_folder(PROJECT), help="a folder of photos")
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()), help="indexes are kept here")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write the results here")
    options = parser.parse_args(arguments)
    photos = read_photos(options.dataset)
    queries = make_queries(photos, options.queries, options.seed)
    indexes = make_indexes(photos, options.shards, options.rows, options.seed, options.scratch)
    threads = options.threads or len(os.sched_getaffinity(0))
    results = []
    with tempfile.TemporaryDirectory() as folder, TestCluster(Path(folder), workers=0) as processes:
        started = [processes.add_worker(max(threads // options.workers, 1)).pid for _ in range(options.workers)]
        with connect(processes.address) as cluster:
            cluster.client.wait_for_workers(options.workers)
            for made in indexes:
                results.append(measure(made, cluster, started, queries, options))
                show(results[-1], ("one file", "shards, one process", "shards, cluster"))
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
