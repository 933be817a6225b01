"""Measures what a run of the indexer holds in memory for each picture, as the process that a cluster's run starts.

    python benchmarks/runmemory.py --files 100000 300000 --json memory.json

The files are empty and described by nobody: vectors are made up, and recorded in the folder of shards in batches, as
workers do. So only the run itself is measured: the walk, what is known of each file, and the plans of shards. Each is a
process of its own, and what counts is by how much its peak grows from one number of files to the next.
"""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from src.description import Outcome, Setup  # noqa: E402
from src.imagefiles import FoundFile, find_files  # noqa: E402
from src.indexer import Options, index_folder  # noqa: E402

FILES_IN_A_FOLDER, FILES_IN_A_TASK = 1000, 100
KINDS = ("start", "walk", "first run", "unchanged", "one in ten changed")


class SmallDescriptor:
    """Stands for any descriptor: how long vectors are makes no difference to a run that leaves them to others."""

    name, dimension, distance = "small", 2, "chi-squared"
    fewest_pixels, shortest_side = 1, 1
    parts: Sequence[str] = ()
    options: dict[str, Any] = {}  # noqa: RUF012

    def describe(self, image: NDArray[Any]) -> NDArray[np.float32]:
        """Return the vector of any picture."""
        return np.ones(self.dimension, np.float32)

    def describe_many(self, images: Sequence[NDArray[Any]]) -> NDArray[np.float32]:
        """Return the vectors of any pictures."""
        return np.ones((len(images), self.dimension), np.float32)

    def recognises(self, features: NDArray[np.float32]) -> bool:
        """Take every vector for one of these."""
        return True


def describe_elsewhere(files: Sequence[FoundFile], setup: Setup) -> Generator[Outcome, None, None]:
    """Give outcomes as a cluster does: recorded in the folder, a batch at a time."""
    assert setup.recorder is not None
    features = np.ones(SmallDescriptor.dimension, np.float32)
    for start in range(0, len(files), FILES_IN_A_TASK):
        some = files[start : start + FILES_IN_A_TASK]
        digests = [hashlib.blake2b(f"{file.id} {file.mtime_ns}".encode(), digest_size=16).digest() for file in some]
        yield from setup.recorder.record(some, [Outcome(start + n, one, features) for n, one in enumerate(digests)])


def make_files(folder: Path, count: int) -> None:
    """Write empty files."""
    for start in range(0, count, FILES_IN_A_FOLDER):
        place = folder / f"{start // FILES_IN_A_FOLDER:06}"
        place.mkdir(parents=True)
        for number in range(start, min(start + FILES_IN_A_FOLDER, count)):
            (place / f"IMG_{number:09}.jpg").touch()


def work(kind: str, folder: str, index: str) -> None:
    """Do what is to be measured, in this process, and print its peak memory in bytes, and seconds."""
    start = time.perf_counter()
    if kind == "walk":
        found = find_files(folder)
        assert found.files
    elif kind != "start":
        report = index_folder(folder, index, SmallDescriptor(), Options(), describe_elsewhere)
        assert report.indexed, report
    seconds = time.perf_counter() - start
    status = Path("/proc/self/status").read_text()
    peak = 1024 * int(status.split("VmHWM:")[1].split()[0])
    print(json.dumps([peak, seconds]))


def measure(count: int, scratch: Path) -> dict[str, list[float]]:
    """Return peak bytes and seconds of each kind of work with so many files."""
    folder, index = scratch / "pictures", scratch / "shards"
    make_files(folder, count)
    time.sleep(2.1)  # of files younger than two seconds, the next run looks at the content
    found = {}
    for kind in KINDS:
        if kind == "one in ten changed":
            for path in list(folder.glob("*/*"))[::10]:
                path.write_bytes(b"1")
        command = [sys.executable, __file__, "--work", kind, str(folder), f"{index}/"]
        found[kind] = json.loads(subprocess.run(command, cwd=PROJECT, check=True, capture_output=True).stdout)
    shutil.rmtree(folder)
    shutil.rmtree(index)
    return found


def main(arguments: list[str] | None = None) -> int:
    """Measure, print a table, write JSON."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n", 1)[0])
    parser.add_argument("--files", type=int, nargs=2, default=[20_000, 100_000], help="how many, ascending")
    parser.add_argument("--scratch", type=Path, help="where to write them (default: the system's)")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--work", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.work:
        work(*options.work)
        return 0
    scratch = Path(tempfile.mkdtemp(dir=options.scratch))
    try:
        found = [measure(count, scratch) for count in options.files]
    finally:
        shutil.rmtree(scratch)
    growth = {}
    for kind in KINDS[1:]:
        more = found[-1][kind][0] - found[0][kind][0]
        growth[kind] = more / (options.files[-1] - options.files[0])
        peaks = ", ".join(f"{one[kind][0] / 1e6:.0f} MB for {n:,}" for one, n in zip(found, options.files, strict=True))
        seconds = 1e6 * found[-1][kind][1] / options.files[-1]
        print(f"{kind}: {growth[kind]:.0f} bytes a picture ({peaks}), {seconds:.0f} us a picture")
    if options.json:
        text = json.dumps({"files": options.files, "found": found, "bytes": growth}, indent=2)
        options.json.write_text(text + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
