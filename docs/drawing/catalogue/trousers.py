"""What all trousers share: measures, outline, folds, waistband, fly. Origin: middle of the waistband's upper edge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from docs.drawing.catalogue.curves import Path, Point, beside, outline, smooth
from docs.drawing.catalogue.fabric import Fabric
from docs.drawing.catalogue.measures import Pose
from docs.drawing.catalogue.parts import Button, Fold, Panel, Part, Seam, Stitch, across, drop, fan


@dataclass(frozen=True)
class Trousers:
    """Measures of a pair of trousers: half widths of waist, hip and leg, heights from the waist."""

    waist: float = 17.5
    hip: float = 21.8
    hip_at: float = 18.0
    crotch: float = 26.0
    thigh: float = 10.9
    knee: float = 8.0
    calf: float = 8.1
    ankle: float = 5.9
    length: float = 98.0
    band: float = 3.8
    gap: float = 3.0  # from the middle to the inside of the ankle, before spreading


def leg_line(cut: Trousers, pose: Pose, which: int) -> list[Point]:
    """Middle of a leg at the crotch, knee, calf and ankle; `which` is -1 left, 1 right."""
    out = cut.gap + pose.spread * min(1.0, (cut.length - cut.crotch) / 60)
    bend = pose.knees[(which + 1) // 2]
    down = cut.length - cut.crotch
    x0, x1 = cut.thigh + 0.4, cut.ankle + out
    return [
        (which * (x0 + (x1 - x0) * s + bend * np.sin(np.pi * s)), cut.crotch + down * s) for s in (0.0, 0.46, 0.66, 1.0)
    ]


def trouser_shape(cut: Trousers, pose: Pose) -> tuple[Path, Path, Path, list[tuple[Point, Point]]]:
    """Outline, left and right outer seam, and the (outer, inner) ends of both hems."""
    sides, hems = [], []
    for which in (-1, 1):
        top, knee, calf, ankle = leg_line(cut, pose, which)
        if cut.length < 60:
            outer, inner = _short_leg(cut, ankle, which)
            hem = smooth([tuple(outer[-1]), (ankle[0], ankle[1] + 0.9), tuple(inner[0])])
            sides.append((outer, hem, inner))
            hems.append((tuple(outer[-1]), tuple(inner[0])))
            continue
        outer = smooth(
            [
                (which * cut.waist, 0),
                (which * (cut.waist + (cut.hip - cut.waist) * 0.62), cut.hip_at * 0.5),
                (which * cut.hip, cut.hip_at),
                (top[0] + which * cut.thigh * 0.96, cut.crotch + 6),
                (knee[0] + which * cut.knee, knee[1]),
                (calf[0] + which * cut.calf, calf[1]),
                (ankle[0] + which * cut.ankle, ankle[1]),
            ]
        )
        inner = smooth(
            [
                (ankle[0] - which * cut.ankle, ankle[1]),
                (calf[0] - which * cut.calf, calf[1]),
                (knee[0] - which * cut.knee, knee[1]),
                (top[0] - which * cut.thigh * 0.93, cut.crotch + 9),
                (which * 0.15, cut.crotch),
            ]
        )
        hem = smooth([tuple(outer[-1]), (ankle[0], ankle[1] + 0.9), tuple(inner[0])])
        sides.append((outer, hem, inner))
        hems.append((tuple(outer[-1]), tuple(inner[0])))
    (lo, lh, li), (ro, rh, ri) = sides
    waist = smooth([(-cut.waist, 0), (0, 1.5), (cut.waist, 0)])
    shape = np.vstack([waist, ro[1:], rh, ri, li[::-1], lh[::-1], lo[::-1]])
    return shape, lo, ro, hems


def _short_leg(cut: Trousers, ankle: Point, which: int) -> tuple[Path, Path]:
    """Outer and inner edge of a leg that ends above the knee."""
    outer = smooth(
        [
            (which * cut.waist, 0),
            (which * (cut.waist + (cut.hip - cut.waist) * 0.62), cut.hip_at * 0.5),
            (which * cut.hip, cut.hip_at),
            (ankle[0] + which * cut.ankle, ankle[1]),
        ]
    )
    inner = smooth(
        [(ankle[0] - which * cut.ankle, ankle[1]), (which * 0.6, cut.crotch + 4.5), (which * 0.15, cut.crotch)]
    )
    return outer, inner


def leg_folds(cut: Trousers, pose: Pose, rng: np.random.Generator, strength: float = 1.0) -> list[Fold]:
    """Whiskers at the crotch, creases behind the knees, slack above the ankles."""
    folds: list[Fold] = []
    for w in (-1, 1):
        top, knee, calf, ankle = leg_line(cut, pose, w)
        if cut.length < 60:
            folds += fan(rng, (w * 1.5, cut.crotch - 1), (w * 20, w * 118), (7, 17), 6, 1.2, 0.30 * strength)
            folds += drop(
                rng,
                smooth([(w * 4, 18), (w * 19, 18)]),
                smooth([(w * 3, cut.length), (w * 22, cut.length)]),
                4,
                1.8,
                0.3 * strength,
            )
            continue
        folds += fan(rng, (w * 1.5, cut.crotch - 1.5), (w * 62, w * 118), (8, 17), 4, 1.1, 0.36 * strength)
        folds += fan(rng, (w * 1.8, cut.crotch + 1), (w * 12, w * 50), (8, 18), 3, 1.3, 0.32 * strength)
        folds += across(rng, (knee[0], knee[1] - 8), (knee[0], knee[1] + 7), cut.knee * 0.95, 8, 1.0, 0.42 * strength)
        folds += across(rng, calf, (ankle[0], ankle[1] - 1.5), cut.ankle * 0.95, 8, 0.95, 0.42 * strength)
        folds += across(rng, (top[0], top[1] + 8), knee, cut.thigh * 0.8, 4, 1.6, 0.24 * strength)
    return folds


def waist_back(cut: Trousers, fabric: Fabric) -> list[Part]:
    """The inside of the back waistband, seen over the front edge."""
    shape = outline(
        [(-cut.waist + 0.3, 0.4), (0, -1.6), (cut.waist - 0.3, 0.4)],
        [(cut.waist - 0.3, 0.4), (0, 3), (-cut.waist + 0.3, 0.4)],
    )
    return [Panel(shape, fabric.darker(0.8), round=0.8, cast=0, inside=0.6, crumple=0.2)]


def leg_opening(outer: Point, inner: Point, fabric: Fabric, which: int) -> list[Part]:
    """The dark inside of a leg's end."""
    a, b = np.array(outer), np.array(inner)
    mid = (a + b) / 2
    shape = outline([tuple(a), tuple(mid + (0, -1.2)), tuple(b)], [tuple(b), tuple(mid + (0, 1.7)), tuple(a)])
    return [Panel(shape, fabric.darker(0.7), round=0.6, cast=0, inside=0.55, crumple=0)]


def waistband(cut: Trousers, fabric: Fabric, thread: str, loops: bool = True, button: str = "#b98a4e") -> list[Part]:
    """Waistband with belt loops and a button."""
    grow = (cut.hip - cut.waist) * 0.62 * cut.band / (cut.hip_at * 0.5)
    top = smooth([(-cut.waist - 0.15, 0), (0, 1.5), (cut.waist + 0.15, 0)])
    low = smooth([(-cut.waist - grow - 0.2, cut.band), (0, cut.band + 1.6), (cut.waist + grow + 0.2, cut.band)])
    parts: list[Part] = [
        Panel(np.vstack([top, low[::-1]]), fabric, grain=90, round=1.6, lip=0.14, crumple=0.25, cast=0.4)
    ]
    for line, gap in ((top, -0.5), (low, 0.5)):
        parts.append(Stitch(beside(line, gap)[1:-1], thread))
    parts.append(Seam([smooth([(1.6, 1.6), (1.7, cut.band + 1.5)])], 0.25, 0.5))
    if loops:
        for s in (-0.82, -0.38, 0.38, 0.82):
            x, dy = s * cut.waist, 1.5 * (1 - s * s)
            loop = outline(
                [(x - 0.75, dy - 0.5), (x + 0.75, dy - 0.5)],
                [(x + 0.75, dy - 0.5), (x + 0.75 + s * 0.4, dy + cut.band + 0.8)],
                [(x + 0.75 + s * 0.4, dy + cut.band + 0.8), (x - 0.75 + s * 0.4, dy + cut.band + 0.8)],
                [(x - 0.75 + s * 0.4, dy + cut.band + 0.8), (x - 0.75, dy - 0.5)],
            )
            parts.append(Panel(loop, fabric, round=0.5, lip=0.22, crumple=0, cast=0.5))
    parts.append(Button((0.0, 1.5 + cut.band * 0.52), 1.05, button, holes=0, gloss=0.6))
    return parts


def fly(cut: Trousers, thread: str) -> list[Part]:
    """Centre seam with the curved double row of a zip fly."""
    top = cut.band + 1.6
    centre = smooth([(0.3, top), (0.25, cut.crotch)])
    curve = [(3.6, top), (3.5, top + 8), (2.6, top + 12.5), (0.5, top + 14.5)]
    return [
        Seam([centre], 0.35, 0.55),
        Stitch(smooth(curve), thread),
        Stitch(smooth([(x - 0.65, y - 0.2) for x, y in curve[:3]]), thread),
        Stitch(centre[: len(centre)] + [0.6, 0], thread),
    ]
