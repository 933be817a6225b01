"""The camera's stage: paints the panels of a garment as lit cloth.

Each panel becomes a height field (rounded edges, folds, creases, threads); its slopes catch the light.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from docs.drawing.catalogue.canvas import SCALE, Box, Canvas, Light, fill
from docs.drawing.catalogue.fabric import TILE, Plane, cloud
from docs.drawing.catalogue.haberdashery import button_on, cord_on, seam_on, stitch_on
from docs.drawing.catalogue.parts import Button, Cord, Fold, Panel, Part, Seam, Stitch


class Stage(Canvas):
    """A canvas on which a garment is laid part by part.

    Parameters
    ----------
    size, matrix, light
        As for Canvas.
    rng : numpy.random.Generator
        For the creases nobody planned.
    """

    def __init__(self, size: int, matrix: NDArray[np.float64], light: Light, rng: np.random.Generator) -> None:
        super().__init__(size, matrix, light)
        self.rng = rng
        self.creases = ringed(1.2 - np.abs(cloud(rng, 7, 7, 256) + 0.45 * cloud(rng, 15, 15, 256)))
        self.swell = ringed(cloud(rng, 5, 5, 256))

    def draw(self, parts: list[Part]) -> None:
        """Lay all parts on the stage, in order."""
        for part in parts:
            if isinstance(part, Panel):
                self._panel(part)
            elif isinstance(part, Seam):
                seam_on(self, part)
            elif isinstance(part, Stitch):
                stitch_on(self, part)
            elif isinstance(part, Button):
                button_on(self, part)
            elif isinstance(part, Cord):
                cord_on(self, part)

    def _panel(self, panel: Panel) -> None:
        points = self.pixels(panel.outline)
        box = self.box(points, 4 * SCALE)
        if box is None:
            return
        mask = fill(points, box)
        x, y = self.coordinates(box)
        slope_x, slope_y, hollow = self._shape(panel, mask, x, y)
        colour, bump = self._cloth(panel, x, y, (slope_x, slope_y), box)
        full = (box.x1 - box.x0, box.y1 - box.y0)
        gx = cv2.resize(slope_x, full) + cv2.Scharr(bump, cv2.CV_32F, 1, 0) / 32 * self.dots
        gy = cv2.resize(slope_y, full) + cv2.Scharr(bump, cv2.CV_32F, 0, 1) / 32 * self.dots
        lit = self._lit(panel, colour, gx, gy, cv2.resize(hollow, full))
        self.shadow(mask, box, panel.cast, 0.35 + panel.lip)
        under, cover = box.of(self.colour), box.of(self.cover)
        under += mask[..., None] * (lit - under)
        np.maximum(cover, mask, out=cover)

    def _shape(self, panel: Panel, mask: Plane, x: Plane, y: Plane) -> tuple[Plane, Plane, Plane]:
        """Slopes of a panel without its threads and the light in its hollows, at the finished photo's resolution."""
        small = self.dots / SCALE
        flat = cv2.resize(mask, (x.shape[1], x.shape[0]), interpolation=cv2.INTER_AREA)
        inner = np.pad((flat > 0.5).astype(np.uint8), 1)
        inward: Plane = cv2.distanceTransform(inner, cv2.DIST_L2, cv2.DIST_MASK_5)[1:-1, 1:-1] / small
        edge: Plane = np.maximum(inward - 0.5 / small, 0) + 0.5 * flat / small
        body = dome(edge, panel.round) * 0.55
        height: Plane = np.asarray(cv2.GaussianBlur(body, (0, 0), max(0.6, min(0.18 * panel.round, 1.6) * small)))
        height = height + panel.lip * dome(edge, max(0.35, 1.2 / small))
        calm = np.clip(edge / 1.5, 0.25, 1)
        height = height + self._creases(panel, x, y) * calm * panel.fabric.drape * panel.crumple
        height = height + self._folds(panel.folds, x, y, small) * panel.fabric.drape * np.clip(edge / 0.8, 0.35, 1)
        if panel.field is not None:
            height = height + panel.field(x, y)
        gx = cv2.Scharr(height, cv2.CV_32F, 1, 0) / 32 * small
        gy = cv2.Scharr(height, cv2.CV_32F, 0, 1) / 32 * small
        buried = cv2.GaussianBlur(height, (0, 0), 1.3 * small) - height
        return gx, gy, np.clip(1 - 0.75 * buried * np.clip(edge / 2.0, 0.05, 1), 0.45, 1.15)

    def _creases(self, panel: Panel, x: Plane, y: Plane) -> Plane:
        """Unplanned creases, longer along the grain than across it."""
        u, v = turned(x, y, panel.grain)
        jump = self.rng.uniform(0, 256, 2)
        ridge = cv2.remap(self.creases, *wrapped(u * 5.5 + jump[0], v * 2.6 + jump[1], 256), cv2.INTER_LINEAR)
        swell = cv2.remap(self.swell, *wrapped(u * 3.2 + jump[1], v * 1.9 + jump[0], 256), cv2.INTER_LINEAR)
        ridge = np.clip(ridge, 0, None)
        return np.asarray(0.30 * ridge * ridge * np.clip(0.5 + 0.5 * swell, 0, 1.2) + 0.36 * swell)

    def _folds(self, folds: list[Fold], x: Plane, y: Plane, small: float) -> Plane:
        """Sum of the planned folds: strokes that taper, softened by their own width."""
        total = np.zeros(x.shape, np.float32)
        origin = self._origin
        for low, high in ((0.0, 0.75), (0.75, 1.35), (1.35, 2.4), (2.4, 99.0)):
            group = [f for f in folds if low <= f.width < high]
            if not group:
                continue
            sheet = np.zeros(x.shape, np.float32)
            for f in group:
                points = self.pixels(f.line) / SCALE - origin
                fixed = np.round(points * 16).astype(np.int32)
                taper = np.sin(np.linspace(0.12, np.pi - 0.05, len(points) - 1)) ** 0.8
                thick = max(1, round(f.width * 0.55 * small))
                for k in range(len(points) - 1):
                    cv2.line(
                        sheet,
                        fixed[k].tolist(),
                        fixed[k + 1].tolist(),
                        float(f.height * taper[k]),
                        thick,
                        cv2.LINE_8,
                        4,
                    )
            sigma = max(0.7, 0.42 * float(np.mean([f.width for f in group])) * small)
            total += cv2.GaussianBlur(sheet, (0, 0), sigma)
        return total * 2.3

    def _cloth(self, panel: Panel, x: Plane, y: Plane, slopes: tuple[Plane, Plane], box: Box) -> tuple[Plane, Plane]:
        """Reflectance and thread height at every painted pixel; the print bends with the folds."""
        fabric = panel.fabric
        u, v = turned(x, y, panel.grain)
        u = u + 0.35 * np.clip(slopes[0], -1, 1)
        v = v + 0.35 * np.clip(slopes[1], -1, 1)
        full = (box.x1 - box.x0, box.y1 - box.y0)
        places = wrapped(cv2.resize(u, full) * (TILE / fabric.span), cv2.resize(v, full) * (TILE / fabric.span), TILE)
        colour = cv2.remap(ringed(fabric.colour), *places, cv2.INTER_LINEAR)
        if panel.fade is not None:
            worn = cv2.resize(np.clip(panel.fade(x, y), 0, 1), full)[..., None]
            colour = colour + worn * (fabric.pale - colour) * (0.6 + 0.4 * colour / (colour.mean() + 1e-3)) * 0.7
        return colour, cv2.remap(ringed(fabric.relief), *places, cv2.INTER_LINEAR)

    def _lit(self, panel: Panel, colour: Plane, gx: Plane, gy: Plane, hollow: Plane) -> Plane:
        """Light a panel: soft key light, room light in the hollows, a highlight for shiny cloth."""
        lx, ly, lz = (float(c) for c in self.light)
        steep = 1 / np.sqrt(1 + gx * gx + gy * gy)
        key = np.clip((lz - gx * lx - gy * ly) * steep / lz, 0, 1.7)
        shade = (
            self.ambient * hollow * (0.6 + 0.4 * steep) + (1 - self.ambient) * key * (0.5 + 0.5 * hollow)
        ) * panel.inside
        # Light that bounces inside a fold takes on the cloth's colour: shadows are deeper in tone, not greyer.
        mean = colour.mean(axis=(0, 1))
        tint = 0.5 * (float(mean.mean()) - mean)
        lit = colour * np.stack([shade ** float(1 + t) for t in tint], axis=2)
        fabric = panel.fabric
        half = np.array([lx, ly, lz + 1], np.float32)
        half /= np.linalg.norm(half)
        facing = np.clip((half[2] - gx * half[0] - gy * half[1]) * steep, 0, 1)
        shine = fabric.gloss * (facing**fabric.polish) * panel.inside * hollow
        shine -= fabric.gloss * float(half[2] ** fabric.polish) * 0.5  # a flat sheet keeps most of its own colour
        return np.asarray(np.clip(lit + shine[..., None] * (0.35 + 0.65 * np.sqrt(mean)), 0.002, 2).astype(np.float32))


def dome(edge: Plane, radius: float) -> Plane:
    """Quarter-circle profile: 0 at the edge, `radius` high from `radius` inwards."""
    inward = np.clip(edge / radius, 0, 1)
    return (radius * np.sqrt(np.clip(1 - (1 - inward) ** 2, 0, 1))).astype(np.float32)


def turned(x: Plane, y: Plane, degrees: float) -> tuple[Plane, Plane]:
    """Coordinates across and along a direction."""
    a = np.radians(degrees)
    c, s = np.float32(np.cos(a)), np.float32(np.sin(a))
    return x * c - y * s, x * s + y * c


def wrapped(u: Plane, v: Plane, size: int) -> tuple[Plane, Plane]:
    return np.mod(u, size).astype(np.float32), np.mod(v, size).astype(np.float32)


def ringed(tile: Plane) -> Plane:
    """A tile with its first row and column repeated at the end, so that sampling wraps smoothly."""
    return cv2.copyMakeBorder(tile, 0, 1, 0, 1, cv2.BORDER_WRAP)
