"""What lies behind a garment: studio sweeps, paper, plaster, linen, wooden boards."""

from __future__ import annotations

import cv2
import numpy as np

from docs.drawing.catalogue.fabric import Plane, linear

SOLID = {
    "white": "#f5f0ea",
    "grey": "#c4c0bb",
    "beige": "#ddd1bf",
    "blush": "#ecd5cd",
    "sky": "#c6dae8",
    "mint": "#cde0c8",
    "cream": "#f0e6d2",
    "lilac": "#d8cae9",
    "stone": "#cdc3b2",
    "slate": "#717c88",
}
FLAT = ("boards", "oak", "linen", "marble")


def backdrop(name: str, side: int, light: Plane, rng: np.random.Generator) -> Plane:
    """Paint a background in linear light.

    Parameters
    ----------
    name : str
        A key of SOLID, or 'plaster', 'boards' (white), 'oak', 'linen', 'marble'.
    side : int
        Pixels on a side.
    light : float (3,)
        Direction of the key light: the backdrop is brighter on that side.
    rng : numpy.random.Generator

    Returns
    -------
    float32 (side, side, 3)
    """
    x, y = np.meshgrid(*[np.linspace(-1, 1, side, dtype=np.float32)] * 2)
    glow = 1 + 0.09 * (x * light[0] + y * light[1]) - 0.07 * (x * x + y * y) + 0.03 * _noise(rng, side, 3)
    if name in ("boards", "oak"):
        sheet = _boards(side, rng, name == "boards")
    elif name == "linen":
        sheet = _linen(side, rng)
    elif name == "marble":
        sheet = _marble(side, rng)
    elif name == "plaster":
        sheet = _plaster(side, light, rng)
    else:
        sheet = np.ones((side, side, 3), np.float32) * linear(SOLID[name])
        floor = 0.5 + 0.5 * np.tanh((y - rng.uniform(0.55, 0.8)) / 0.16)
        sheet *= (1 - 0.07 * floor * (1.2 - floor) * 4 * (name in ("white", "grey", "beige", "slate")))[..., None]
        sheet *= (1 + 0.008 * _noise(rng, side, side // 3))[..., None]
    return np.asarray((sheet * glow[..., None]).astype(np.float32))


def _noise(rng: np.random.Generator, side: int, cells: int, across: int = 0) -> Plane:
    """Smooth noise, mean 0 and deviation 1; `across` cells along x when they differ."""
    cell = rng.standard_normal((cells + 3, (across or cells) + 3)).astype(np.float32)
    field = cv2.resize(cell, (side, side), interpolation=cv2.INTER_CUBIC)
    return np.asarray((field - field.mean()) / (field.std() + 1e-6))


def _boards(side: int, rng: np.random.Generator, white: bool) -> Plane:
    """Planks that run across the picture, each with its own tone and grain."""
    count = 5
    tall = side / count
    base = linear("#e6e2da") if white else linear("#b99a73")
    sheet = np.ones((side, side, 3), np.float32)
    shift = rng.uniform(0, tall)
    rows = np.arange(side, dtype=np.float32) + shift
    plank = (rows // tall).astype(int)
    for k in np.unique(plank):
        part = plank == k
        tone = rng.uniform(0.9, 1.08)
        bend = 0.5 * _noise(rng, side, 3, 2)[part]
        fine = _noise(rng, side, 160, 5)[part]
        rings = np.sin(
            2 * np.pi * (np.linspace(0, rng.uniform(3, 6), int(part.sum()), dtype=np.float32)[:, None] + 1.2 * bend)
        )
        grain = tone * (1 + (0.03 if white else 0.06) * rings + (0.03 if white else 0.045) * fine)
        sheet[part] = grain[..., None] * base
        joint = int(rng.uniform(0.1, 0.9) * side)
        sheet[np.flatnonzero(part)[0] : np.flatnonzero(part)[-1] + 1, joint : joint + 3] *= 0.72
    into = np.minimum(np.mod(rows, tall), tall - np.mod(rows, tall))
    return np.asarray(sheet * (1 - 0.5 * np.exp(-((into / 2.4) ** 2)))[:, None, None])


def _linen(side: int, rng: np.random.Generator) -> Plane:
    """A creased bed sheet seen from above."""
    thread = _noise(rng, side, 220, 30) + _noise(rng, side, 30, 220)
    crease = 1 - np.abs(_noise(rng, side, 4)) + 0.4 * (1 - np.abs(_noise(rng, side, 9)))
    slope = cv2.GaussianBlur(crease, (0, 0), 8)
    slope = cv2.Sobel(slope, cv2.CV_32F, 1, 1, ksize=5)
    slope = slope / (slope.std() + 1e-6)
    tone = 1 + 0.025 * thread + 0.035 * np.clip(slope, -2.5, 2.5)
    return np.asarray((linear("#eae0cc") * tone[..., None]).astype(np.float32))


def _marble(side: int, rng: np.random.Generator) -> Plane:
    """Pale stone with soft grey veins."""
    flow = _noise(rng, side, 3) + 0.5 * _noise(rng, side, 7) + 0.22 * _noise(rng, side, 18)
    vein = np.exp(-np.abs(flow) / 0.16) * np.clip(0.6 + 0.5 * _noise(rng, side, 4), 0, 1.2)
    cloudy = 0.02 * _noise(rng, side, 6)
    return (linear("#efebe6") * (1 + cloudy - 0.12 * vein)[..., None]).astype(np.float32)


def _plaster(side: int, light: Plane, rng: np.random.Generator) -> Plane:
    """A trowelled wall."""
    height = _noise(rng, side, 14) * 2.2 + _noise(rng, side, 40, 24) + 0.5 * _noise(rng, side, 120)
    gx, gy = cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3), cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3)
    relief = np.clip(-(gx * light[0] + gy * light[1]), -1.2, 1.2)
    return np.asarray(
        (linear("#dcd2c3") * (1 + 0.05 * relief + 0.02 * _noise(rng, side, 5))[..., None]).astype(np.float32)
    )
