"""Measures indexing: index.py as a whole process against decoding the same photos and nothing else.

    python benchmarks/indexing.py --photos 3000 --large 24 --unchanged 100000 --json indexing.json

Photos of 400 x 500 pixels and of 12 megapixels are made of real ones (seeded crops, flips and shifts of colour; see
rows.py) in a scratch folder, and are in the disk cache when they are measured. Decoding is a process of its own too,
with as many threads. The two take turns, and what counts is the median of the ratios of neighbours.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from benchmarks.rows import default_folder, read_photos, variant  # noqa: E402

DECODE = """
import sys, pathlib, cv2, numpy
from concurrent.futures import ThreadPoolExecutor
cv2.setNumThreads(1)
def decode(path):
    return cv2.imdecode(numpy.frombuffer(path.read_bytes(), numpy.uint8), cv2.IMREAD_COLOR).size
with ThreadPoolExecutor(int(sys.argv[2])) as threads:
    print(sum(threads.map(decode, sorted(pathlib.Path(sys.argv[1]).iterdir()))))
"""


# A process that runs another and tells its peak memory; asked for directly, it would be that of this large program.
PEAK = """
import resource, subprocess, sys
subprocess.run([sys.executable, *sys.argv[1:]], check=True)
print("peak", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def make_photos(folder: Path, count: int, width: int, height: int, originals: list[Any], seed: int) -> None:
    """Write JPEGs of one size, each another variant of a real photo."""
    folder.mkdir()
    random = np.random.default_rng(seed)
    for number in range(count):
        photo = variant(originals[number % len(originals)], random)
        resized = cv2.resize(photo, (width, height), interpolation=cv2.INTER_CUBIC)
        # Enlarged photos are smoother than real ones; noise makes their JPEGs as large, and as slow to decode.
        noise = random.normal(0, 6, (height // 4, width // 4, 1)).astype(np.float32)
        grain = cv2.resize(noise, (width, height), interpolation=cv2.INTER_LINEAR)[..., None]
        grainy = np.clip(resized + grain, 0, 255).astype(np.uint8)
        cv2.imwrite(str(folder / f"{number:06}.jpg"), grainy, [cv2.IMWRITE_JPEG_QUALITY, 88])


def run(*arguments: str | Path) -> tuple[float, str]:
    """Run Python on some arguments; return seconds and what it said."""
    begin = time.perf_counter()
    ended = subprocess.run([sys.executable, *arguments], cwd=PROJECT, capture_output=True, text=True, check=True)
    return time.perf_counter() - begin, ended.stdout + ended.stderr


def index(folder: Path, path: str | Path, *options: str | Path) -> float:
    """Run index.py; return seconds."""
    seconds, said = run("index.py", "-d", folder, "-i", path, *options)
    if not re.search(r"^indexed [\d,]+ \(", said, re.MULTILINE):
        raise SystemExit(said)
    return seconds


def against_decoding(folder: Path, scratch: Path, jobs: int, rounds: int) -> dict[str, Any]:
    """Index and decode a folder in turns."""
    decode_seconds, index_seconds = [], []
    for number in range(rounds + 1):
        path = scratch / f"against{number}.csv"
        decoded, indexed = run("-c", DECODE, folder, str(jobs))[0], index(folder, path, "--jobs", str(jobs))
        for file in scratch.glob(f"{path.name}*"):
            file.unlink()
        if number:  # the first round warms the disk cache
            decode_seconds.append(decoded)
            index_seconds.append(indexed)
    ratios = [ours / theirs for ours, theirs in zip(index_seconds, decode_seconds, strict=True)]
    return {
        "photos": len(list(folder.iterdir())),
        "decode_seconds": statistics.median(decode_seconds),
        "index_seconds": statistics.median(index_seconds),
        "ratio": statistics.median(ratios),
        "ratios": ratios,
    }


def unchanged(scratch: Path, count: int, jobs: int) -> dict[str, Any]:
    """Index many tiny photos, index again, and add one."""
    folder, path = scratch / "tiny", scratch / "tiny.csv"
    folder.mkdir()
    random = np.random.default_rng(2)
    for number in range(count):
        if number % 1000 == 0:
            (folder / f"{number:06}").mkdir()
        picture = random.integers(0, 256, (6, 6, 3), dtype=np.uint8)
        encoded = cv2.imencode(".png", picture)[1].tobytes()
        (folder / f"{number // 1000 * 1000:06}" / f"{number:06}.png").write_bytes(encoded)
    time.sleep(2.1)  # of files younger than two seconds, the next run looks at the content
    first = index(folder, path, "--jobs", str(jobs))
    again = [index(folder, path, "--jobs", str(jobs)) for _ in range(3)]
    new = folder / "000000" / "000000 new.png"
    cv2.imwrite(str(new), np.full((6, 6, 3), 200, np.uint8))
    add, _ = run("index.py", "-i", path, "--add", new)
    return {"files": count, "first_seconds": first, "again_seconds": statistics.median(again), "add_seconds": add}


def main(argv: list[str]) -> int:
    """Measure, print a table, write JSON."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n", 1)[0])
    parser.add_argument("--photos", type=int, default=3000, help="photos of 400 x 500 pixels (default: 3000)")
    parser.add_argument("--large", type=int, default=24, help="photos of 12 megapixels (default: 24)")
    parser.add_argument("--unchanged", type=int, default=0, help="files to index twice (default: none)")
    parser.add_argument("--rounds", type=int, default=5, help="how often to measure (default: 5)")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), help="threads (default: all cores)")
    parser.add_argument("--dataset", type=Path, default=default_folder(PROJECT), help="folder of real photos")
    parser.add_argument("--scratch", type=Path, help="where to write the photos (default: the system's)")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    arguments = parser.parse_args(argv)
    scratch = Path(tempfile.mkdtemp(dir=arguments.scratch))
    results: dict[str, Any] = {"jobs": arguments.jobs}
    try:
        originals = read_photos(arguments.dataset)
        for name, count, width, height in (
            ("small", arguments.photos, 400, 500),
            ("large", arguments.large, 4000, 3000),
        ):
            make_photos(scratch / name, count, width, height, originals, seed=1)
            found = results[name] = against_decoding(scratch / name, scratch, arguments.jobs, arguments.rounds)
            print(
                f"{found['photos']} photos of {width} x {height}: decoding {found['decode_seconds']:.2f} s, "
                f"indexing {found['index_seconds']:.2f} s, {found['ratio']:.2f} times as long"
            )
        _, said = run("-c", PEAK, "index.py", "-d", scratch / "small", "-i", scratch / "peak.csv")
        results["peak_megabytes"] = int(said.split("peak ")[1].split()[0]) / 1024
        print(f"peak memory of the largest process: {results['peak_megabytes']:.0f} MB")
        if arguments.unchanged:
            results["unchanged"] = found = unchanged(scratch, arguments.unchanged, arguments.jobs)
            print(
                f"{found['files']} files: again {found['again_seconds']:.2f} s, adding one {found['add_seconds']:.2f} s"
            )
    finally:
        shutil.rmtree(scratch)
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
