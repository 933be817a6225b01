"""Skirts and the lower half of dresses. Origin of a skirt: middle of its waistband's upper edge."""

from __future__ import annotations

import numpy as np

from docs.drawing.catalogue.curves import Field, Path, beside, mirror, outline, smooth
from docs.drawing.catalogue.fabric import Fabric
from docs.drawing.catalogue.measures import Pose
from docs.drawing.catalogue.parts import Button, Fold, Panel, Part, Seam, Stitch, across, drop, fan
from docs.drawing.catalogue.trims import patch


def flare(
    waist: float,
    hip: float,
    hem: float,
    top: float,
    length: float,
    ripple: int = 0,
    rng: np.random.Generator | None = None,
    hip_at: float = 18.0,
) -> tuple[Path, Path, Path]:
    """Outline, upper edge and hem of a skirt that widens from `top` down to `length`; `ripple` waves in the hem."""
    right = smooth(
        [
            (waist, top),
            ((waist + hip) / 2 + 0.8, top + hip_at * 0.5),
            (hip, top + hip_at),
            ((hip + hem) / 2, (top + hip_at + length) / 2),
            (hem, length),
        ]
    )
    x = np.linspace(hem, -hem, 120)
    y = length + 1.8 * (1 - (x / hem) ** 2)
    if ripple and rng is not None:
        shift = rng.uniform(0, 6)
        calm = 1 - (x / hem) ** 8  # the side seams stay at their length
        y = y + calm * (
            0.6 * np.sin(ripple * np.pi * x / hem + shift) + 0.35 * np.sin(ripple * 1.7 * np.pi * x / hem + 2 * shift)
        )
    hem_line = np.column_stack([x, y])
    upper = smooth([(-waist, top), (0, top + 1.2), (waist, top)])
    return np.vstack([upper, right[1:], hem_line, mirror(right)]), upper, hem_line[::-1]


def flow(waist: float, hem: float, top: float, length: float, count: float, height: float, phase: float = 0.0) -> Field:
    """Cones of cloth that hang from the waist and open towards the hem."""

    def height_at(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        down = np.clip((y - top) / (length - top), 0, 1)
        share = x / (waist + (hem - waist) * down)
        bend = share + 0.05 * np.sin(5 * share + 2.2 * down + phase) + 0.02 * np.sin(9 * down + 3 * phase)
        a = np.pi * count * bend + phase
        waves = np.sin(a) + 0.45 * np.sin(1.63 * a + 1.3 * phase) * np.clip(down * 1.6 - 0.2, 0, 1)
        return (height * (0.12 + down**0.8) * waves).astype(np.float32)

    return height_at


def pleats(waist: float, hem: float, top: float, length: float, count: int, height: float) -> Field:
    """Knife pleats: a steep step and a flat run, side by side."""

    def height_at(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        down = np.clip((y - top) / (length - top), 0, 1)
        share = x / (waist + (hem - waist) * down) + 0.012 * np.sin(4 * down + 3 * x / hem)
        run = np.mod(share * count * 0.5, 1.0)
        saw = np.where(run < 0.78, run / 0.78, (1 - run) / 0.22)
        return (height * (0.45 + 0.75 * down) * saw).astype(np.float32)

    return height_at


def sewn_band(waist: float, tall: float, fabric: Fabric, grow: float = 0.6, gathers: bool = False) -> list[Part]:
    """A waistband, and the inside of the back above it."""
    behind = outline([(-waist, 0.3), (0, -1.3), (waist, 0.3)], [(waist, 0.3), (0, 2.5), (-waist, 0.3)])
    strip = np.vstack(
        [
            smooth([(-waist - 0.1, 0), (0, 1.2), (waist + 0.1, 0)]),
            smooth([(waist + grow, tall), (0, tall + 1.2), (-waist - grow, tall)]),
        ]
    )
    folds = []
    if gathers:
        folds = [
            Fold(smooth([(x, 0.2), (x, tall + 1)]), 0.7, 0.35 * (-1) ** k)
            for k, x in enumerate(np.linspace(-waist, waist, 26))
        ]
    return [
        Panel(behind, fabric.darker(0.75), round=0.6, cast=0, inside=0.6, crumple=0),
        Panel(strip, fabric, grain=90, folds=folds, round=1.4, lip=0.14, crumple=0.2, cast=0.4),
    ]


def pleated_skirt(fabric: Fabric, pose: Pose, rng: np.random.Generator) -> list[Part]:
    """Midi skirt in sharp pleats."""
    hem = 33.0 + pose.spread
    shape, upper, low = flare(17.0, 22.0, hem, 3.0, 72.0, 13, rng)
    folds = drop(rng, upper, low, 5, 3.0, 0.5, 0.2)
    back_strip, front_strip = sewn_band(17.0, 3.6, fabric)
    skirt = Panel(shape, fabric, field=pleats(17.0, hem, 3.0, 72.0, 26, 1.0), folds=folds, round=6.0, crumple=0.3)
    return [back_strip, skirt, Seam([beside(low, 1.2)], 0.2, 0.3), front_strip]


def pencil_skirt(fabric: Fabric, pose: Pose, rng: np.random.Generator, thread: str) -> list[Part]:
    """Knee-length straight skirt with darts and a slit."""
    hem = 20.0 + pose.spread * 0.4
    shape, upper, low = flare(17.0, 23.0, hem, 3.5, 61.0, hip_at=17.0)
    folds = across(rng, (0, 17), (0, 30), 20, 6, 1.8, 0.4) + drop(rng, upper, low, 6, 2.6, 0.5, 0.15)
    folds += fan(rng, (-21, 22), (60, 110), (10, 18), 3, 1.5, 0.4) + fan(
        rng, (21, 22), (-60, -110), (10, 18), 3, 1.5, 0.4
    )
    back_strip, front_strip = sewn_band(17.0, 4.2, fabric, grow=1.1)
    darts = [smooth([(s * 9.5, 4.8), (s * 10.4, 14.5)]) for s in (-1, 1)]
    slit = outline([(7.2, 46), (8.4, 62.4)], [(8.4, 62.4), (6.4, 62.6)], [(6.4, 62.6), (7.2, 46)])
    return [
        back_strip,
        Panel(shape, fabric, folds=folds, round=7.5, crumple=0.7),
        Panel(slit, fabric.darker(0.35), round=0.3, cast=0, inside=0.5),
        Seam([*darts, smooth([(7.2, 24), (7.2, 46)])], 0.25, 0.5),
        Seam([beside(low, 2.6)], 0.25, 0.3),
        front_strip,
    ]


def buttoned_skirt(fabric: Fabric, pose: Pose, rng: np.random.Generator, thread: str, button: str) -> list[Part]:
    """Short A-line skirt with a row of buttons and two patch pockets."""

    hem = 27.5 + pose.spread
    shape, upper, low = flare(17.5, 22.0, hem, 3.5, 45.0, 3, rng, hip_at=14.0)
    folds = drop(rng, upper, low, 8, 2.6, 0.7, 0.2)
    back_strip, front_strip = sewn_band(17.5, 4.0, fabric, grow=1.0)
    strip = outline([(-2, 4), (2, 4)], [(2, 4), (2.2, 46.6)], [(2.2, 46.6), (-2.2, 46.6)], [(-2.2, 46.6), (-2, 4)])
    parts: list[Part] = [back_strip, Panel(shape, fabric, folds=folds, round=6.5, crumple=0.7)]
    parts += [Seam([beside(low, 2.4)], 0.25, 0.3), Stitch(beside(low, 2.2), thread)]
    for x in (-13.0, 13.0):
        parts += patch(x, 15.5, 10.5, 11.5, fabric, thread, peak=1.2)
    parts += [Panel(strip, fabric, round=0.6, lip=0.15, crumple=0.3, cast=0.4), front_strip]
    parts += [Stitch(smooth([(s * 1.6, 4.5), (s * 1.8, 46)]), thread) for s in (-1, 1)]
    return parts + [Button((0.0, float(y)), 0.95, button) for y in (2.7, 10, 17.5, 25, 32.5, 40)]
