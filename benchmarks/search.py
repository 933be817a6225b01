"""Measures searching: this project and other ways, on the same rows, in one process.

    python benchmarks/search.py --rows 10000 100000 1000000 --queries 200 --json search.json

Rows are descriptors of real photos (see rows.py). Ten queries at a time go to each way in turn, in an order that
rotates, so that none has a quieter machine. The nearest rows must be those of the scan, ties included; the program
fails if one is not. Times grow and shrink with the machine; ratios of one run are what to compare.
"""

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from benchmarks import peers  # noqa: E402
from benchmarks.rows import default_folder, make_queries, make_rows, read_photos  # noqa: E402
from src.distance import Rows  # noqa: E402
from src.searching.neighbours import Neighbours  # noqa: E402

QUERIES_IN_A_ROW = 10

Answers = dict[str, list[peers.Found]]

# Opens a file of rows, asks one query, and says what that took: milliseconds to open, to ask, and peak memory.
FRESH_PROCESS = """
import json, mmap, pathlib, resource, sys, time
import numpy
from src.distance import by_name
from src.searching.neighbours import Neighbours
path, contents, query = sys.argv[1:]
contents, query = json.load(open(contents)), numpy.load(query)
start = time.perf_counter()
with open(path, "rb") as file:
    memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
neighbours = Neighbours(by_name("chi-squared").open_rows(memory, contents))
opened = time.perf_counter()
neighbours.nearest(query, 3)
asked = time.perf_counter()
status = pathlib.Path("/proc/self/status")  # Linux; elsewhere the figure may be that of the program that started this
if status.exists():
    peak = next(int(line.split()[1]) for line in status.open() if line.startswith("VmHWM"))
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([1000 * (opened - start), 1000 * (asked - opened), peak / 1024]))
"""


def measure(ways: list[peers.Peer], queries: NDArray[np.float32], limit: int) -> tuple[dict[str, list[float]], Answers]:
    """Ask every way every query; return seconds (for all rows) and answers by name of the way."""
    times: dict[str, list[float]] = {way.name: [] for way in ways}
    answers: Answers = {way.name: [] for way in ways}
    for way in ways:
        way.search(queries[-1], limit)
    for turn, first in enumerate(range(0, len(queries), QUERIES_IN_A_ROW)):
        shift = turn % len(ways)
        for way in ways[shift:] + ways[:shift]:
            for query in queries[first : min(first + QUERIES_IN_A_ROW, way.queries or len(queries))]:
                start = time.perf_counter()
                found = way.search(query, limit)
                times[way.name].append((time.perf_counter() - start) / way.part)
                answers[way.name].append(found)
    return times, answers


def check(way: peers.Peer, found: list[peers.Found], right: list[peers.Found]) -> dict[str, Any]:
    """Compare answers with those of the scan."""
    if way.part < 1:
        return {}
    pairs = list(zip(found, right, strict=False))
    same = sum(a[0].tolist() == b[0].tolist() and np.allclose(a[1], b[1], rtol=0, atol=1e-5) for a, b in pairs)
    shared = sum(len(np.intersect1d(a[0], b[0])) for a, b in pairs) / sum(len(b[0]) for _, b in pairs)
    return {"same_answers": same, "of": len(pairs), "recall": shared}


def measure_batch(neighbours: Neighbours, queries: NDArray[np.float32], limit: int) -> float:
    """Return how long asking 100 queries at once takes, against one after the other (median of five)."""
    some, ratios = list(queries[:100]), []
    for _ in range(5):
        start = time.perf_counter()
        single = [neighbours.nearest(query, limit) for query in some]
        middle = time.perf_counter()
        batch = neighbours.nearest_of_many(some, limit)
        ratios.append((time.perf_counter() - middle) / (middle - start))
        if any(a[0].tolist() != b[0].tolist() for a, b in zip(single, batch, strict=True)):
            raise SystemExit("asking many at once gave other answers")
    return float(np.median(ratios))


def measure_fresh(path: Path, features: Rows, query: NDArray[np.float32], folder: Path) -> dict[str, float]:
    """Search in processes that have just started; return the medians of five."""
    contents, asked = folder / "contents.json", folder / "query.npy"
    contents.write_text(json.dumps(features.contents))
    np.save(asked, query)
    command = [sys.executable, "-c", FRESH_PROCESS, str(path), str(contents), str(asked)]
    runs = [json.loads(subprocess.run(command, cwd=PROJECT, check=True, stdout=-1).stdout) for _ in range(5)]
    opening, asking, peak = np.median(runs, axis=0).tolist()
    return {"open_ms": opening, "first_search_ms": asking, "peak_mb": peak}


def run(rows: NDArray[np.float32], queries: NDArray[np.float32], limit: int, scratch: Path) -> dict[str, Any]:
    """Measure all ways; return what the JSON holds of it."""
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        path = Path(folder) / "features"
        features, notes = peers.open_features(rows, path)
        neighbours = Neighbours(features)
        own, scan = peers.Peer("this project", neighbours.nearest, notes=notes), peers.scan(rows)
        made = [own, scan, peers.csv_loop(rows), peers.compare_histograms(rows), peers.kernel(rows), peers.graph(rows)]
        ways = [way for way in made if way is not None]
        times, answers = measure(ways, queries, limit)
        reference = float(np.median(times[scan.name]))
        table = []
        for way in ways:
            seconds = times[way.name]
            table.append({
                "way": way.name, "queries": len(seconds), "extrapolated": way.part < 1,
                "median_ms": 1000 * float(np.median(seconds)), "mean_ms": 1000 * float(np.mean(seconds)),
                "p95_ms": 1000 * float(np.quantile(seconds, 0.95)),
                "times_the_scan": reference / float(np.median(seconds)), "notes": way.notes,
                **check(way, answers[way.name], answers[scan.name]),
            })  # fmt: skip
        fresh = measure_fresh(path, features, queries[0], Path(folder))
        return {"rows": len(rows), "ways": table, "batch_of_100": measure_batch(neighbours, queries, limit), **fresh}


def show(result: dict[str, Any]) -> None:
    """Print the table of one number of rows."""
    print(f"\n{result['rows']:,} rows\n{'':22}{'median':>10} {'p95':>10} {'against':>9}  answers as the scan's")
    print(f"{'':22}{'ms':>10} {'ms':>10} {'the scan':>9}")
    for way in result["ways"]:
        mark = "*" if way["extrapolated"] else " "
        same = f"{way['same_answers']} of {way['of']}, recall {way['recall']:.3f}" if "of" in way else ""
        ratio = f"{way['times_the_scan']:.3g}x"
        times = f"{way['median_ms']:10.2f}{mark}{way['p95_ms']:10.2f}{mark}"
        print(f"{way['way']:22}{times}{ratio:>9}  {same} {way['notes']}")
    print("* extrapolated from a part of the rows")
    print(f"100 queries at once: {100 * result['batch_of_100']:.0f} % of the time of one after the other")
    print(
        f"in a fresh process: opened in {result['open_ms']:.1f} ms, first answer in {result['first_search_ms']:.1f} ms,"
        f" peak memory {result['peak_mb']:.0f} MB"
    )


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Measure searching against other ways.")
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000], help="how many rows, one run each")
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--limit", type=int, default=3, help="how many nearest rows are asked for")
    parser.add_argument("--dataset", type=Path, default=default_folder(PROJECT), help="a folder of photos")
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()), help="rows are kept here")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write the results here")
    options = parser.parse_args(arguments)
    photos = read_photos(options.dataset)
    queries = make_queries(photos, options.queries, options.seed)
    results = []
    for count in options.rows:
        rows = make_rows(photos, count, options.seed, options.scratch)
        results.append(run(rows, queries, options.limit, options.scratch))
        show(results[-1])
    machine = {"system": platform.platform(), "python": platform.python_version(), "numpy": np.__version__}
    if options.json:
        options.json.write_text(json.dumps({"machine": machine, "results": results}, indent=1) + "\n")
    wrong = [w for r in results for w in r["ways"] if w["way"] == "this project" and w["same_answers"] < w["of"]]
    if wrong:
        print("this project gave other answers than the scan", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
