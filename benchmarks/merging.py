"""Makes the tables of src/comparing/mergetables.py: which bins to merge so that lower bounds lose the least.

    python benchmarks/merging.py --dataset FOLDER --descriptor color

Starting from all bins, the two whose union lowers the distances of pairs of similar photos the least are merged, again
and again: 288 colours (the regions summed) become 64 and these 24, and the 64 colours of each of 5 regions become 192
bins. It takes a minute. Any tables are right; whether others are quicker is for benchmarks/search.py to say.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from benchmarks.rows import blocks, default_folder, read_photos  # noqa: E402
from src.descriptors import by_name  # noqa: E402
from src.distance import by_name as distance_by_name  # noqa: E402
from src.rootdescriptor import roots_of  # noqa: E402

ROWS, QUERIES, NEIGHBOURS, RANKS = 3000, 300, 10, 500

Vectors = NDArray[np.float32]
Groups = list[list[int]]


def similar_pairs(rows: Vectors, distance: str) -> tuple[Vectors, Vectors]:
    """Pair some rows with neighbours of theirs, evenly from the nearest sixth: those whose bounds decide."""
    first, second = [], []
    for query in rows[:QUERIES]:
        ranked = np.argsort(distance_by_name(distance).between(rows, query))
        for row in ranked[5 : 5 + RANKS : RANKS // NEIGHBOURS]:
            # What is lost of a distance relative to the sums is lost relative to them.
            scale = 2 / (query + rows[row]).sum() if distance == "relative-chi-squared" else 1
            first.append(scale * query)
            second.append(scale * rows[row])
    return np.stack(first), np.stack(second)


def merge_greedily(a: Vectors, b: Vectors, sizes: Sequence[int]) -> dict[int, Groups]:
    """Merge columns of paired rows until as few are left as the smallest of `sizes`; return the groups of each size."""
    a, b = a.T.copy(), b.T.copy()
    count = len(a)
    groups: Groups = [[column] for column in range(count)]
    parts = _terms(a, b)
    gone = np.zeros(count, bool)
    losses = np.stack([_losses(a, b, parts, column, gone) for column in range(count)])
    found = {}
    for left in range(count - 1, min(sizes) - 1, -1):
        keep, drop = sorted(divmod(int(losses.argmin()), count))
        a[keep] += a[drop]
        b[keep] += b[drop]
        a[drop] = b[drop] = 0
        groups[keep] += groups[drop]
        gone[drop] = True
        parts[keep], parts[drop] = _terms(a[keep : keep + 1], b[keep : keep + 1])[0], 0
        losses[drop] = losses[:, drop] = np.inf
        losses[keep] = losses[:, keep] = _losses(a, b, parts, keep, gone)
        if left in sizes:
            found[left] = [sorted(group) for column, group in enumerate(groups) if not gone[column]]
    return found


def _terms(a: Vectors, b: Vectors) -> NDArray[np.float32]:
    sums: NDArray[np.float32] = ((a - b) ** 2 / (a + b + np.float32(1e-10))).sum(axis=1)
    return sums


def _losses(a: Vectors, b: Vectors, parts: Vectors, column: int, gone: NDArray[np.bool_]) -> Vectors:
    losses: NDArray[np.float32] = parts[column] + parts - _terms(a[column] + a, b[column] + b)
    losses[gone] = np.inf
    losses[column] = np.inf
    return losses


def make_tables(rows: Vectors, distance: str) -> tuple[NDArray[np.int64], list[int], NDArray[np.int64]]:
    """Return the colour of each bin, where the runs of colours begin, and the fine bin of each region and colour."""
    a, b = similar_pairs(rows, distance)
    groups = merge_greedily(a.reshape(-1, 5, 288).sum(axis=1), b.reshape(-1, 5, 288).sum(axis=1), (64, 24))
    coarse = sorted(groups[24])
    owner = {bin_: number for number, group in enumerate(coarse) for bin_ in group}
    ordered = sorted(groups[64], key=lambda group: (owner[group[0]], group))
    starts = _run_starts([owner[group[0]] for group in ordered])
    colour = np.zeros(288, np.int64)
    for number, group in enumerate(ordered):
        colour[group] = number
    merged = merge_greedily(_merged_colours(a, colour), _merged_colours(b, colour), (192,))[192]
    fine = np.zeros(5 * 64, np.int64)
    for number, group in enumerate(sorted(merged)):
        fine[group] = number
    return colour.reshape(8, 36), starts, fine.reshape(5, 64)


def _run_starts(owners: list[int]) -> list[int]:
    return [0, *(place for place in range(1, len(owners)) if owners[place] != owners[place - 1])]


def _merged_colours(rows: Vectors, colour: NDArray[np.int64]) -> Vectors:
    member = (colour[:, None] == np.arange(64)).astype(np.float32)
    merged: NDArray[np.float32] = (rows.reshape(-1, 5, 288) @ member).reshape(len(rows), -1)
    return merged


def main() -> int:
    parser = argparse.ArgumentParser(description="Make the tables of src/comparing/mergetables.py.")
    parser.add_argument("--dataset", type=Path, default=default_folder(PROJECT), help="a folder of photos")
    parser.add_argument("--descriptor", choices=["color", "color-root"], default="color")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    photos = read_photos(options.dataset)
    random = np.random.default_rng(options.seed)
    rows = np.concatenate(list(blocks(photos, range(2 * ROWS), options.seed)))
    rows = rows[random.permutation(2 * ROWS)[:ROWS]]
    if options.descriptor == "color-root":
        rows = roots_of(rows)
    colour, starts, fine = make_tables(rows, by_name(options.descriptor).distance)
    print("COLOURS")
    for line in colour:
        print(" ".join(f"{number:2}" for number in line))
    print("COARSE", starts)
    print("FINE")
    for line in fine.reshape(-1, 16):
        print(" ".join(f"{number:3}" for number in line))
    return 0


if __name__ == "__main__":
    sys.exit(main())
