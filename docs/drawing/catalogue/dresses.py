"""Dresses and the jumpsuit."""

from __future__ import annotations

import numpy as np

from docs.drawing.catalogue.bodice import armhole, neckline, sleeve
from docs.drawing.catalogue.curves import Path, beside, mirror, outline, smooth
from docs.drawing.catalogue.fabric import Fabric
from docs.drawing.catalogue.holders import form, hanger
from docs.drawing.catalogue.measures import Cut, Pose
from docs.drawing.catalogue.necks import back
from docs.drawing.catalogue.parts import Cord, Fold, Panel, Part, Seam, across, drop, fan
from docs.drawing.catalogue.skirts import flare, flow
from docs.drawing.catalogue.tees import torso_folds
from docs.drawing.catalogue.trims import bow, collar, ruffle


def bodice(cut: Cut, at: float, sharp: bool) -> Path:
    """Outline of a bodice that ends at a waist seam at height `at`."""
    right = np.vstack(
        [
            smooth([(cut.neck, 0.0), cut.tip]),
            armhole(cut),
            smooth([cut.pit, (cut.chest - 1.6, (cut.armhole + at) / 2), (cut.waist, at)]),
        ]
    )
    return np.vstack(
        [neckline(cut, sharp), right, smooth([(cut.waist, at), (0, at + 1.2), (-cut.waist, at)]), mirror(right)]
    )


def gathered(waist: float, at: float, rng: np.random.Generator, up: float, down: float) -> list[Fold]:
    """Small folds above and below a gathered waist seam."""
    return [
        Fold(
            smooth(
                [
                    (x, at + 0.4 + k * 0.4),
                    (x * (1 + 0.08 * k), at + 0.4 + k * rng.uniform(min(up, down), max(up, down))),
                ]
            ),
            0.8,
            float(rng.uniform(0.25, 0.6)) * (-1) ** i,
        )
        for i, x in enumerate(np.linspace(-waist * 0.93, waist * 0.93, 24))
        for k in (-1, 1)
    ]


def maxi(fabric: Fabric, pose: Pose, rng: np.random.Generator, thread: str) -> list[Part]:
    """Long wrap-look dress: V-neck, flutter sleeves, waist tie, flowing tiered skirt."""
    cut = Cut(shoulder=17.0, neck=7.0, drop=19.0, chest=20.5, armhole=21, waist=16.0, waist_at=38, sleeve=18, cuff=11.5)
    hem = 37.0 + pose.spread
    parts: list[Part] = back(cut, fabric, pose)
    for which in (-1, 1):
        parts += sleeve(cut, pose, fabric, rng, which, hem=thread).parts
    shape, upper, low = flare(cut.waist, 22.0, hem, 38.0, 128.0, 9, rng, 20)
    phase = float(rng.uniform(0, 6))
    parts.append(
        Panel(
            bodice(cut, 38.5, True),
            fabric,
            folds=torso_folds(cut, rng, 0.8) + gathered(cut.waist, 38, rng, 5, 9),
            round=2.5 + 4 * pose.body,
        )
    )
    parts += ruffle(neckline(cut, True), fabric, 2.6, rng)
    parts.append(Seam([armhole(cut), mirror(armhole(cut))], 0.22, 0.3))
    skirt = Panel(
        shape,
        fabric,
        field=flow(cut.waist, hem, 38, 128, 5.5, 1.7, phase),
        folds=gathered(cut.waist, 38, rng, 7, 14) + drop(rng, upper, low, 9, 2.4, 0.7, 0.05),
        round=5.0,
    )
    parts += [skirt, Seam([beside(low, 22.0)], 0.5, 0.5), Seam([beside(low, 1.5)], 0.25, 0.3)]
    strip = outline(
        [(-16.4, 36.4), (0, 37.6), (16.4, 36.4)],
        [(16.4, 36.4), (16.4, 40)],
        [(16.4, 40), (0, 41.2), (-16.4, 40)],
        [(-16.4, 40), (-16.4, 36.4)],
    )
    return [*parts, Panel(strip, fabric, grain=90, round=1.2, lip=0.2, cast=0.5), *bow((6.5, 39.0), fabric, rng, 5.0)]


def mini(fabric: Fabric, trim: Fabric, pose: Pose, rng: np.random.Generator, thread: str) -> list[Part]:
    """Short skater dress with puffed sleeves, collar and swinging skirt."""
    cut = Cut(shoulder=17.0, neck=6.8, drop=6.5, chest=20.0, armhole=20.5, waist=16.2, waist_at=37, sleeve=16, cuff=7.8)
    hem = 34.0 + pose.spread
    parts: list[Part] = back(cut, fabric, pose)
    for which in (-1, 1):
        parts += sleeve(cut, pose, fabric, rng, which, cuff=trim, cuff_long=2.4, blouse=2.4).parts
    shape, upper, low = flare(cut.waist, 24.0, hem, 37.0, 82.0, 10, rng, 16)
    parts.append(
        Panel(
            bodice(cut, 37.5, False),
            fabric,
            folds=torso_folds(cut, rng, 0.7) + gathered(cut.waist, 37, rng, 3, 6),
            round=2.5 + 4 * pose.body,
        )
    )
    parts += [
        Seam(
            [
                armhole(cut),
                mirror(armhole(cut)),
                *(smooth([(s * 9, 18), (s * 8.2, 28), (s * 8.4, 37)]) for s in (-1, 1)),
            ],
            0.22,
            0.3,
        )
    ]
    parts.append(
        Panel(
            shape,
            fabric,
            field=flow(cut.waist, hem, 37, 82, 6.5, 1.6, float(rng.uniform(0, 6))),
            folds=gathered(cut.waist, 37, rng, 5, 12),
            round=5.0,
        )
    )
    parts += [Seam([beside(low, 1.5), upper], 0.3, 0.45)]
    return parts + collar(cut, trim, thread, pose, point=8.0, spread=1.25)


def slip(fabric: Fabric, pose: Pose, rng: np.random.Generator) -> list[Part]:
    """Bias-cut satin slip dress: thin straps, cowl neck, midi length."""
    hem = 26.0 + pose.spread
    parts: list[Part] = form() if pose.holder == "form" else hanger(Cut(shoulder=18)) if pose.holder == "hanger" else []
    behind = outline([(-15, 19), (-8, 22), (0, 23), (8, 22), (15, 19)], [(15, 19), (12, 34), (-12, 34), (-15, 19)])
    if pose.holder != "form":
        parts.append(Panel(behind, fabric.darker(0.7), cast=0, inside=0.6))
        parts += [
            Cord(smooth([(s * 9.6, 1.0), (s * 9.8, 10), (s * 9.0, 21.5)]), 0.55, "#7d6a55", cast=0.2) for s in (-1, 1)
        ]
    right = smooth(
        [
            (10.6, 11.2),
            (13.0, 15.5),
            (16.8, 20.5),
            (16.6, 28),
            (15.2, 38),
            (18.6, 50),
            (21.4, 60),
            (22.5, 85),
            (hem, 112),
        ]
    )
    x = np.linspace(hem, -hem, 90)
    low = np.column_stack([x, 112 + 1.6 * (1 - (x / hem) ** 2) + 0.7 * np.sin(7 * np.pi * x / hem + rng.uniform(0, 6))])
    cowl = smooth([(-10.6, 11.2), (-7.5, 16.0), (-3.6, 19.6), (0, 20.6), (3.6, 19.6), (7.5, 16.0), (10.6, 11.2)])
    folds = [
        Fold(
            smooth(
                [
                    (-9.6 + k * 0.4, 13.5 + k * 1.2),
                    (-4, 20.5 + 2.3 * k),
                    (0.3 * k, 22 + 2.6 * k),
                    (4, 20.5 + 2.3 * k),
                    (9.6 - k * 0.4, 13.5 + k * 1.2),
                ]
            ),
            1.0,
            0.5 - 0.06 * k,
        )
        for k in range(5)
    ]
    folds += (
        across(rng, (0, 36), (0, 46), 15, 6, 1.4, 0.35)
        + fan(rng, (-17, 48), (20, 80), (12, 26), 5, 1.8, 0.4)
        + fan(rng, (17, 48), (-20, -80), (12, 26), 5, 1.8, 0.4)
    )
    folds += drop(rng, smooth([(-18, 56), (18, 56)]), low[::-1], 8, 2.4, 0.7)
    shape = np.vstack([cowl, right, low, mirror(right)])
    parts.append(
        Panel(
            shape,
            fabric,
            folds=folds,
            field=flow(18.0, hem, 50, 112, 4.2, 1.0, float(rng.uniform(0, 6))),
            round=6.5,
            crumple=0.7,
        )
    )
    parts += [
        Cord(smooth([(s * 9.6, 0.6), (s * 10.5, 5), (s * 10.6, 11.6)]), 0.6, "#a98f6c", cast=0.4) for s in (-1, 1)
    ]
    return parts + [Seam([beside(low[::-1], 1.2), beside(cowl, -1.0)], 0.25, 0.3)]
