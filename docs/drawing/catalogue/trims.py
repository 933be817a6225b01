"""Collars, plackets, patch pockets, ruffles and bows."""

from __future__ import annotations

import numpy as np

from docs.drawing.catalogue.bodice import flip
from docs.drawing.catalogue.curves import Path, Point, beside, outline, polar, smooth
from docs.drawing.catalogue.fabric import Fabric
from docs.drawing.catalogue.holders import hanger
from docs.drawing.catalogue.measures import Cut, Pose
from docs.drawing.catalogue.parts import Button, Fold, Panel, Part, Seam, Stitch, fan


def collar(
    cut: Cut, fabric: Fabric, thread: str, pose: Pose, point: float = 8.5, spread: float = 0.9, opened: float = 0.3
) -> list[Part]:
    """A shirt collar: stand behind, two wings in front; `opened` is half the gap at the throat."""
    n, d = cut.neck, cut.drop
    stand = outline(
        [(-n - 0.4, 0.2), (-n * 0.6, -2.6), (0, -3.3), (n * 0.6, -2.6), (n + 0.4, 0.2)],
        [(n + 0.4, 0.2), (0, 2.6), (-n - 0.4, 0.2)],
    )
    roll = smooth([(opened, d - 0.2), (n * 0.52, d * 0.55), (n * 0.86, -0.4), (n * 0.78, -2.4)])
    wing = np.vstack(
        [
            roll,
            smooth([(n * 0.78, -2.4), (n + 0.9, -1.2), (n + 2.0, 1.3)]),
            smooth([(n + 2.0, 1.3), (n * spread + 1.2, point)]),
            smooth([(n * spread + 1.2, point), (n * 0.5, d + 0.9), (opened, d - 0.2)]),
        ]
    )
    edge = outline(
        [(n + 1.6, 1.5), (n * spread + 0.9, point - 0.9)],
        [(n * spread + 0.9, point - 0.9), (n * 0.5, d + 0.2), (opened + 0.5, d - 0.6)],
    )
    own: list[Part] = [
        Panel(wing, fabric, grain=-24, round=1.3, lip=0.2, crumple=0.15, cast=0.55),
        Stitch(edge, thread, 0.32, 0.2, 0.11),
    ]
    wings = [*[flip(p) for p in own], *own]
    if pose.holder == "form":  # the form's neck hides the stand
        return wings
    return [
        Panel(stand, fabric.darker(0.9), grain=90, round=1.0, crumple=0.1, cast=0.2, inside=0.75),
        Seam([smooth([(-n, 0.0), (0, -0.4), (n, 0.0)])], 0.2, 0.3),
        *(hanger(cut, collared=True) if pose.holder == "hanger" else []),
        *wings,
    ]


def placket(
    cut: Cut,
    fabric: Fabric,
    thread: str,
    button: str,
    count: int,
    end: float = 0.0,
    half: float = 1.6,
    radius: float = 0.62,
    shift: float = 0.0,
) -> list[Part]:
    """The overlapping strip down the front with its buttons; `end` is where it stops, 0 for the hem."""
    foot = end or cut.length + cut.dip
    top = cut.drop - 0.2
    strip = outline(
        [(shift - half, top), (shift + half, top)],
        [(shift + half, top), (shift + half, foot)],
        [(shift + half, foot), (shift - half, foot)],
        [(shift - half, foot), (shift - half, top)],
    )
    parts: list[Part] = [Panel(strip, fabric, round=0.5, lip=0.12, crumple=0.3, cast=0.35)]
    for x in (-half + 0.4, half - 0.4):
        parts.append(Stitch(smooth([(shift + x, top), (shift + x, foot - 0.3)]), thread, 0.32, 0.2, 0.11))
    for y in np.linspace(top + 2.4, foot - (6.5 if not end else 2.0), count):
        parts.append(Button((shift, float(y)), radius, button))
    return parts


def patch(
    x: float,
    y: float,
    wide: float,
    tall: float,
    fabric: Fabric,
    thread: str,
    flap: float = 0.0,
    peak: float = 1.4,
    button: str = "",
    lean: float = 0.0,
) -> list[Part]:
    """A patch pocket with its upper middle at (x, y), pointed below by `peak`, with a flap if `flap` is its height."""
    h = wide / 2
    shape = outline(
        [(x - h, y), (x + h, y - lean)],
        [(x + h, y - lean), (x + h, y + tall)],
        [(x + h, y + tall), (x, y + tall + peak)],
        [(x, y + tall + peak), (x - h, y + tall)],
        [(x - h, y + tall), (x - h, y)],
    )
    inner = outline(
        [(x + h - 0.4, y + 0.2), (x + h - 0.4, y + tall - 0.2)],
        [(x + h - 0.4, y + tall - 0.2), (x, y + tall + peak - 0.45)],
        [(x, y + tall + peak - 0.45), (x - h + 0.4, y + tall - 0.2)],
        [(x - h + 0.4, y + tall - 0.2), (x - h + 0.4, y + 0.2)],
    )
    parts: list[Part] = [
        Panel(shape, fabric, round=0.7, lip=0.14, crumple=0.35, cast=0.4),
        Stitch(inner, thread, 0.32, 0.2, 0.11),
    ]
    if flap:
        lid = outline(
            [(x - h - 0.3, y - 0.8), (x + h + 0.3, y - 0.8 - lean)],
            [(x + h + 0.3, y - 0.8 - lean), (x + h + 0.3, y + flap - 1)],
            [(x + h + 0.3, y + flap - 1), (x, y + flap + peak * 0.5)],
            [(x, y + flap + peak * 0.5), (x - h - 0.3, y + flap - 1)],
            [(x - h - 0.3, y + flap - 1), (x - h - 0.3, y - 0.8)],
        )
        parts += [
            Panel(lid, fabric, round=0.9, lip=0.2, crumple=0.3, cast=0.5),
            Stitch(
                smooth([(x - h, y + flap - 1.4), (x, y + flap + peak * 0.5 - 0.6), (x + h, y + flap - 1.4)]),
                thread,
                0.32,
                0.2,
                0.11,
            ),
        ]
        if button:
            parts.append(Button((x, y + flap - 0.9), 0.6, button))
    else:
        parts.append(Stitch(smooth([(x - h + 0.3, y + 1.8), (x + h - 0.3, y + 1.8 - lean)]), thread, 0.32, 0.2, 0.11))
    return parts


def ruffle(edge: Path, fabric: Fabric, width: float, rng: np.random.Generator) -> list[Part]:
    """A gathered frill sewn along an edge that runs from left to right; it falls below the edge."""
    outer = beside(edge, -width)
    t = np.linspace(0, 1, len(edge))
    wave = 0.5 * np.sin(2 * np.pi * (t * 15 + 0.2 * np.sin(9 * t))) + 0.25 * np.sin(2 * np.pi * t * 37)
    outer = outer + (outer - edge) / width * wave[:, None] * 0.9
    count = 34
    folds = []
    for k, s in enumerate(np.linspace(0.01, 0.99, count)):
        i = int(s * (len(edge) - 1))
        folds.append(Fold(smooth(np.array([edge[i], outer[i]])), 0.8, (0.5 if k % 2 else -0.5) * rng.uniform(0.6, 1.2)))
    return [
        Panel(np.vstack([edge, outer[::-1]]), fabric, folds=folds, round=0.8, lip=0.12, crumple=0.2, cast=0.5),
        Seam([edge], 0.3, 0.4),
    ]


def bow(centre: Point, fabric: Fabric, rng: np.random.Generator, size: float = 7.0) -> list[Part]:
    """Two loops, two hanging ends and a knot."""
    x, y = centre
    parts: list[Part] = []
    for s, lean in ((-1, 14), (1, 10)):
        a, b = polar((x, y), s * lean - s * 4, size * 2.2), polar((x, y), s * (lean + 12), size * 2.1)
        parts.append(
            Panel(
                outline([(x, y), a], [a, b], [b, (x + s * 0.8, y)]),
                fabric,
                grain=s * lean,
                round=1.0,
                lip=0.15,
                cast=0.5,
                folds=[Fold(smooth([(x, y), polar((x, y), s * lean, size * 2)]), 0.8, 0.5)],
            )
        )
    for s in (-1, 1):
        loop = outline(
            [
                (x, y - 0.5),
                (x + s * size * 0.6, y - size * 0.42),
                (x + s * size, y - size * 0.1),
                (x + s * size * 0.75, y + size * 0.36),
                (x, y + 0.6),
            ]
        )
        parts.append(
            Panel(
                loop,
                fabric,
                grain=90,
                round=1.8,
                lip=0.15,
                cast=0.55,
                folds=fan(rng, (x, y), (s * 70, s * 108), (3, 6), 4, 0.7, 0.5),
            )
        )
    return [
        *parts,
        Panel(
            outline(
                [(x - 1.1, y - 1.1), (x + 1.1, y - 1.1)],
                [(x + 1.1, y - 1.1), (x + 1.2, y + 1.3), (x - 1.2, y + 1.3), (x - 1.1, y - 1.1)],
            ),
            fabric,
            round=1.1,
            lip=0.2,
            cast=0.6,
        ),
    ]
