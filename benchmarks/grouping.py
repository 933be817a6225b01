"""Measures how long it takes to find groups of duplicates, from fingerprints, and how much memory.

    python benchmarks/grouping.py --rows 5000 50000 200000 --alike 20000 --json grouping.json

Fingerprints are those of made-up pictures (prints.py), of which one in ten is a copy; how many of the pairs of copies
are found is said too. The last ones are of pictures that are all alike. Each measurement is a process of its own.
Fingerprints are kept in the scratch folder for the next time.
"""

import argparse
import hashlib
import json
import re
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from benchmarks.prints import VERSION, icon, make_prints, mixed, one_photo, origin, page, scan  # noqa: E402
from benchmarks.rows import default_folder, read_photos  # noqa: E402
from benchmarks.truth import count, number  # noqa: E402
from src.duplicatefinder import Wanted, find_groups  # noqa: E402
from src.fingerprint import Fingerprint  # noqa: E402
from src.fingerprints import Fingerprints  # noqa: E402


def fingerprints_of(prints: NDArray[Any], folder: Path) -> Fingerprints:
    """Return fingerprints of empty files, which are made: only files that exist can be copies. No two digests agree."""
    rows = np.arange(len(prints))
    names = [f"{row:07}.jpg" for row in rows]
    for name in names:
        (folder / name).touch()
    digests = np.zeros((len(prints), 16), np.uint8)
    digests[:, :8] = rows.astype("<u8")[:, None].view(np.uint8)
    states = np.stack([np.full(len(prints), 100_000), rows, rows], axis=1).astype(np.int64)
    return Fingerprints(names, lambda name: f"{folder}/{name}", states, digests, prints, None)


def measure(path: Path, any_orientation: bool, seed: int | None) -> dict[str, Any]:
    """Group the fingerprints of a file, in this process; with a seed, count which copies that were made are found."""
    prints = np.load(path)
    with tempfile.TemporaryDirectory() as folder:
        fingerprints = fingerprints_of(prints, Path(folder))
        before = _peak_mb()
        start, start_of_cpu = time.perf_counter(), time.process_time()
        groups = find_groups(fingerprints, Wanted(any_orientation=any_orientation))
        seconds, cpu = time.perf_counter() - start, time.process_time() - start_of_cpu
    result: dict[str, Any] = {
        "rows": len(prints),
        "any_orientation": any_orientation,
        "seconds": seconds,
        "cpu_seconds": cpu,
        "groups": len(groups),
        "largest": max((1 + len(group.copies) for group in groups), default=0),
        "memory_mb": _peak_mb() - before,
        "fingerprints_mb": prints.nbytes / 1e6,
    }
    if seed is not None:
        said = np.arange(len(prints))
        for group in groups:
            members = [int(picture.id[:7]) for picture in (group.keep, *(copy.picture for copy in group.copies))]
            said[members] = members[0]
        counts = count(said, number(_source(row, seed) for row in range(len(prints))))
        result |= {"precision": counts.precision, "recall": counts.recall}
    return result


def _peak_mb() -> float:
    """Return the peak memory of this process; what `resource` tells begins with that of the process that started it."""
    status = Path("/proc/self/status")
    peak = re.search(r"VmHWM:\s+(\d+)", status.read_text()) if status.exists() else None
    return int(peak[1]) / 1024 if peak else 0.0


def _source(row: int, seed: int) -> int:
    while (earlier := origin(row, seed)) != row:
        row = earlier
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="*", default=[5000, 50_000], help="how many made-up pictures")
    parser.add_argument(
        "--alike", type=int, default=20_000, help="how many that are all alike, of each sort; 0 for none"
    )
    parser.add_argument("--dataset", type=Path, default=default_folder(PROJECT), help="folder of photos")
    parser.add_argument("--any-orientation", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()), help="folder for fingerprints")
    parser.add_argument("--json", type=Path, help="write results to this file")
    options = parser.parse_args()
    photos = read_photos(options.dataset)
    content = hashlib.blake2b(digest_size=8)
    for photo in photos:
        content.update(photo.tobytes())
    wanted = [("made up", rows, mixed(photos, options.seed)) for rows in options.rows]
    if options.alike:
        sorts = {"blank scans": scan, "icons": icon, "pages of text": page, "one photo": one_photo(photos)}
        wanted += [(sort, options.alike, draw) for sort, draw in sorts.items()]

    results = []
    print("| pictures | | seconds | CPU seconds | ms a picture | memory MB | groups | largest | found |")
    print("|---|---|---|---|---|---|---|---|---|")
    for sort, rows, draw in wanted:
        name = f"{VERSION}-{Fingerprint.name}-{content.hexdigest()}-{sort.replace(' ', '-')}-{rows}-{options.seed}"
        path = options.scratch / f"prints-{name}.npy"
        if not path.exists():
            with path.open("wb") as file:
                np.save(file, make_prints(draw, rows, options.seed))
        seed = options.seed if sort == "made up" else None
        # Memory is that of one measurement only if each has a process of its own.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
            result = {"sort": sort, **process.submit(measure, path, options.any_orientation, seed).result()}
        results.append(result)
        found = f"{result['recall']:.3f} of pairs" if seed is not None else ""
        times = f"{result['seconds']:.2f} | {result['cpu_seconds']:.2f} | {1000 * result['seconds'] / rows:.3f}"
        sizes = f"{result['memory_mb']:.0f} | {result['groups']} | {result['largest']}"
        print(f"| {rows:,} | {sort} | {times} | {sizes} | {found} |", flush=True)
    if options.json:
        options.json.write_text(json.dumps({"results": results}, indent=1))


if __name__ == "__main__":
    main()
