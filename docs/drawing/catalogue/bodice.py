"""The upper half of a garment: torso, sleeves, neck bands and cuffs. Origin: base of the neck."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from docs.drawing.catalogue.curves import Path, Point, mirror, outline, polar, smooth
from docs.drawing.catalogue.fabric import Fabric
from docs.drawing.catalogue.measures import Cut, Pose
from docs.drawing.catalogue.parts import Fold, Panel, Part, Seam, Stitch, across, fan
from docs.drawing.catalogue.pose import moved


def neckline(cut: Cut, sharp: bool = False) -> Path:
    """Front neck edge from left to right; `sharp` makes it a V."""
    n, d = cut.neck, cut.drop
    if sharp:
        return outline([(-n, 0.0), (-n * 0.55, d * 0.52), (0.0, d)], [(0.0, d), (n * 0.55, d * 0.52), (n, 0.0)])
    return smooth(
        [
            (-n, 0.0),
            (-n * 0.82, d * 0.52),
            (-n * 0.45, d * 0.88),
            (0.0, d),
            (n * 0.45, d * 0.88),
            (n * 0.82, d * 0.52),
            (n, 0.0),
        ]
    )


def side(cut: Cut) -> Path:
    """Right side seam, from the armpit down to the hem."""
    return smooth(
        [
            cut.pit,
            ((cut.chest + cut.waist) / 2 - 0.3, (cut.armhole + cut.waist_at) / 2),
            (cut.waist, cut.waist_at),
            (cut.hem, cut.length),
        ]
    )


def armhole(cut: Cut) -> Path:
    """Right armhole, from the shoulder tip to the armpit."""
    (sx, sy), (px, py) = cut.tip, cut.pit
    return smooth(
        [(sx, sy), (sx - 1.6, sy + (py - sy) * 0.45), (sx + (px - sx) * 0.25 - 0.6, sy + (py - sy) * 0.82), (px, py)]
    )


def torso(cut: Cut, sharp: bool = False) -> Path:
    """Outline of a closed front."""
    right = [smooth([(cut.neck, 0.0), cut.tip]), armhole(cut), side(cut)]
    hem = smooth(
        [
            (cut.hem, cut.length),
            (cut.hem * 0.5, cut.length + cut.dip * 0.8),
            (0, cut.length + cut.dip),
            (-cut.hem * 0.5, cut.length + cut.dip * 0.8),
            (-cut.hem, cut.length),
        ]
    )
    return np.vstack([neckline(cut, sharp), *right, hem, *[mirror(p) for p in reversed(right)]])


def half(cut: Cut, edge: Path) -> Path:
    """Outline of a right front panel whose inner edge is `edge`, walked from the hem up to the neck."""
    hem = smooth([(cut.hem, cut.length), (cut.hem * 0.5, cut.length + cut.dip * 0.8), tuple(edge[0])])
    return np.vstack([smooth([tuple(edge[-1]), (cut.neck, 0.0), cut.tip])[1:], armhole(cut), side(cut), hem, edge])


@dataclass(frozen=True, eq=False)
class Sleeve:
    """One sleeve laid out: its parts, and where its cuff is."""

    parts: list[Part]
    inner: Point
    outer: Point
    angle: float


def sleeve(
    cut: Cut,
    pose: Pose,
    fabric: Fabric,
    rng: np.random.Generator,
    which: int,
    hem: str = "",
    cuff: Fabric | None = None,
    cuff_long: float = 5.5,
    blouse: float = 0.0,
) -> Sleeve:
    """A set-in sleeve; draw it before the torso.

    Parameters
    ----------
    which : int
        -1 the left of the picture, 1 the right.
    hem : str
        Thread colour of a stitched hem, '' for none.
    cuff : Fabric, optional
        Cloth of a sewn-on cuff.
    blouse : float
        Extra fullness above the cuff, in centimetres.
    """
    arm, bend = pose.arms[(which + 1) // 2], pose.elbows[(which + 1) // 2]
    (sx, sy), (px, py) = cut.tip, cut.pit
    root = ((sx + px) / 2 - (4.2 if cut.sleeve > 34 else 2.6), (sy + py) / 2 + 0.4)
    wide = 0.5 * float(np.hypot(px - sx, py - sy))
    long = cut.sleeve > 34
    top = polar(root, arm, cut.sleeve * (0.5 if long else 0.55))
    low = polar(top, arm + (bend if long else bend * 0.3), cut.sleeve * (0.5 if long else 0.45))
    mid = cut.elbow or (wide * 0.45 + cut.cuff * 0.55 if long else (wide + cut.cuff) / 2)
    aim = arm + (bend if long else bend * 0.3)
    outer, inner = polar(low, aim + 90, cut.cuff), polar(low, aim - 90, cut.cuff)
    puff_out, puff_in = (
        polar(polar(low, aim + 90, cut.cuff + blouse), aim, -5.0),
        polar(polar(low, aim - 90, cut.cuff + blouse), aim, -5.0),
    )
    bow = polar(top, (arm + aim) / 2 + 90, mid)
    if not long:
        bow = (sx + 0.6 * (outer[0] - sx) + 0.7, sy + 0.6 * (outer[1] - sy) - 0.7)
    crown = polar((sx + 0.3 * (bow[0] - sx), sy + 0.3 * (bow[1] - sy)), arm + 90, 0.5 + 0.02 * max(0.0, 40 - arm))
    outside: list[Point] = [
        (sx - 0.4, sy - 0.1),
        (sx + 1.4, sy + 0.9),
        crown,
        bow,
        *([puff_out] if blouse else []),
        outer,
    ]
    inside: list[Point] = [
        inner,
        *([puff_in] if blouse else []),
        polar(top, (arm + aim) / 2 - 90, mid),
        (px - 0.2, py + 0.5),
    ]
    end = [outer, polar(low, aim, 0.5), inner]
    shape = outline(
        outside, end, inside, [(px - 0.2, py + 0.5), (px - 6, py - 4), (sx - 6, sy + 5), (sx - 0.4, sy - 0.1)]
    )
    folds = _sleeve_folds(cut, rng, arm, aim, (root, top, low), mid, long, blouse)
    parts: list[Part] = [
        Panel(shape, fabric, grain=aim * 0.55 + arm * 0.45, folds=folds, round=min(6.0, cut.cuff * 0.9), crumple=0.8)
    ]
    if hem:
        parts += hem_stitches(polar(outer, aim, -2.0), polar(inner, aim, -2.0), hem)
    if cuff is not None:
        parts += _cuff(cuff, low, aim, cut.cuff, cuff_long)
    if which < 0:
        parts = [flip(p) for p in parts]
    return Sleeve(parts, inner, outer, aim)


def _sleeve_folds(
    cut: Cut,
    rng: np.random.Generator,
    arm: float,
    aim: float,
    joints: tuple[Point, Point, Point],
    mid: float,
    long: bool,
    blouse: float,
) -> list[Fold]:
    root, top, low = joints
    folds = fan(rng, cut.pit, (arm - 4, arm + 62), (9, 19), 5, 1.3, 0.42)
    if long:
        folds += across(rng, polar(top, arm, -6), polar(top, aim, 6), mid, 5, 1.2, 0.40)
        folds += across(rng, polar(top, aim, 7), low, cut.cuff, 4, 1.1, 0.24)
    if blouse:
        for s in np.linspace(-0.9, 0.9, 8):
            a = polar(low, aim + 90, cut.cuff * s)
            folds.append(
                Fold(smooth([a, polar(polar(a, aim, -4.5), aim + 90, s), polar(a, aim, -rng.uniform(8, 13))]), 0.8, 0.4)
            )
    folds += across(rng, polar(root, arm, 6), polar(top, arm, -3), mid, 3, 1.5, 0.3)
    return folds


def _cuff(fabric: Fabric, low: Point, aim: float, wide: float, long: float) -> list[Part]:
    a, b = polar(polar(low, aim + 90, wide * 1.02), aim, -0.5), polar(polar(low, aim - 90, wide * 1.02), aim, -0.5)
    c, d = polar(polar(low, aim - 90, wide * 0.95), aim, long), polar(polar(low, aim + 90, wide * 0.95), aim, long)
    shape = outline([a, polar(low, aim, 0.1), b], [b, c], [c, polar(low, aim, long + 0.4), d], [d, a])
    return [Panel(shape, fabric, grain=aim, round=wide * 0.7, crumple=0.25, cast=0.25)]


def hem_stitches(a: Point, b: Point, colour: str, rows: int = 2) -> list[Part]:
    """A shallow groove with one or two rows of thread, from `a` to `b`."""
    way = np.array([b[0] - a[0], b[1] - a[1]])
    way = way / max(float(np.hypot(*way)), 1e-6) * 0.4
    lines = [
        smooth(
            [
                (a[0] + way[0], a[1] + way[1] - 0.7 * k),
                ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2 + 0.35 - 0.7 * k),
                (b[0] - way[0], b[1] - way[1] - 0.7 * k),
            ]
        )
        for k in range(rows)
    ]
    return [Seam(lines[:1], 0.3, 0.35), *[Stitch(line, colour, 0.35, 0.2, 0.12) for line in lines]]


def flip(piece: Part) -> Part:
    """The same part on the other side of the garment."""

    return moved(piece, lambda p: p * np.array([-1.0, 1.0]), mirrored=True)
