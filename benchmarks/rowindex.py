"""Indexes of synthetic rows (see rows.py), as one file and as shards, kept in a scratch folder for the next time.

    python benchmarks/rowindex.py --shards 1 2 4 --rows 250000 --scratch scratch

A row depends on its number alone, so the first shard of four is the only one of one. Shards of the largest folder are
written once; the others name them. Files are copied together from them.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from benchmarks.rows import Photo, blocks, content_of, default_folder, read_photos, split_photos  # noqa: E402
from src.colordescriptor import ColorDescriptor  # noqa: E402
from src.indexfile import (  # noqa: E402
    BLOCK_ROWS,
    MANIFEST,
    NOTHING_KNOWN,
    Cache,
    CopiedRows,
    IndexInfo,
    Manifest,
    NewRows,
    matching_cache,
    numbers_text,
    part_name,
    write_index,
    written_shard,
)


class RowIndexes(NamedTuple):
    """The same rows as one file, and as a folder of shards."""

    shards: int
    file: Path
    folder: str
    """Ends in a slash."""


def new_rows(blocks: Iterable[NDArray[np.float32]], start: int = 0) -> Iterator[NewRows]:
    """Yield blocks of rows, shape (n, 1440), as they are written; their ids are their numbers, counted from `start`."""
    for block in blocks:
        for some in np.split(block, range(BLOCK_ROWS, len(block), BLOCK_ROWS)):
            names = [f"{start + number:09}.jpg" for number in range(len(some))]
            yield NewRows(names, [NOTHING_KNOWN] * len(some), some, [numbers_text(row) for row in some])
            start += len(some)


def write(path: Path, rows: Iterable[NewRows | CopiedRows]) -> Cache:
    """Write an index of rows by colours, whole or not at all, unless it is there; return its cache."""
    if not path.exists():
        descriptor = ColorDescriptor()
        write_index(str(path), rows, IndexInfo(descriptor.name, descriptor.dimension, descriptor.distance))
    cache = matching_cache(str(path))
    if cache is None:
        raise SystemExit(f"{path}: its cache does not belong to it; remove both")
    return cache


def make_indexes(photos: list[Photo], shards: list[int], shard_size: int, seed: int, scratch: Path) -> list[RowIndexes]:
    """Return indexes of so many shards of so many rows each."""
    indexed, _ = split_photos(photos)
    place = scratch / f"shards-{content_of(indexed)}-{seed}-{shard_size}"
    place.mkdir(parents=True, exist_ok=True)
    caches = []
    for number in range(max(shards)):
        numbers = range(number * shard_size, (number + 1) * shard_size)
        rows = new_rows(blocks(indexed, numbers, seed), numbers.start)
        caches.append(write(place / part_name(number), rows))
    return [
        RowIndexes(count, _one_file(place, caches[:count]), _folder(place / f"{count}", caches[:count], shard_size))
        for count in shards
    ]


def _one_file(place: Path, caches: list[Cache]) -> Path:
    if len(caches) == 1:
        return Path(caches[0].path)
    path = place / f"{len(caches)}.csv"
    write(path, _copied(caches))
    return path


def _copied(caches: list[Cache]) -> Iterator[CopiedRows]:
    for cache in caches:
        with open(cache.path, "rb") as csv:
            yield CopiedRows(cache, csv, 0, len(cache), cache.states())


def _folder(folder: Path, caches: list[Cache], shard_size: int) -> str:
    """Make a folder whose shards are links: another one may have the same."""
    folder.mkdir(exist_ok=True)
    shards = []
    for cache in caches:
        path = Path(cache.path)
        for name in (path.name, f"{path.name}.cache"):
            if not (folder / name).exists():
                (folder / name).symlink_to(Path(os.pardir) / name)
        shards.append(written_shard(cache.path, path.name))
    manifest = Manifest(caches[0].info, shard_size, len(shards), tuple(shards))
    (folder / MANIFEST).write_bytes(manifest.to_bytes())
    return f"{folder}{os.sep}"


def main(arguments: list[str] | None = None) -> int:
    """Write the indexes."""
    parser = argparse.ArgumentParser(description="Write indexes of synthetic rows, as one file and as shards.")
    parser.add_argument("--shards", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--rows", type=int, default=250_000, help="in each shard")
    parser.add_argument("--dataset", type=Path, default=default_folder(PROJECT), help="a folder of photos")
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()), help="they are kept here")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    for made in make_indexes(read_photos(options.dataset), options.shards, options.rows, options.seed, options.scratch):
        print(f"{made.shards} shards: {made.file} {made.folder}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
