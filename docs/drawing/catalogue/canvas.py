"""The picture a garment is painted on: windows of it, shapes in it, and the shadows parts cast on each other."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from docs.drawing.catalogue.curves import Path
from docs.drawing.catalogue.fabric import Plane

SCALE = 3  # painted pixels for each pixel of the finished photo
SHIFT = 4  # fractional bits of the coordinates that OpenCV's fillPoly and polylines take


@dataclass(frozen=True)
class Light:
    """A soft key light and what the room gives back: `toward` points to the lamp, z to the camera."""

    toward: tuple[float, float, float]
    ambient: float = 0.36


@dataclass(frozen=True)
class Box:
    """A window of the stage, in painted pixels."""

    x0: int
    y0: int
    x1: int
    y1: int

    def of(self, sheet: Plane) -> Plane:
        return sheet[self.y0 : self.y1, self.x0 : self.x1]


class Canvas:
    """A transparent picture, in linear light, with its lamp.

    Parameters
    ----------
    size : int
        Side of the finished photo in pixels.
    matrix : float64 (2, 3)
        Centimetres of cloth to painted pixels.
    light : Light
    """

    def __init__(self, size: int, matrix: NDArray[np.float64], light: Light) -> None:
        side = size * SCALE
        self.side, self.matrix = side, matrix
        self.dots = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))  # painted pixels in a centimetre
        self.colour = np.zeros((side, side, 3), np.float32)
        self.cover = np.zeros((side, side), np.float32)
        self.light = np.asarray(light.toward, np.float32) / np.float32(np.linalg.norm(light.toward))
        self.ambient = light.ambient

    def pixels(self, path: Path) -> Path:
        """Centimetres to painted pixels."""
        return path @ self.matrix[:, :2].T + self.matrix[:, 2]

    def shadow(self, mask: Plane, box: Box, darkness: float, lift: float) -> None:
        """Contact shadow of a part on the parts already laid down: one tight, one wide."""
        if darkness <= 0:
            return
        way = -self.light[:2] * lift * self.dots
        near = cv2.GaussianBlur(mask, (0, 0), max(1.0, 0.22 * self.dots))
        wide = cv2.GaussianBlur(
            cv2.resize(mask, None, fx=1 / SCALE, fy=1 / SCALE), (0, 0), max(1.0, 0.9 * self.dots / SCALE)
        )
        dark = 0.55 * near + 0.6 * cv2.resize(wide, mask.shape[::-1])
        self.shade(box, np.clip(dark, 0, 1), darkness, (float(way[0]), float(way[1])))

    def shade(self, box: Box, dark: Plane, darkness: float, way: tuple[float, float]) -> None:
        moved = cv2.warpAffine(dark, np.array([[1, 0, way[0]], [0, 1, way[1]]], np.float32), dark.shape[::-1])
        box.of(self.colour)[...] *= (1 - darkness * moved)[..., None]

    def box(self, points: Path, margin: int) -> Box | None:
        """Window around some pixels, its sides multiples of SCALE; None when out of the picture."""
        low = np.floor((points.min(axis=0) - margin) / SCALE).astype(int)
        high = np.ceil((points.max(axis=0) + margin) / SCALE).astype(int)
        low, high = np.clip(low, 0, self.side // SCALE), np.clip(high, 0, self.side // SCALE)
        if (high - low).min() < 2:
            return None
        self._origin = low.astype(np.float64)
        return Box(int(low[0]) * SCALE, int(low[1]) * SCALE, int(high[0]) * SCALE, int(high[1]) * SCALE)

    def coordinates(self, box: Box) -> tuple[Plane, Plane]:
        """Garment coordinates, in centimetres, at each pixel of the finished photo inside the window."""
        back = cv2.invertAffineTransform(self.matrix)
        px = np.arange(box.x0, box.x1, SCALE, dtype=np.float64) + (SCALE - 1) / 2
        py = np.arange(box.y0, box.y1, SCALE, dtype=np.float64) + (SCALE - 1) / 2
        gx, gy = np.meshgrid(px, py)
        x = back[0, 0] * gx + back[0, 1] * gy + back[0, 2]
        y = back[1, 0] * gx + back[1, 1] * gy + back[1, 2]
        return x.astype(np.float32), y.astype(np.float32)


def fill(points: Path, box: Box) -> Plane:
    sheet = np.zeros((box.y1 - box.y0, box.x1 - box.x0), np.uint8)
    fixed = np.round((points - (box.x0, box.y0)) * (1 << SHIFT)).astype(np.int32)
    cv2.fillPoly(sheet, [fixed], 255, cv2.LINE_AA, SHIFT)
    return sheet.astype(np.float32) / 255


def strokes(lines: list[Path], box: Box, thick: int) -> Plane:
    sheet = np.zeros((box.y1 - box.y0, box.x1 - box.x0), np.uint8)
    fixed = [np.round((line - (box.x0, box.y0)) * (1 << SHIFT)).astype(np.int32) for line in lines]
    cv2.polylines(sheet, fixed, False, 255, thick, cv2.LINE_AA, SHIFT)
    return sheet.astype(np.float32) / 255
