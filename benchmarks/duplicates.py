"""Measures how many copies are found: duplicates.py as a process beside perceptual hashes, on any folder of groups.

    pip install -r requirements-benchmarks.txt
    python benchmarks/copies.py --dataset photos --output copies --photos 50 --alone 1000
    python benchmarks/duplicates.py copies --alone alone --json duplicates.json

A sub-folder is a group of copies, and so are pictures of equal pixels, wherever they lie. What is counted are pairs.
Hashes are taken at their makers' threshold and at the one that is best on this very folder, which flatters them. If the
groups are from copies.py, a second table says which changes are seen through. The kinds file and picture must be
without a miss and without a false pair.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from benchmarks.hashpeers import Hashed, hash_all, installed_peers  # noqa: E402
from benchmarks.truth import Counts, Labels, Pictures, count, join, label_files, label_pixels, read_pictures  # noqa: E402

SHOWN_PAIRS = 200  # of wrong ones and of missed ones, in the JSON
AS_MADE = "as made"


class Way(NamedTuple):
    """One way to find copies, and what came of it."""

    name: str
    counts: Counts
    are_copies: Callable[[int, int], bool]
    seconds: float


def run_ours(pictures: Pictures, folders: list[Path], index: Path, options: list[str], name: str) -> tuple[Way, Labels]:
    """Run duplicates.py; return what it finds, and which group it puts each picture in."""
    command = [sys.executable, str(PROJECT / "duplicates.py"), "--json", "--quiet", "--index", str(index), *options]
    for folder in folders:
        command += ["--dataset", str(folder)]
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        raise SystemExit(f"duplicates.py ended with {done.returncode}: {done.stderr.strip()}")
    rows = {str(path.resolve()): row for row, path in enumerate(pictures.paths)}
    labels = np.arange(len(pictures.paths))
    for group in json.loads(done.stdout)["groups"]:
        # Pictures of groups that are left out are not counted.
        members = [rows.get(str(Path(one["path"]).resolve())) for one in (group["keep"], *group["spares"])]
        known = [row for row in members if row is not None]
        labels[known] = labels[known[0]] if known else 0
    way = Way(name, count(labels, pictures.labels), lambda one, other: bool(labels[one] == labels[other]), seconds)
    return way, labels


def at_threshold(name: str, hashed: Hashed, counts: list[Counts], bits: int) -> Way:
    """Return what a hash finds when pairs are near up to so many bits."""
    return Way(
        f"{name} at {bits}", counts[bits], lambda one, other: hashed.distance(one, other) <= bits, hashed.seconds
    )


def run_peers(pictures: Pictures) -> list[Way]:
    """Return what the hashes find, each at its own threshold and at the best."""
    ways = []
    for peer in installed_peers():
        hashed = hash_all(peer, pictures.paths)
        counts = hashed.counts(pictures.labels)
        best = max(range(len(counts)), key=lambda bits: counts[bits].f1)
        ways.append(at_threshold(f"{peer.name}, best,", hashed, counts, best))
        ways.append(at_threshold(f"{peer.name}, {AS_MADE},", hashed, counts, peer.default))
    return ways


def print_ways(ways: list[Way]) -> None:
    """Print what each way finds."""
    print("\n| | precision | recall | F1 | wrong pairs | missed | seconds |\n|---|---|---|---|---|---|---|")
    for way in ways:
        right, wrong, missed = way.counts
        shares = f"{way.counts.precision:.3f} | {way.counts.recall:.3f} | {way.counts.f1:.3f}"
        print(f"| {way.name} | {shares} | {wrong} | {missed} of {right + missed} | {way.seconds:.1f} |")


def shares_by_change(pictures: Pictures, ways: list[Way]) -> dict[str, list[float]]:
    """Return for each change the share of copies that each way puts with their original."""
    return {
        change: [sum(way.are_copies(*pair) for pair in pairs) / len(pairs) for way in ways]
        for change, pairs in pictures.changes().items()
    }


def print_changes(shares: dict[str, list[float]], ways: list[Way]) -> None:
    """Print how often each change is seen through, the hardest for the first way first; hashes at their best only."""
    shown = [place for place, way in enumerate(ways) if AS_MADE not in way.name]
    if not shares:
        return
    print(f"\n| copies found | {' | '.join(ways[place].name for place in shown)} |\n|---|{'---|' * len(shown)}")
    for change, found in sorted(shares.items(), key=lambda item: (item[1][0], item[0])):
        print(f"| {change} | {' | '.join(f'{found[place]:.2f}' for place in shown)} |")


def pairs_of(pictures: Pictures, said: Labels, true: Labels) -> list[list[str]]:
    """Return pairs that have one label in `said` and two in `true`, as paths, up to `SHOWN_PAIRS`."""
    pairs: list[list[str]] = []
    for label in np.unique(said):
        members = np.flatnonzero(said == label)
        for place, one in enumerate(members):
            pairs += [
                [str(pictures.paths[row]) for row in (one, other)]
                for other in members[place + 1 :]
                if true[one] != true[other]
            ]
            if len(pairs) >= SHOWN_PAIRS:
                return pairs[:SHOWN_PAIRS]
    return pairs


def measure(options: argparse.Namespace, scratch: Path) -> dict[str, Any]:
    """Run all ways, print the tables and return what they say."""
    pictures = read_pictures(options.folder, options.alone, options.without, options.others)
    folders = [options.folder, *options.others]
    same_pixels = label_pixels(pictures.paths)
    # Whoever sorted the folder may not have seen them: no way is blamed for finding these.
    pictures = pictures._replace(labels=join(pictures.labels, same_pixels))
    print(f"{len(pictures.paths)} pictures", flush=True)

    def ours(name: str, *flags: str) -> tuple[Way, Labels]:
        return run_ours(pictures, folders, scratch / "index.csv", [*flags, *options.flags.split()], name)

    upright, found_upright = ours("this project")
    turned, found_turned = ours("this project, any orientation", "--any-orientation")
    ways = [upright, turned, *run_peers(pictures)]
    print_ways(ways)
    shares = shares_by_change(pictures, ways)
    print_changes(shares, ways)
    kinds = {}
    for kind, label in (("file", label_files(pictures.paths)), ("picture", same_pixels)):
        kinds[kind] = count(ours(kind, "--kind", kind)[1], label)
        print(f"\nkind {kind}: {kinds[kind].right} pairs, {kinds[kind].wrong} wrong, {kinds[kind].missed} missed")
    names = [way.name for way in ways]
    return {
        "pictures": len(pictures.paths),
        "ways": [
            {"way": way.name, **way.counts._asdict(), "precision": way.counts.precision, "recall": way.counts.recall,
             "f1": way.counts.f1, "seconds": way.seconds}
            for way in ways
        ],
        "changes": {change: dict(zip(names, found, strict=True)) for change, found in shares.items()},
        "kinds": {kind: counts._asdict() for kind, counts in kinds.items()},
        "wrong": pairs_of(pictures, found_upright, pictures.labels),
        "wrong_any_orientation": pairs_of(pictures, found_turned, pictures.labels),
        "missed": pairs_of(pictures, pictures.labels, found_upright),
        "missed_any_orientation": pairs_of(pictures, pictures.labels, found_turned),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="its sub-folders are groups of copies")
    parser.add_argument("--alone", nargs="+", default=[], metavar="PATTERN", help="sub-folders that are not groups")
    parser.add_argument("--without", nargs="+", default=[], metavar="PATTERN", help="groups to leave out")
    parser.add_argument("--others", nargs="+", type=Path, default=[], help="further folders, without groups")
    parser.add_argument("--flags", default="", help="further options for duplicates.py, in one string")
    parser.add_argument("--json", type=Path, help="write results to this file, with pairs that are wrong or missed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        results = measure(options, Path(scratch))
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
