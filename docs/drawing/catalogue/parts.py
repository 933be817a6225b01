"""What a garment is sewn from: panels of cloth, seams, stitches, buttons and cords.

A garment is a list of parts, drawn in order, so that later parts lie on top of earlier ones.
All lengths are centimetres of cloth.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from docs.drawing.catalogue.curves import Field, Path, Point, at, smooth
from docs.drawing.catalogue.fabric import Fabric


@dataclass(frozen=True, eq=False)
class Fold:
    """A crest (height above 0) or a valley in the cloth, fading out at both ends."""

    line: Path
    width: float
    height: float


@dataclass(frozen=True, eq=False)
class Panel:
    """One piece of cloth.

    Attributes
    ----------
    outline : Path
        Closed outline.
    fabric : Fabric
    grain : float
        Direction of the fabric's threads: degrees turned from straight down, as in `curves.polar`.
    folds : list of Fold
    field : Field, optional
        Height in centimetres at any place, for pleats, gathers and quilting.
    fade : Field, optional
        0..1: how far the cloth is worn towards the fabric's pale shade.
    round : float
        Radius in centimetres with which the panel's edges curve away, as on a body.
    lip : float
        Thickness of the edge.
    crumple : float
        Strength of the unplanned creases.
    cast : float
        Darkness of the shadow on the parts below, 0..1.
    inside : float
        Share of light that reaches the panel: below 1 inside a neck or a sleeve.
    """

    outline: Path
    fabric: Fabric
    grain: float = 0.0
    folds: list[Fold] = field(default_factory=list)
    field: Field | None = None
    fade: Field | None = None
    round: float = 2.5
    lip: float = 0.12
    crumple: float = 1.0
    cast: float = 0.5
    inside: float = 1.0


@dataclass(frozen=True, eq=False)
class Seam:
    """A groove where two pieces are sewn together; `lines` may be many short ones, as in a rib."""

    lines: list[Path]
    width: float = 0.22
    depth: float = 0.45


@dataclass(frozen=True, eq=False)
class Stitch:
    """A row of visible thread."""

    line: Path
    colour: str
    length: float = 0.5
    gap: float = 0.28
    width: float = 0.16


@dataclass(frozen=True, eq=False)
class Button:
    """A round button, snap or rivet."""

    centre: Point
    radius: float
    colour: str
    holes: int = 4
    gloss: float = 0.25


@dataclass(frozen=True, eq=False)
class Cord:
    """A round string, rail, zip or wire."""

    line: Path
    width: float
    colour: str
    gloss: float = 0.1
    cast: float = 0.45


Part = Panel | Seam | Stitch | Button | Cord


def fold(points: list[Point], width: float, height: float) -> Fold:
    """A fold along a smooth line through `points`."""
    return Fold(smooth(points), width, height)


def fan(
    rng: np.random.Generator,
    origin: Point,
    degrees: tuple[float, float],
    reach: tuple[float, float],
    count: int,
    width: float = 1.1,
    height: float = 0.45,
) -> list[Fold]:
    """Drag lines that spread from a point of tension, such as an armpit or a crotch.

    Parameters
    ----------
    rng : numpy.random.Generator
    origin : Point
    degrees : (from, to)
        Directions of the first and last line, as in `curves.polar`.
    reach : (shortest, longest)
    count : int
    width, height : float
        Typical size of a fold; each line differs.
    """
    lines = []
    for share in (np.arange(count) + rng.uniform(0.2, 0.8, count)) / count:
        a = np.radians(degrees[0] + share * (degrees[1] - degrees[0]))
        length = rng.uniform(*reach)
        way = np.array([np.sin(a), np.cos(a)])
        bow = np.array([way[1], -way[0]]) * length * rng.uniform(-0.12, 0.12)
        start = np.asarray(origin) + way * length * rng.uniform(0.02, 0.15)
        points = [start, start + way * length * 0.5 + bow, start + way * length]
        sign = 1.0 if rng.random() < 0.65 else -0.8
        lines.append(
            Fold(smooth(np.array(points)), width * rng.uniform(0.7, 1.4), sign * height * rng.uniform(0.6, 1.3))
        )
    return lines


def across(
    rng: np.random.Generator, a: Point, b: Point, half: float, count: int, width: float = 0.9, height: float = 0.35
) -> list[Fold]:
    """Short creases lying across the line from `a` to `b`, as behind a knee or in an elbow."""
    lines = []
    start, way = np.asarray(a), np.asarray(b) - np.asarray(a)
    long = max(float(np.hypot(*way)), 1e-6)
    side = np.array([way[1], -way[0]]) / long
    for share in (np.arange(count) + rng.uniform(0.1, 0.9, count)) / count:
        centre = start + way * share
        skew = way / long * half * rng.uniform(-0.7, 0.7)
        left, right = rng.uniform(0.35, 1.0, 2)
        if rng.random() < 0.6:
            left, right = (left, 0.1) if rng.random() < 0.5 else (0.1, right)
        points = np.array(
            [centre - side * half * left - skew, centre + 0.15 * skew, centre + side * half * right + skew]
        )
        sign = 1.0 if rng.random() < 0.6 else -0.8
        lines.append(Fold(smooth(points), width * rng.uniform(0.7, 1.4), sign * height * rng.uniform(0.6, 1.3)))
    return lines


def drop(
    rng: np.random.Generator,
    top: Path,
    bottom: Path,
    count: int,
    width: float = 1.4,
    height: float = 0.6,
    start: float = 0.0,
) -> list[Fold]:
    """Hanging folds from the line `top` down towards the line `bottom`, as in a skirt or a curtain."""

    lines = []
    for share in (np.arange(count) + rng.uniform(0.15, 0.85, count)) / count:
        a, b = np.array(at(top, share)), np.array(at(bottom, np.clip(share + rng.uniform(-0.03, 0.03), 0, 1)))
        first, last = start + rng.uniform(0.0, 0.25), rng.uniform(0.85, 1.12)
        points = [a + (b - a) * s + np.array([rng.uniform(-0.5, 0.5), 0.0]) for s in (first, (first + last) / 2, last)]
        sign = 1.0 if rng.random() < 0.6 else -0.9
        lines.append(
            Fold(smooth(np.array(points)), width * rng.uniform(0.6, 1.4), sign * height * rng.uniform(0.6, 1.3))
        )
    return lines
