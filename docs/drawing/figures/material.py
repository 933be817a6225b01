"""What the figures are drawn from: the sample catalogue, indexed by the real program in a process of its own."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from docs.drawing.figures.page import Image8
from src.colordescriptor import ColorDescriptor
from src.imagereader import read_image

PROJECT = Path(__file__).resolve().parents[3]
DATASET = "data"


class Catalogue(NamedTuple):
    """The indexed sample catalogue."""

    index_path: str
    ids: list[str]
    """Image ids, in the order of the rows."""
    features: NDArray[np.float32]
    """Shape (n, 1440)."""
    lines: list[str]
    """The rows as they stand in the CSV."""


class Described(NamedTuple):
    """A picture and its feature vector."""

    picture: Image8
    features: NDArray[np.float32]


def index_catalogue(index_path: str, descriptor: str = "color") -> Catalogue:
    """Index data/ by the command of the README.

    Parameters
    ----------
    index_path : str
        The CSV to write.
    descriptor : str, optional

    Returns
    -------
    Catalogue

    Raises
    ------
    subprocess.CalledProcessError
        If a picture could not be indexed: a figure must not be drawn from half a catalogue.
    """
    _run("index.py", "--dataset", DATASET, "--index", index_path, "--descriptor", descriptor, "--strict")
    lines = Path(index_path).read_text("utf-8").splitlines()
    rows = list(csv.reader(lines))
    return Catalogue(index_path, [row[0] for row in rows], np.array([row[1:] for row in rows], np.float32), lines)


def run_search(catalogue: Catalogue, query: str, output: str, *options: str) -> None:
    """Search by the command of the README, and have the result picture written to a file.

    Parameters
    ----------
    catalogue : Catalogue
    query : str
        A path in the project, as it will be shown.
    output : str
        The file to write.
    *options : str
        Further options of search.py.
    """
    _run("search.py", "--index", catalogue.index_path, "--query", query, "--result-path", DATASET,
         "--output", output, "--force", *options)  # fmt: skip


def describe(path: str) -> Described:
    """Read a picture of the project and describe it as the program does."""
    picture = read_image(str(PROJECT / path))
    return Described(picture, ColorDescriptor().describe(picture))


def picture_of(image_id: str) -> Image8:
    """Return a picture of the catalogue."""
    return read_image(str(PROJECT / DATASET / image_id))


def _run(program: str, *arguments: str) -> None:
    subprocess.run([sys.executable, program, *arguments], cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)
