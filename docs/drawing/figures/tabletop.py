"""A photo that nobody has taken: prints of pictures of the sample catalogue, lying on a table, seen at an angle."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from docs.drawing.figures.material import picture_of
from docs.drawing.figures.page import Image8

WIDTH, HEIGHT = 1280, 920
WOOD = (88, 122, 158)
PAPER = 244
# The white edge of a print, in shares of its side.
EDGE = 0.05

# Where prints lie: the corners of each, from its own top left on, clockwise, as shares of the photo.
PLACES: Sequence[Sequence[tuple[float, float]]] = (
    ((0.05, 0.14), (0.38, 0.06), (0.42, 0.56), (0.06, 0.61)),
    ((0.93, 0.52), (0.55, 0.56), (0.55, 0.08), (0.87, 0.06)),
    ((0.33, 0.95), (0.29, 0.48), (0.62, 0.52), (0.69, 0.93)),
)


def draw_tabletop(image_ids: Sequence[str]) -> Image8:
    """Draw up to three pictures of the catalogue as they might lie on a table, of shape (HEIGHT, WIDTH, 3)."""
    random = np.random.default_rng(7)
    table = _wood(random)
    for image_id, corners in zip(image_ids, PLACES, strict=False):
        table = _laid(table, _print(picture_of(image_id)), np.array(corners, np.float32) * (WIDTH, HEIGHT))
    # A lamp stands at the left; the camera is not quite sharp, and its sensor has noise.
    across = np.linspace(1.08, 0.78, WIDTH)[None, :, None]
    lit = cv2.GaussianBlur(table, (0, 0), 0.8) * across + random.normal(0, 3, table.shape)
    return np.clip(np.rint(lit), 0, 255).astype(np.uint8)


def _wood(random: np.random.Generator) -> NDArray[np.float64]:
    """Draw the top of a table: fibres along it, and the gaps between its boards."""
    fibres = cv2.GaussianBlur(random.normal(0, 1, (HEIGHT, WIDTH)), (0, 0), sigmaX=60, sigmaY=1.2)
    broad = cv2.GaussianBlur(random.normal(0, 1, (HEIGHT, WIDTH)), (0, 0), sigmaX=200, sigmaY=9)
    wood = np.array(WOOD) * (1 + 0.06 * fibres / fibres.std() + 0.05 * broad / broad.std())[:, :, None]
    for board in range(1, 4):
        wood[board * HEIGHT // 4 - 2 : board * HEIGHT // 4 + 1] *= 0.6
    return np.asarray(wood, np.float64)


def _print(picture: Image8) -> Image8:
    edge = round(EDGE * max(picture.shape[:2]))
    white = (PAPER, PAPER, PAPER)
    return cv2.copyMakeBorder(picture, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=white).astype(np.uint8)


def _laid(table: NDArray[np.float64], picture: Image8, corners: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the table with a print on it, which casts a soft shadow to the right."""
    height, width = picture.shape[:2]
    own = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(own, corners.astype(np.float32))
    cover = cv2.warpPerspective(np.ones((height, width)), matrix, (WIDTH, HEIGHT))
    shadow = cv2.GaussianBlur(np.roll(cover, (9, 11), axis=(0, 1)), (0, 0), 10)
    seen = cv2.warpPerspective(picture.astype(np.float64), matrix, (WIDTH, HEIGHT), flags=cv2.INTER_AREA)
    laid = table * (1 - 0.5 * shadow)[:, :, None] * (1 - cover)[:, :, None] + seen * cover[:, :, None]
    return np.asarray(laid, np.float64)
