"""Fabrics: what a bolt of cloth looks like up close.

A fabric is a square tile that repeats: its colour, its relief, and how it takes light and folds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[Any]  # float32: one value, or three, at each pixel
TILE = 384  # pixels on a side of a tile


@dataclass(frozen=True, eq=False)
class Fabric:
    """One repeating square of cloth.

    Attributes
    ----------
    colour : float32 (TILE, TILE, 3)
        Reflectance in linear light, BGR, 0..1.
    relief : float32 (TILE, TILE)
        Height of the threads in centimetres.
    span : float
        Side of the tile in centimetres.
    gloss, polish : float
        Strength and sharpness (Phong exponent) of the highlight.
    drape : float
        How high folds stand: 0.5 stiff denim, 1 cotton, 1.5 satin.
    pale : float
        Reflectance that worn places fade towards; used by denim only.
    """

    colour: Plane
    relief: Plane
    span: float
    gloss: float = 0.03
    polish: float = 8.0
    drape: float = 1.0
    pale: float = 0.55

    def darker(self, factor: float) -> Fabric:
        """The same cloth with `factor` times the reflectance, for linings and trims."""
        return replace(self, colour=self.colour * np.float32(factor))


def linear(code: str) -> Plane:
    """Turn a web colour such as '#c8a97e' into linear-light BGR, float32 (3,)."""
    rgb = np.array([int(code[i : i + 2], 16) for i in (5, 3, 1)], dtype=np.float32) / 255
    return np.power(rgb, np.float32(2.2))


def cloud(rng: np.random.Generator, across: int, down: int, size: int = TILE) -> Plane:
    """Smooth noise that repeats at the tile's edges.

    Parameters
    ----------
    rng : numpy.random.Generator
    across, down : int
        Random cells along each side; more cells, finer noise.
    size : int
        Side of the answer in pixels.

    Returns
    -------
    float32 (size, size)
        Mean about 0, standard deviation 1.
    """
    cells = np.pad(rng.standard_normal((down, across)).astype(np.float32), 3, mode="wrap")
    wide, high = round(size * (across + 6) / across), round(size * (down + 6) / down)
    field = cv2.resize(cells, (wide, high), interpolation=cv2.INTER_CUBIC)
    x, y = round(3 * size / across), round(3 * size / down)
    field = field[y : y + size, x : x + size]
    return np.asarray((field - field.mean()) / (field.std() + 1e-6))


def grid() -> tuple[Plane, Plane]:
    """Tile coordinates x, y in 0..1, float32 (TILE, TILE) each."""
    line = (np.arange(TILE, dtype=np.float32) + 0.5) / TILE
    x, y = np.meshgrid(line, line)
    return x, y


def wave(turns: Plane) -> Plane:
    """A cosine wave from 0 to 1; one turn is one period."""
    return (0.5 - 0.5 * np.cos(2 * np.pi * turns)).astype(np.float32)


def paint(code: str, tone: Plane) -> Plane:
    """One colour, made lighter and darker by a factor at each pixel: float32 (TILE, TILE, 3)."""
    return np.asarray((linear(code) * np.clip(tone, 0.05, 3.0)[..., None]).astype(np.float32))


def plain(code: str, rng: np.random.Generator, gloss: float = 0.03, drape: float = 1.0, rough: float = 0.05) -> Fabric:
    """Plain woven cotton or linen: fine threads in both directions."""
    x, y = grid()
    weave = wave(x * 64) * wave(y * 64)
    slub = 0.5 * cloud(rng, 96, 6) + 0.5 * cloud(rng, 6, 96)
    tone = 1 + rough * (weave - 0.3) + rough * 0.8 * slub + 0.02 * cloud(rng, 5, 5)
    return Fabric(paint(code, tone), 0.01 * weave + 0.003 * slub, 14.0, gloss=gloss, drape=drape)


def jersey(code: str, rng: np.random.Generator, melange: float = 0.0, drape: float = 1.0) -> Fabric:
    """Fine T-shirt knit; `melange` mixes in paler and darker fibres as in heather grey."""
    x, y = grid()
    stitch = wave(x * 64) * (0.7 + 0.3 * wave(y * 64 + 0.25 * np.sin(2 * np.pi * x * 64)))
    fibre = cloud(rng, 40, 130) + 0.6 * cloud(rng, 120, 170)
    tone = 1 + 0.06 * (stitch - 0.4) + (0.02 + melange) * fibre + 0.015 * cloud(rng, 4, 4)
    return Fabric(paint(code, tone), 0.012 * stitch, 14.0, gloss=0.015, polish=4, drape=drape)


def ribbed(code: str, rng: np.random.Generator, ribs: int = 20, depth: float = 0.09, span: float = 14.0) -> Fabric:
    """Rib knit: round columns along the grain."""
    x, y = grid()
    column = np.sqrt(wave(x * ribs))
    loops = wave(y * ribs * 3 + 0.3 * np.cos(2 * np.pi * x * ribs * 2))
    tone = 0.78 + 0.3 * column + 0.06 * loops * column + 0.03 * cloud(rng, 60, 90)
    return Fabric(paint(code, tone), depth * column + 0.012 * loops, span, gloss=0.012, polish=4, drape=0.8)


def cable(code: str, rng: np.random.Generator) -> Fabric:
    """Aran knit: two-strand cables between columns of moss stitch."""
    x, y = grid()
    lane = np.mod(x * 3, 1.0)
    swing = 0.13 * np.sin(2 * np.pi * y * 3)
    one = np.exp(-(((lane - 0.5 - swing) / 0.085) ** 2))
    two = np.exp(-(((lane - 0.5 + swing) / 0.085) ** 2))
    front = np.where(np.cos(2 * np.pi * y * 3) > 0, one, two)
    moss = wave(x * 36) * wave(y * 36) * (np.abs(lane - 0.5) > 0.28)
    rail = np.exp(-(((np.abs(lane - 0.5) - 0.27) / 0.025) ** 2))
    height = np.maximum(np.maximum(one, two) * 0.85, front) + 0.35 * moss + 0.5 * rail
    strand = wave(y * 40 + x * 12)
    tone = 0.72 + 0.28 * height + 0.07 * strand + 0.03 * cloud(rng, 70, 70)
    return Fabric(paint(code, tone), (0.34 * height + 0.03 * strand).astype(np.float32), 21.0, gloss=0.01, drape=0.7)


def twill(code: str, rng: np.random.Generator, lines: int = 44, contrast: float = 0.10, gloss: float = 0.04) -> Fabric:
    """Diagonal weave of gabardine and chinos."""
    x, y = grid()
    rib = wave((x + y) * lines + 0.02 * cloud(rng, 30, 30))
    tone = 1 + contrast * (rib - 0.5) + 0.025 * cloud(rng, 90, 12) + 0.02 * cloud(rng, 5, 5)
    return Fabric(paint(code, tone), 0.012 * rib, 14.0, gloss=gloss, polish=6, drape=0.85)


def denim(code: str, rng: np.random.Generator, contrast: float = 0.35, pale: float = 0.5) -> Fabric:
    """Indigo twill: white weft shows between the diagonals, warp yarns are uneven."""
    x, y = grid()
    rib = wave((x + y) * 48)
    fleck = np.clip(cloud(rng, 120, 60) + 0.8 * cloud(rng, 150, 150), 0, 3)
    yarn = cloud(rng, 110, 5) + 0.6 * cloud(rng, 60, 3)
    tone = 0.9 + contrast * (0.45 - rib) + 0.16 * contrast * yarn + 0.03 * cloud(rng, 6, 6)
    colour = paint(code, tone)
    weft = (0.10 * contrast * fleck * rib)[..., None]
    return Fabric(colour * (1 - weft) + 0.6 * weft, 0.016 * rib, 15.0, gloss=0.02, polish=5, drape=0.95, pale=pale)


def corduroy(code: str, rng: np.random.Generator, wales: int = 24) -> Fabric:
    """Velvety cords along the grain."""
    x, _ = grid()
    cord = np.sqrt(wave(x * wales))
    tone = 0.55 + 0.5 * cord + 0.06 * cloud(rng, 80, 40)
    return Fabric(paint(code, tone), 0.10 * cord, 15.0, gloss=0.05, polish=3, drape=0.7)


def satin(code: str, rng: np.random.Generator, gloss: float = 0.35, drape: float = 1.35) -> Fabric:
    """Smooth, shiny and flowing."""
    tone = 1 + 0.012 * cloud(rng, 120, 30) + 0.01 * cloud(rng, 5, 5)
    return Fabric(paint(code, tone), 0.002 * cloud(rng, 150, 40), 14.0, gloss=gloss, polish=14, drape=drape)


def nylon(code: str, rng: np.random.Generator, gloss: float = 0.16) -> Fabric:
    """Dense outdoor cloth with a dull shine."""
    x, y = grid()
    ripstop = wave(x * 90) * wave(y * 90)
    tone = 1 + 0.04 * (ripstop - 0.3) + 0.015 * cloud(rng, 30, 30)
    pucker = 0.012 * cloud(rng, 22, 22)
    return Fabric(
        paint(code, tone), (pucker + 0.004 * ripstop).astype(np.float32), 14.0, gloss=gloss, polish=9, drape=1.1
    )


def leather(code: str, rng: np.random.Generator) -> Fabric:
    """Grained leather: pebbles with a hard highlight."""
    pebble = np.abs(cloud(rng, 60, 60)) + 0.5 * np.abs(cloud(rng, 110, 110))
    tone = 1 + 0.10 * (pebble - 1)
    return Fabric(paint(code, tone), 0.014 * pebble, 14.0, gloss=0.30, polish=16, drape=1.0)


def fleece(code: str, rng: np.random.Generator, melange: float = 0.07) -> Fabric:
    """Brushed sweatshirt cloth, a little mottled."""
    fuzz = cloud(rng, 130, 130) + cloud(rng, 50, 90)
    tone = 1 + melange * fuzz + 0.02 * cloud(rng, 6, 6)
    return Fabric(paint(code, tone), 0.006 * fuzz, 14.0, gloss=0.01, polish=3, drape=0.9)
