"""Tailored and long outerwear: trench coat, blazer, parka."""

from __future__ import annotations

import numpy as np

from docs.drawing.catalogue.bodice import armhole, flip, sleeve, torso
from docs.drawing.catalogue.curves import mirror, outline, polar, smooth
from docs.drawing.catalogue.fabric import Fabric
from docs.drawing.catalogue.measures import Cut, Pose
from docs.drawing.catalogue.necks import back
from docs.drawing.catalogue.parts import Button, Fold, Panel, Part, Seam, Stitch, drop
from docs.drawing.catalogue.tailoring import belt, lapels
from docs.drawing.catalogue.tees import torso_folds


def trench(fabric: Fabric, pose: Pose, rng: np.random.Generator, thread: str, button: str) -> list[Part]:
    """Cropped double-breasted trench: storm flap, epaulettes, belt, sleeve straps."""
    cut = Cut(
        shoulder=19.5,
        sleeve=55,
        cuff=7.0,
        elbow=8.6,
        length=76,
        hem=27.5,
        waist=19.8,
        waist_at=43,
        chest=23.5,
        drop=14.0,
        neck=7.4,
        armhole=23,
        dip=1.4,
    )
    parts: list[Part] = back(cut, fabric, pose)
    for which in (-1, 1):
        parts += trench_sleeve(cut, pose, fabric, rng, which, thread, button)
    low = smooth([(-cut.hem, cut.length), (cut.hem, cut.length)])
    belt_line = smooth([(-cut.waist, 44), (cut.waist, 44)])
    folds = torso_folds(cut, rng, 0.7) + drop(rng, belt_line, low, 9, 2.2, 0.75)
    folds += [Fold(smooth([(x, 41), (x * 1.02, 41 - rng.uniform(4, 9))]), 0.9, 0.4) for x in np.linspace(-17, 17, 13)]
    parts.append(Panel(torso(cut, sharp=True), fabric, folds=folds, round=2.6 + 4.5 * pose.body, cast=0.4, crumple=0.7))
    parts.append(Seam([armhole(cut), mirror(armhole(cut))], 0.22, 0.3))
    edge = smooth([(-8.6, 27.0), (-9.0, 44), (-10.0, cut.length + 0.8)])
    parts += [Seam([edge], 0.4, 0.75), Stitch(edge + [0.9, 0], thread, 0.32, 0.2, 0.12)]
    for y in (32.0, 51.5, 62.0):
        parts += [Button((x, y), 1.15, button, gloss=0.5) for x in (-5.6, 6.2)]
    for s in (-1, 1):
        welt = outline(
            [(s * 12.6, 50), (s * 15.2, 49.6)],
            [(s * 15.2, 49.6), (s * 19.6, 63)],
            [(s * 19.6, 63), (s * 17.0, 63.8)],
            [(s * 17.0, 63.8), (s * 12.6, 50)],
        )
        parts += [
            Panel(welt, fabric, grain=s * 18, round=0.9, lip=0.2, crumple=0.1, cast=0.5),
            Button((s * 16.0, 56.5), 0.7, button),
        ]
    flap = outline(
        [(7.2, 3.0), (18.8, 4.6)],
        [(18.8, 4.6), (17.6, 13), (18.4, 22.0)],
        [(18.4, 22.0), (13, 25.5), (6.5, 26.0)],
        [(6.5, 26.0), (7.2, 3.0)],
    )
    parts += [
        Panel(flap, fabric, round=1.2, lip=0.2, crumple=0.4, cast=0.5),
        Stitch(smooth([(17.6, 21.6), (13, 24.7), (7.0, 25.2)]), thread, 0.32, 0.2, 0.12),
    ]
    parts += lapels(cut, fabric, thread, pose, 29.0, 4.5, 16.0, 8.6)
    parts += belt(fabric, 44.0, cut.waist + 0.5, thread, rng)
    strap = outline(
        [(9.0, 2.2), (19.2, 5.6)], [(19.2, 5.6), (18.8, 8.6)], [(18.8, 8.6), (9.6, 5.0), (8.2, 3.2), (9.0, 2.2)]
    )
    own: list[Part] = [
        Panel(strap, fabric, grain=70, round=0.9, lip=0.22, crumple=0, cast=0.55),
        Button((10.6, 4.0), 0.65, button),
    ]
    return parts + own + [flip(p) for p in own]


def trench_sleeve(
    cut: Cut, pose: Pose, fabric: Fabric, rng: np.random.Generator, which: int, thread: str, button: str
) -> list[Part]:
    """A sleeve with a buckled strap above its hem."""
    arm = sleeve(cut, pose, fabric, rng, 1 if which > 0 else -1, hem=thread)
    a, b, aim = arm.outer, arm.inner, arm.angle
    up = -7.5
    strap = outline(
        [polar(polar(a, aim + 90, 0.7), aim, up), polar(polar(b, aim - 90, 0.7), aim, up)],
        [polar(polar(b, aim - 90, 0.7), aim, up), polar(polar(b, aim - 90, 0.6), aim, up + 2.8)],
        [polar(polar(b, aim - 90, 0.6), aim, up + 2.8), polar(polar(a, aim + 90, 0.6), aim, up + 2.8)],
        [polar(polar(a, aim + 90, 0.6), aim, up + 2.8), polar(polar(a, aim + 90, 0.7), aim, up)],
    )
    middle = polar(((a[0] + b[0]) / 2, (a[1] + b[1]) / 2), aim, up + 1.4)
    own: list[Part] = [
        Panel(strap, fabric, grain=aim + 90, round=1.2, lip=0.2, crumple=0.1, cast=0.5),
        Button(middle, 0.7, button),
    ]
    return arm.parts + (own if which > 0 else [flip(p) for p in own])


def blazer(
    fabric: Fabric, lining: Fabric, pose: Pose, rng: np.random.Generator, thread: str, button: str
) -> list[Part]:
    """Single-breasted blazer: notch lapels, flap pockets, breast welt, two buttons."""
    cut = Cut(
        shoulder=20.0,
        slope=4.0,
        sleeve=56,
        cuff=6.2,
        elbow=7.8,
        length=71,
        hem=24.0,
        waist=20.6,
        waist_at=41,
        chest=23.2,
        drop=32.0,
        neck=7.0,
        armhole=23,
        dip=0.0,
    )
    parts: list[Part] = back(cut, lining, pose)
    for which in (-1, 1):
        arm = sleeve(cut, pose, fabric, rng, which)
        own: list[Part] = [
            Button(polar(polar(arm.outer, arm.angle - 90, 1.8), arm.angle, -2.6 - 2.0 * k), 0.55, button)
            for k in range(3)
        ]
        parts += arm.parts + (own if which > 0 else [flip(p) for p in own])
    w, end = cut.hem, cut.length
    right = np.vstack(
        [
            smooth([(cut.neck, 0.0), cut.tip]),
            armhole(cut),
            smooth([cut.pit, (22.0, 32), (cut.waist, 41), (22.6, 56), (w, end)]),
        ]
    )
    for s in (1, -1):
        inner = smooth(
            [
                (4.6, end + 0.8),
                (1.2, end - 5),
                (-1.8, end - 17),
                (-2.4, 44.0),
                (-1.6, 36.5),
                (cut.neck * 0.5, 17),
                (cut.neck, 0.0),
            ]
        )
        shape = np.vstack([right, smooth([(w, end), (w * 0.6, end + 0.9), (4.6, end + 0.8)]), inner])
        folds = torso_folds(cut, rng, 0.6)
        panel = Panel(
            shape,
            fabric,
            folds=[f for f in folds if f.line[:, 0].mean() > -4],
            round=2.4 + 4.0 * pose.body,
            cast=0.45,
            crumple=0.5,
        )
        dart = Seam([smooth([(10.5, 24), (10.0, 38), (10.6, 50)]), armhole(cut)], 0.25, 0.35)
        parts += [panel, dart] if s > 0 else [flip(panel), flip(dart)]
    for s in (-1, 1):
        lid = outline(
            [(s * 8.0, 50.8), (s * 20.0, 49.6)],
            [(s * 20.0, 49.6), (s * 20.6, 54.8)],
            [(s * 20.6, 54.8), (s * 14, 56.2), (s * 8.2, 56.0)],
            [(s * 8.2, 56.0), (s * 8.0, 50.8)],
        )
        parts.append(Panel(lid, fabric, round=1.0, lip=0.2, crumple=0.15, cast=0.5))
    parts.append(
        Panel(
            outline(
                [(8.6, 22.6), (17.0, 21.0)],
                [(17.0, 21.0), (17.2, 23.4)],
                [(17.2, 23.4), (8.8, 25.0)],
                [(8.8, 25.0), (8.6, 22.6)],
            ),
            fabric,
            round=0.7,
            lip=0.16,
            crumple=0,
            cast=0.4,
        )
    )
    parts += lapels(cut, fabric, thread, pose, 38.0, 1.6, 14.2, 9.4)
    return parts + [Button((0.3, y), 1.1, button, gloss=0.4) for y in (40.5, 50.5)]
