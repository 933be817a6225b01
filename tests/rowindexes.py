"""Indexes of given rows: as one file, and cut into a folder of shards."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from src.indexfile import (
    MANIFEST,
    NOTHING_KNOWN,
    IndexInfo,
    Manifest,
    NewRows,
    numbers_text,
    part_name,
    write_index,
    written_shard,
)

Vectors = NDArray[np.float32]


def write_file(path: Path, vectors: Vectors, info: IndexInfo, start: int = 0) -> None:
    """Write an index file of rows whose image ids are their numbers, counted from `start`."""
    names = [f"{start + number:06}.jpg" for number in range(len(vectors))]
    rows = NewRows(names, [NOTHING_KNOWN] * len(vectors), vectors, [numbers_text(vector) for vector in vectors])
    write_index(str(path), [rows], info)


def write_shards(folder: Path, vectors: Vectors, info: IndexInfo, sizes: Sequence[int]) -> None:
    """Write the same rows as shards of these sizes."""
    folder.mkdir()
    shards, start = [], 0
    for number, size in enumerate(sizes):
        path = folder / part_name(number)
        write_file(path, vectors[start : start + size], info, start)
        shards.append(written_shard(str(path), path.name))
        start += size
    assert start == len(vectors)
    (folder / MANIFEST).write_bytes(Manifest(info, max(sizes), len(sizes), tuple(shards)).to_bytes())
