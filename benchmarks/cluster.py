"""Measures what a Dask cluster costs: indexing the same photos with plain threads, embedded, and on real workers.

    python benchmarks/cluster.py --photos 20000 --rounds 3 --json cluster.json

Photos are made of real ones (see indexing.py) in a scratch folder. index.py runs as a whole process: with plain
threads, with `--cluster local`, and on a scheduler and workers that were started before by Dask's own commands, on this
machine, with as many threads in total. Each writes an index file and an index of shards. The ways take turns, in an
order that rotates, and what counts is the median of the ratios of neighbours. All must write the same bytes.
"""

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from benchmarks.indexing import index, make_photos  # noqa: E402
from benchmarks.rows import default_folder, read_photos  # noqa: E402
from src.indexfile import folder_of, read_manifest  # noqa: E402
from tests.clusters import TestCluster  # noqa: E402

PLAIN = "plain threads"
TARGETS = {"file": "one.csv", "shards": "shards/"}
DIFFERENT_PHOTOS = 1000  # as many are made; of more, each is one of these with a comment of its own
FILES_IN_A_FOLDER = 1000


def fill_folder(folder: Path, count: int, dataset: Path, seed: int) -> None:
    """Write JPEGs of 400 x 500 pixels, none with the bytes of another."""
    made = folder.with_name("made")
    make_photos(made, min(count, DIFFERENT_PHOTOS), 400, 500, read_photos(dataset), seed)
    photos = [path.read_bytes() for path in sorted(made.iterdir())]
    shutil.rmtree(made)
    for number in range(count):
        photo = photos[number % len(photos)]
        comment = f"{number:08}".encode()
        # Right behind the two bytes that begin a JPEG: marker, length of what follows with these two bytes, text.
        data = photo[:2] + b"\xff\xfe" + (2 + len(comment)).to_bytes(2, "big") + comment + photo[2:]
        place = folder / f"{number // FILES_IN_A_FOLDER:04}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{number:06}.jpg").write_bytes(data)


def text_of(path: str) -> bytes:
    """Return the rows of an index, as they stand in its files, and remove it."""
    if not path.endswith("/"):
        data = Path(path).read_bytes()
        for part in Path(path).parent.glob(f"{Path(path).name}*"):
            part.unlink()
        return data
    manifest = read_manifest(folder_of(path))
    assert manifest is not None
    data = b"".join(Path(path, shard.name).read_bytes() for shard in manifest.shards)
    shutil.rmtree(path)
    return data


def measure(folder: Path, target: str, ways: dict[str, list[str]], rounds: int) -> dict[str, Any]:
    """Index a folder in all ways in turns; return what the JSON holds of it."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    right = b""
    warm_up = rounds > 1  # one round fills the disk cache
    for number in range(rounds + warm_up):
        names = list(ways)
        for name in names[number % len(names) :] + names[: number % len(names)]:
            took = index(folder, target, *ways[name])
            text = text_of(target)
            right = right or text
            if text != right:
                raise SystemExit(f"{name}: the index is not that of the other ways")
            if number or not warm_up:
                seconds[name].append(took)
    ratios = {name: [a / b for a, b in zip(took, seconds[PLAIN], strict=True)] for name, took in seconds.items()}
    return {
        name: {"seconds": statistics.median(took), "ratio": statistics.median(ratios[name]), "ratios": ratios[name]}
        for name, took in seconds.items()
    }


def main(arguments: list[str] | None = None) -> int:
    """Measure, print a table, write JSON."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n", 1)[0])
    parser.add_argument("--photos", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3, help="how often to measure (default: 3)")
    parser.add_argument("--workers", type=int, default=2, help="processes (default: 2)")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), help="threads in total (all cores)")
    parser.add_argument("--into", nargs="+", choices=list(TARGETS), default=list(TARGETS), help="kinds of index")
    parser.add_argument("--shard-size", type=int, default=5000)
    parser.add_argument("--dataset", type=Path, default=default_folder(PROJECT), help="folder of real photos")
    parser.add_argument("--scratch", type=Path, help="where to write the photos (default: the system's)")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args(arguments)
    scratch = Path(tempfile.mkdtemp(dir=options.scratch))
    results: dict[str, Any] = {name: getattr(options, name) for name in ("photos", "jobs", "workers", "shard_size")}
    try:
        fill_folder(scratch / "photos", options.photos, options.dataset, seed=1)
        (scratch / "cluster").mkdir()
        with TestCluster(scratch / "cluster", workers=0) as cluster:
            for _ in range(options.workers):
                cluster.add_worker(threads=max(options.jobs // options.workers, 1))
            jobs = ["--jobs", str(options.jobs)]
            ways = {
                PLAIN: jobs,
                "--cluster local": [*jobs, "--cluster", "local"],
                f"{options.workers} workers": ["--cluster", cluster.address],
            }
            for kind in options.into:
                path = f"{scratch}/{TARGETS[kind]}"
                more = ["--shard-size", str(options.shard_size)] if path.endswith("/") else []
                all_ways = {name: [*more, *way] for name, way in ways.items()}
                results[kind] = measure(scratch / "photos", path, all_ways, options.rounds)
                print(f"{options.photos} photos into an index ({kind}), {options.jobs} threads in total:")
                for name, one in results[kind].items():
                    print(f"  {name:18}{one['seconds']:8.2f} s  {one['ratio']:.2f} times as long")
    finally:
        shutil.rmtree(scratch)
    if options.json:
        options.json.write_text(json.dumps(results, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
