"""Measures the service: how many searches by photos it answers, how long each takes, and what of that is plumbing.

    python benchmarks/serving.py --rows 100000 --clients 16 --seconds 60 --json serving.json

The index is of rows as benchmarks/search.py has them (see rows.py); it is kept in the scratch folder for the next time.
serve.py runs as a process of its own, and so do the clients, on the same machine: they take a part of its cores. A
client posts one photo after the other over one connection.

First describing and searching are timed alone, in this process, and then the requests of a single client. What these
take beyond is plumbing: HTTP, JSON, and the way to the process that describes. Then all clients ask together. They
wait for each other, so it is computing that tells there what is plumbing; the clients' own does not count.
"""

import argparse
import hashlib
import json
import multiprocessing
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from benchmarks.postingclient import Client, Stroke  # noqa: E402
from benchmarks.rowindex import new_rows, write  # noqa: E402
from benchmarks.rows import SUFFIXES, default_folder, make_rows, read_photos  # noqa: E402
from src.colordescriptor import ColorDescriptor  # noqa: E402
from src.description import Recipe  # noqa: E402
from src.searcher import Searcher  # noqa: E402

LARGEST_PHOTO = 200_000  # bytes; what a page sends is of this kind
PHOTOS = 200
ALONE = 300  # how many requests, descriptions and searches are timed alone
PARTS = ("describe", "search")


def make_index(rows: NDArray[np.float32], scratch: Path) -> Path:
    """Return the index of rows, which is written into the scratch folder unless it is there."""
    path = scratch / f"serving-{len(rows)}-{hashlib.blake2b(rows[:100].tobytes(), digest_size=8).hexdigest()}.csv"
    write(path, new_rows([rows]))
    return path


def choose_photos(folder: Path) -> list[bytes]:
    """Return photos as they are in their files, evenly from all that are not too large."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    small = [path for path in paths if path.stat().st_size <= LARGEST_PHOTO]
    return [path.read_bytes() for path in small[:: max(len(small) // PHOTOS, 1)]]


def time_alone(index: Path, photos: list[bytes]) -> dict[str, dict[str, float]]:
    """Return what describing a photo and searching by it take one after the other: milliseconds, and of computing."""
    cv2.setNumThreads(1)  # as in the process that describes
    searcher, recipe = Searcher(str(index)), Recipe(ColorDescriptor())
    vectors = [recipe.describe(photo).features for photo in photos]
    searcher.explain_many(vectors[:10])
    works: dict[str, Callable[[int], object]] = {
        "describe": lambda number: recipe.describe(photos[number]),
        "search": lambda number: searcher.explain(vectors[number], 3),
    }
    return {name: _timed(work, len(photos)) for name, work in works.items()}


def _timed(work: Callable[[int], object], count: int) -> dict[str, float]:
    start, start_of_cpu = time.perf_counter(), time.process_time()
    for turn in range(ALONE):
        work(turn % count)
    seconds, computed = time.perf_counter() - start, time.process_time() - start_of_cpu
    return {"ms": 1000 * seconds / ALONE, "cpu_ms": 1000 * computed / ALONE}


@contextmanager
def serving(index: Path) -> Iterator[tuple[int, int]]:
    """Run serve.py while the context lasts; give the port, and the number of its process."""
    command = [sys.executable, str(PROJECT / "serve.py"), "--index", str(index), "--port", str(_free_port())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            greeting = process.stdout.readline()  # type: ignore[union-attr]
            if not (found := re.search(r":(\d+) ", greeting)):
                raise SystemExit("serve.py does not start")
            yield int(found[1]), process.pid
        finally:
            process.terminate()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def ask(port: int, photos: list[bytes], clients: int, seconds: float, results: Any) -> None:
    """Ask with so many clients for so long, in a process of its own."""
    strokes: list[Stroke] = []
    end = time.perf_counter() + seconds

    def run(number: int) -> None:
        turn = number * len(photos) // clients
        with closing(Client(port)) as client:
            while time.perf_counter() < end:
                strokes.append(client.post(photos[turn % len(photos)]))
                turn += 1

    threads = [threading.Thread(target=run, args=(number,)) for number in range(clients)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.put((strokes, time.perf_counter() - start))


def measure(port: int, photos: list[bytes], clients: int, seconds: float) -> dict[str, float]:
    """Ask, and return what the JSON holds of it."""
    results: Any = multiprocessing.Queue()
    process = multiprocessing.Process(target=ask, args=(port, photos, clients, seconds, results))
    process.start()
    strokes, took = results.get()
    process.join()
    times = 1000 * np.array([stroke.seconds for stroke in strokes])
    good = [stroke for stroke in strokes if stroke.status == 200]
    parts = {f"{name}_ms": float(np.mean([stroke.parts.get(name, 0.0) for stroke in good])) for name in PARTS}
    return {
        "clients": clients, "requests": len(strokes), "errors": len(strokes) - len(good),
        "requests_a_second": len(good) / took, "mean_ms": float(times.mean()), "p50_ms": float(np.median(times)),
        "p99_ms": float(np.quantile(times, 0.99)), **parts,
    }  # fmt: skip


def cpu_seconds(parent: int) -> float:
    """Return the computing time of a process and all below it so far, where the system tells it."""
    listed = Path("/proc")
    if not listed.is_dir():
        return 0.0
    parents, ticks = {}, {}
    for stat in listed.glob("[0-9]*/stat"):
        number = int(stat.parent.name)
        with suppress(OSError):  # it has just ended
            fields = stat.read_text().rpartition(")")[2].split()
            parents[number], ticks[number] = int(fields[1]), int(fields[11]) + int(fields[12])
    family = {parent}
    while more := {number for number, of in parents.items() if of in family} - family:
        family |= more
    return sum(ticks[number] for number in family) / 100


def show(result: dict[str, Any]) -> None:
    """Print what was measured."""
    alone = result["alone"]
    parts = ", ".join(f"{name} {alone[name]['ms']:.2f} ms" for name in PARTS)
    print(f"{result['rows']:,} rows; alone: {parts}")
    print(f"{'clients':>8}{'requests/s':>12}{'p50 ms':>9}{'p99 ms':>9}{'errors':>8}{'describe':>10}{'search ms':>10}")
    for one in result["served"]:
        numbers = f"{one['requests_a_second']:12.1f}{one['p50_ms']:9.2f}{one['p99_ms']:9.2f}{one['errors']:8}"
        print(f"{one['clients']:8}{numbers}{one['describe_ms']:10.2f}{one['search_ms']:10.2f}")
    print(f"describing and searching are {100 * result['share_of_time']:.0f} % of the time of a request of one client")
    if result["cpu_ms"]:
        share = f"{100 * result['share_of_computing']:.0f} %"
        print(f"under load, a request takes {result['cpu_ms']:.2f} ms of computing, and they are {share} of it")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Measure the service under load.")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--dataset", type=Path, help="photos to make rows of, and to post")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()), help="the index is kept here")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    folder = options.dataset or default_folder(PROJECT)
    index = make_index(make_rows(read_photos(folder), options.rows, options.seed, options.scratch), options.scratch)
    photos = choose_photos(folder)
    result: dict[str, Any] = {"rows": options.rows, "alone": time_alone(index, photos)}
    with serving(index) as (port, number):
        measure(port, photos, 2, 1.0)  # everything is loaded then
        single = measure(port, photos, 1, min(options.seconds, 5.0))
        before = cpu_seconds(number)
        loaded = measure(port, photos, options.clients, options.seconds)
        result["cpu_ms"] = 1000 * (cpu_seconds(number) - before) / max(loaded["requests"], 1)
        result["served"] = [single, loaded]
    result["share_of_time"] = sum(one["ms"] for one in result["alone"].values()) / single["mean_ms"]
    if result["cpu_ms"]:
        result["share_of_computing"] = sum(one["cpu_ms"] for one in result["alone"].values()) / result["cpu_ms"]
    show(result)
    if options.json:
        options.json.write_text(json.dumps(result, indent=2) + "\n")
    return 1 if any(one["errors"] for one in result["served"]) else 0


if __name__ == "__main__":
    raise SystemExit(main())
