"""What is known of a folder of groups: which of its pictures are copies of each other, and how an answer is counted.

A picture's group is the sub-folder that it lies in. Pictures of some sub-folders, and of whole other folders, are in no
group. Counted are pairs: a group of n is n * (n - 1) / 2 of them, so large groups weigh much, and an answer that is
split in two halves loses half of its pairs.
"""

import hashlib
import os
from collections.abc import Callable, Hashable, Iterable
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from src.errors import UnreadableImage
from src.imagereader import read_image

SUFFIXES = {".jpg", ".jpeg", ".png", ".bmp", ".webp", ".gif", ".tif", ".tiff"}
ORIGINAL = "original"

Labels = NDArray[np.int64]
"""Which group each picture is in, by any number; shape (n,). A picture that is in none has a number of its own."""


class Counts(NamedTuple):
    """Pairs that are said to be copies and are, that are said to be and are not, and that are missed."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of what is said that is right; 1 if nothing is said."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Share of what is to be found that is found; 1 if there is nothing."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        return 2 * self.right / max(2 * self.right + self.wrong + self.missed, 1)


class Pictures(NamedTuple):
    """Pictures of groups, and others."""

    paths: list[Path]
    labels: Labels

    def changes(self) -> dict[str, list[tuple[int, int]]]:
        """Return, by the name of a change, which picture is changed to which: for groups made by copies.py."""
        originals = {self.labels[row]: row for row, path in enumerate(self.paths) if path.stem == ORIGINAL}
        found: dict[str, list[tuple[int, int]]] = {}
        for row, path in enumerate(self.paths):
            original = originals.get(self.labels[row], row)
            if original != row:
                found.setdefault(path.stem, []).append((original, row))
        return found


def read_pictures(folder: Path, alone: list[str], without: list[str], others: list[Path]) -> Pictures:
    """Return the pictures of a folder of groups and of other folders.

    Parameters
    ----------
    alone, without : list of str
        Patterns of sub-folders whose pictures are in no group, and of those that are left out.
    others : list of Path
        Folders of pictures in no group.
    """
    paths: list[Path] = []
    groups: list[Hashable] = []
    for group in sorted(path for path in folder.iterdir() if path.is_dir()):
        if any(fnmatch(group.name, pattern) for pattern in without):
            continue
        is_alone = any(fnmatch(group.name, pattern) for pattern in alone)
        for path in _pictures_in(group):
            paths.append(path)
            groups.append(path if is_alone else group)
    for path in (path for other in others for path in _pictures_in(other)):
        paths.append(path)
        groups.append(path)
    if not paths:
        raise SystemExit(f"{folder}: no groups of pictures; make some with benchmarks/copies.py")
    return Pictures(paths, number(groups))


def _pictures_in(folder: Path) -> list[Path]:
    found = (Path(place, name) for place, _, names in os.walk(folder) for name in names)
    return sorted(path for path in found if path.suffix.lower() in SUFFIXES and not path.is_symlink())


def number(groups: Iterable[Hashable]) -> Labels:
    """Return a number for each thing, the same for equal ones."""
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(group, len(numbers)) for group in groups], np.int64)


def count(said: Labels, true: Labels) -> Counts:
    """Compare two ways to group the same pictures, each of shape (n,)."""
    both = _pairs(said * (int(true.max()) + 1) + true)
    return Counts(both, _pairs(said) - both, _pairs(true) - both)


def join(labels: Labels, same: Labels) -> Labels:
    """Return groups, shape (n,), of which those that share a thing, by its label in `same`, have become one."""
    joined = labels.copy()
    for thing in np.flatnonzero(np.bincount(same) > 1):
        shared = np.unique(joined[same == thing])
        joined[np.isin(joined, shared)] = shared[0]
    return joined


def _pairs(labels: Labels) -> int:
    sizes = np.unique(labels, return_counts=True)[1]
    return int((sizes * (sizes - 1) // 2).sum())


def label_files(paths: list[Path]) -> Labels:
    """Return which files have the same bytes."""
    return number(_map(lambda path: hashlib.sha256(path.read_bytes()).digest(), paths))


def label_pixels(paths: list[Path]) -> Labels:
    """Return which pictures have the same pixels once decoded; one that cannot be read has no equal."""

    def digest(path: Path) -> Hashable:
        try:
            pixels = read_image(str(path))
        except UnreadableImage:
            return path
        return pixels.shape, hashlib.sha256(pixels.tobytes()).digest()

    return number(_map(digest, paths))


def _map(make: Callable[[Path], Hashable], paths: list[Path]) -> list[Hashable]:
    cv2.setNumThreads(1)
    with ThreadPoolExecutor() as threads:
        return list(threads.map(make, paths))
