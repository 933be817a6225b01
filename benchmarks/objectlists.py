"""Measures how long candidates take among many pictures that are described by their local features.

    python benchmarks/objectlists.py --folder ../shared/images --rows 5000 100000

Indexed are the pictures of a folder, and as many copies as are missing, in which a quarter of all bits is turned.
Queries are some of the pictures, blurred. Told is the processor time of both ways, by lists (faiss) and by comparing
all, and for how many queries the picture itself is among the candidates. Above --most-compared, nothing compares all.
"""

import argparse
import statistics
import sys
import time
from itertools import accumulate
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from benchmarks.truth import SUFFIXES  # noqa: E402
from src.comparing.listedcodes import ListedCodes, listed  # noqa: E402
from src.comparing.objectblock import ObjectBlock, block_of  # noqa: E402
from src.comparing.voting import candidates  # noqa: E402
from src.localfeatures import CODE_BITS, LocalFeatures, from_vector  # noqa: E402
from src.objectdescriptor import ObjectDescriptor  # noqa: E402

BLUR = 2.0  # pixels, of the queries


def read(folder: Path, most: int) -> list[NDArray[np.uint8]]:
    """Return pictures of a folder and those in it, at most so many, spread over all."""
    paths = [path for path in sorted(folder.rglob("*")) if path.suffix.lower() in SUFFIXES]
    chosen = [paths[number] for number in np.linspace(0, len(paths) - 1, min(most, len(paths))).astype(int)]
    images = [cv2.imread(str(path)) for path in chosen]
    return [image.astype(np.uint8, copy=False) for image in images if image is not None]


def changed(block: ObjectBlock, rng: np.random.Generator) -> ObjectBlock:
    """Return rows in whose codes a quarter of all bits is turned."""
    turned = rng.integers(0, 256, block.codes.shape, np.uint8) & rng.integers(0, 256, block.codes.shape, np.uint8)
    turned[:, CODE_BITS // 8 :] = 0
    return ObjectBlock(block.sizes, block.ends, block.places, block.codes ^ turned)


def enough(block: ObjectBlock, rows: int, rng: np.random.Generator) -> list[ObjectBlock]:
    """Return so many rows: a block, and changed ones."""
    blocks = [block.cut(0, rows)]
    while (missing := rows - sum(map(len, blocks))) > 0:
        blocks.append(changed(block.cut(0, missing), rng))
    return blocks


def measure(blocks: list[ObjectBlock], queries: dict[int, LocalFeatures], *, compare_all: bool) -> str:
    """Return the line of one size of index; queries are by the number of their row."""
    starts, codes = [*accumulate(map(len, blocks), initial=0)], [block.codes for block in blocks]
    kept, start = listed(codes), time.process_time()
    opened = ListedCodes(codes, kept)
    line = f"{starts[-1]:,} pictures: opening the lists {(time.process_time() - start) * 1000:.0f} ms"
    ways: dict[str, ListedCodes | None] = {"lists": opened, "comparing all": None}
    for name, lists in [*ways.items()][: 2 if compare_all else 1]:
        times, found = [], 0
        for row, query in queries.items():
            start = time.process_time()
            chosen = candidates(blocks, starts, query, lists)
            times.append((time.process_time() - start) * 1000)
            found += row in chosen
        line += f"; by {name} {statistics.median(times):.1f} ms, {found} of {len(queries)} found"
    return line


def main(arguments: list[str] | None = None) -> int:
    """Measure, and print a line for each size."""
    parser = argparse.ArgumentParser(description="Measure how long candidates take among many pictures.")
    parser.add_argument("--folder", type=Path, default=PROJECT.parent / "shared" / "images", help="of pictures")
    parser.add_argument("--pictures", type=int, default=2000, help="that are described")
    parser.add_argument("--rows", type=int, nargs="+", default=[200, 1750, 5000])
    parser.add_argument("--queries", type=int, default=20)
    parser.add_argument("--most-compared", type=int, default=5000, help="rows that are all compared, too")
    options = parser.parse_args(arguments)
    images = read(options.folder, options.pictures)
    if len(images) < options.queries:
        raise SystemExit(f"{options.folder} has too few pictures: name another one with --folder")
    descriptor = ObjectDescriptor()
    block = block_of(descriptor.describe_many(images))
    asked = np.linspace(0, min(len(images), *options.rows) - 1, options.queries).astype(int).tolist()
    blurred = {row: cv2.GaussianBlur(images[row], (0, 0), BLUR) for row in asked}
    queries = {row: from_vector(descriptor.for_queries.describe(image)) for row, image in blurred.items()}
    for rows in options.rows:
        blocks = enough(block, rows, np.random.default_rng(1))
        print(measure(blocks, queries, compare_all=rows <= options.most_compared), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
