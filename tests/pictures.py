"""Pictures that the tests draw themselves, and folders of them."""

import os
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray


def draw_picture(seed: int, height: int = 60, width: int = 80) -> NDArray[np.uint8]:
    """Draw coloured blobs on a coloured ground; every seed looks different and compresses well."""
    random = np.random.default_rng(seed)
    picture = np.full((height, width, 3), random.integers(0, 256, 3), np.uint8)
    for _ in range(8):
        centre = (int(random.integers(0, width)), int(random.integers(0, height)))
        radius = int(random.integers(3, max(4, min(height, width) // 2)))
        cv2.circle(picture, centre, radius, [int(value) for value in random.integers(0, 256, 3)], -1)
    return picture


def write_picture(path: str | os.PathLike[str], seed: int, height: int = 60, width: int = 80) -> None:
    """Write a drawn picture under any name; the format is PNG unless the name ends in .jpg."""
    ending = ".jpg" if os.fspath(path).endswith(".jpg") else ".png"
    _, data = cv2.imencode(ending, draw_picture(seed, height, width))
    with open(path, "wb") as file:
        file.write(data.tobytes())


def write_pictures(folder: str | os.PathLike[str], names: Sequence[str]) -> None:
    """Write one picture for each name, seeded by its place; folders are made where names need them."""
    for seed, name in enumerate(names):
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        write_picture(path, seed)
