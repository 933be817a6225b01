"""The sample catalogue: draws the pictures in data/ and queries/.

`python -m docs.drawing.catalogue` draws them anew. The same library versions give the same bytes every time.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from docs.drawing.catalogue.photo import shoot
from docs.drawing.catalogue.product import Product
from docs.drawing.catalogue.products import products
from docs.drawing.catalogue.session import Photo, file_name, photos

COPIED_QUERY = "Satin_Bomber_Jacket"
QUALITY = 82  # of the JPEGs: about 16 KB a photo, all of them below 4 MB


@dataclass(frozen=True)
class Drawn:
    """What was written: number of catalogue photos, of queries, and bytes in all."""

    photos: int
    queries: int
    size: int


def draw_catalogue(data_folder: str | Path, query_folder: str | Path, only: Collection[str] = ()) -> Drawn:
    """Draw the whole sample catalogue.

    Parameters
    ----------
    data_folder, query_folder : path
        Made if missing. Files in them keep their place unless a photo has the same name.
    only : collection of str
        Names of the products to draw; all of them when empty. A photo is the same either way.

    Returns
    -------
    Drawn

    Raises
    ------
    OSError
        If a folder or a file cannot be written.
    """
    data, queries = Path(data_folder), Path(query_folder)
    data.mkdir(parents=True, exist_ok=True)
    queries.mkdir(parents=True, exist_ok=True)
    sizes: list[int] = []
    asked = 0
    for place, product in enumerate(products()):
        if only and product.name not in only:
            continue
        taken, held_out = photos(product)
        files = {photo.name: _take(product, photo) for photo in taken}
        files |= _copies(product, place, taken, files)
        sizes += [_write(data / name, content) for name, content in files.items()]
        if held_out:
            sizes.append(_write(queries / held_out.name, _take(product, held_out)))
            asked += 1
        if product.name == COPIED_QUERY:  # one query that is in the catalogue, byte for byte
            sizes.append(_write(queries / taken[0].name, files[taken[0].name]))
            asked += 1
    return Drawn(len(sizes) - asked, asked, sum(sizes))


def _take(product: Product, photo: Photo) -> bytes:
    return _jpeg(shoot(product.garment, photo.shot, np.random.default_rng(photo.seed)))


def _copies(product: Product, place: int, taken: list[Photo], files: dict[str, bytes]) -> dict[str, bytes]:
    """Every fourth product has a photo filed twice, every seventh one also in another size."""
    spare: dict[str, bytes] = {}
    if place % 4 == 1:
        spare[file_name(product, 60 + place)] = files[taken[2].name]
    if place % 7 == 3:
        pixels = shoot(product.garment, taken[1].shot, np.random.default_rng(taken[1].seed))
        side, method = ((150, cv2.INTER_AREA), (450, cv2.INTER_CUBIC))[place % 2]
        spare[file_name(product, 120 + place)] = _jpeg(
            np.asarray(cv2.resize(pixels, (side, side), interpolation=method))
        )
    return spare


def _jpeg(image: NDArray[np.uint8]) -> bytes:
    done, content = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY, cv2.IMWRITE_JPEG_OPTIMIZE, 1])
    if not done:
        raise OSError("the JPEG encoder failed")
    return content.tobytes()


def _write(path: Path, content: bytes) -> int:
    """Write a file so that a killed run never leaves half a photo; returns its size."""
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    os.replace(part, path)
    return len(content)


__all__ = ["NAMED_QUERIES", "Drawn", "draw_catalogue"]
