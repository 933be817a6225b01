"""Warm knitted tops: sweater, cardigan, hoodie, tank top."""

from __future__ import annotations

import numpy as np

from docs.drawing.catalogue.bodice import armhole, flip, neckline, sleeve, torso
from docs.drawing.catalogue.curves import band, beside, mirror, outline, smooth
from docs.drawing.catalogue.fabric import Fabric
from docs.drawing.catalogue.measures import Cut, Pose
from docs.drawing.catalogue.necks import back, neck_rib
from docs.drawing.catalogue.parts import Button, Cord, Panel, Part, Seam, Stitch, drop, fan
from docs.drawing.catalogue.tees import torso_folds

WARM = Cut(sleeve=52, cuff=6.0, elbow=8.2, length=62, hem=21.0, waist=22.0, drop=7.5, neck=7.6, armhole=23)


def hem_rib(cut: Cut, fabric: Fabric, tall: float, split: float = 0.0) -> list[Part]:
    """A rib welt below the torso; `split` leaves a gap in the middle for an open front."""
    w, y = cut.hem, cut.length
    strip = outline(
        [(-w - 0.1, y - 0.3), (0, y + cut.dip - 0.3), (w + 0.1, y - 0.3)],
        [(w + 0.1, y - 0.3), (w - 0.7, y + tall)],
        [(w - 0.7, y + tall), (0, y + tall + cut.dip), (-w + 0.7, y + tall)],
        [(-w + 0.7, y + tall), (-w - 0.1, y - 0.3)],
    )
    parts: list[Part] = [Panel(strip, fabric, round=3.2, crumple=0.3, cast=0.2)]
    if split:
        parts.append(Seam([smooth([(split, y), (split, y + tall + cut.dip)])], 0.35, 0.7))
    return parts


def sweater(fabric: Fabric, rib: Fabric, pose: Pose, rng: np.random.Generator, cut: Cut = WARM) -> list[Part]:
    """Crew-neck sweater with rib welts."""
    parts: list[Part] = back(cut, fabric, pose)
    for which in (-1, 1):
        parts += sleeve(cut, pose, fabric, rng, which, cuff=rib, cuff_long=6.5, blouse=1.4).parts
    parts += hem_rib(cut, rib, 6.5)
    parts.append(
        Panel(torso(cut), fabric, folds=torso_folds(cut, rng, 0.8), round=3.0 + 4.5 * pose.body, cast=0.4, crumple=0.8)
    )
    parts.append(Seam([armhole(cut), mirror(armhole(cut))], 0.22, 0.3))
    return parts + neck_rib(neckline(cut), rib, 2.7)


CARDIGAN = Cut(
    sleeve=53, cuff=6.4, elbow=8.6, length=66, hem=22.5, waist=22.5, drop=24.0, neck=7.0, armhole=23, chest=24
)


def cardigan(
    fabric: Fabric,
    rib: Fabric,
    pose: Pose,
    rng: np.random.Generator,
    button: str,
    cut: Cut = CARDIGAN,
) -> list[Part]:
    """Chunky V-neck cardigan, buttoned, with two pockets."""
    parts: list[Part] = back(cut, fabric, pose)
    for which in (-1, 1):
        parts += sleeve(cut, pose, fabric, rng, which, cuff=rib, cuff_long=6.5, blouse=1.6).parts
    parts += hem_rib(cut, rib, 6.0)
    parts.append(
        Panel(
            torso(cut, sharp=True),
            fabric,
            folds=torso_folds(cut, rng, 0.7),
            round=3.0 + 4.5 * pose.body,
            cast=0.4,
            crumple=0.7,
        )
    )
    parts.append(Seam([armhole(cut), mirror(armhole(cut))], 0.22, 0.3))
    for x in (-12.0, 12.0):
        pocket = outline(
            [(x - 5.5, 45), (x + 5.5, 45)],
            [(x + 5.5, 45), (x + 5.5, 58)],
            [(x + 5.5, 58), (x - 5.5, 58)],
            [(x - 5.5, 58), (x - 5.5, 45)],
        )
        welt = outline(
            [(x - 5.7, 44.4), (x + 5.7, 44.4)],
            [(x + 5.7, 44.4), (x + 5.7, 47.4)],
            [(x + 5.7, 47.4), (x - 5.7, 47.4)],
            [(x - 5.7, 47.4), (x - 5.7, 44.4)],
        )
        parts += [
            Panel(pocket, fabric, round=0.9, lip=0.2, crumple=0.3, cast=0.45),
            Panel(welt, rib, round=0.8, lip=0.2, crumple=0, cast=0.3),
        ]
    n, d, foot = cut.neck, cut.drop, cut.length + 7.0
    right = smooth([(0.0, d + 1.5), (n * 0.55, d * 0.52), (n + 0.3, -0.4)])
    under = np.vstack(
        [
            smooth([(1.8, foot), (1.8, d + 2)]),
            smooth([(1.8, d + 2), (n * 0.55 + 2.4, d * 0.55), (n + 2.6, 0.3)]),
            right[::-1],
            smooth([(0, d + 1.5), (-1.8, d + 3), (-1.8, foot)]),
        ]
    )
    over = np.vstack(
        [
            smooth([(-1.8, d + 2), (-n * 0.55 - 2.4, d * 0.55), (-n - 2.6, 0.3)]),
            smooth([(-n - 2.6, 0.3), (-n - 0.3, -0.4)]),
            smooth([(-n - 0.3, -0.4), (-n * 0.55, d * 0.52), (1.8, d + 3.0), (1.8, foot)]),
            smooth([(1.8, foot), (-1.8, foot)]),
            smooth([(-1.8, foot), (-1.8, d + 2)]),
        ]
    )
    parts += [
        Panel(under, rib, round=1.4, lip=0.25, crumple=0.1, cast=0.45),
        Panel(over, rib, round=1.4, lip=0.25, crumple=0.1, cast=0.45),
    ]
    return parts + [Button((0.0, float(y)), 1.25, button, gloss=0.4) for y in np.linspace(d + 5.5, foot - 4, 5)]


HOODIE = Cut(
    sleeve=53, cuff=5.6, elbow=8.8, length=60, hem=21.0, waist=22.8, chest=24.5, drop=8.5, neck=7.8, armhole=24
)


def hoodie(
    fabric: Fabric,
    rib: Fabric,
    pose: Pose,
    rng: np.random.Generator,
    thread: str,
    cord: str,
    cut: Cut = HOODIE,
) -> list[Part]:
    """Pullover hoodie: hood, drawstrings, kangaroo pocket, rib welts."""
    parts: list[Part] = []
    hood = outline(
        [
            (-8.8, 3.0),
            (-12.0, -4.0),
            (-10.5, -11.0),
            (-5.0, -14.2),
            (0, -14.8),
            (5.0, -14.2),
            (10.5, -11.0),
            (12.0, -4.0),
            (8.8, 3.0),
        ],
        [(8.8, 3.0), (0, 8.0), (-8.8, 3.0)],
    )
    inner = outline(
        [(-7.4, 2.0), (-8.6, -4.0), (-6.4, -9.0), (0, -11.0), (6.4, -9.0), (8.6, -4.0), (7.4, 2.0)],
        [(7.4, 2.0), (3.0, 8.0), (0, 9.5), (-3, 8), (-7.4, 2.0)],
    )
    for which in (-1, 1):
        parts += sleeve(cut, pose, fabric, rng, which, cuff=rib, cuff_long=6.5, blouse=1.8).parts
    parts += hem_rib(cut, rib, 6.5)
    parts.append(Panel(torso(cut), fabric, folds=torso_folds(cut, rng, 1.0), round=3.0 + 4.5 * pose.body, cast=0.4))
    parts.append(Seam([armhole(cut), mirror(armhole(cut))], 0.22, 0.3))
    folds = fan(rng, (0, -13), (-120, -40), (5, 11), 3, 1.3, 0.5) + fan(rng, (0, -13), (40, 120), (5, 11), 3, 1.3, 0.5)
    parts += [
        Panel(hood, fabric, folds=folds, round=4.0, lip=0.2, cast=0.5),
        Panel(inner, fabric.darker(0.8), round=1.2, cast=0.0, inside=0.5, crumple=0.8),
        Seam([smooth([(0, -10.5), (0, 4)])], 0.3, 0.5),
    ]
    left = outline(
        [(-8.8, 2.4), (-10.4, -4.0), (-8.4, -9.5), (-6.6, -9.4), (-7.6, -4.0), (-6.0, 2.5), (0.6, 9.0)],
        [(0.6, 9.0), (-0.6, 11.4), (-5.2, 8.2), (-8.8, 2.4)],
    )
    flap = Panel(left, fabric, round=1.6, lip=0.25, crumple=0.4, cast=0.55)
    parts += [flip(flip(flap)), flip(flap)]
    for s, end in ((-1, 28.0), (1, 25.5)):
        line = smooth([(s * 3.0, 8.2), (s * 3.6, 13), (s * 3.1, 19), (s * 3.8, end)])
        parts += [
            Button((s * 3.0, 8.0), 0.5, "#a7a7a7", holes=0, gloss=0.6),
            Cord(line, 0.62, cord),
            Cord(line[-4:], 0.75, "#c9c9c9", gloss=0.5),
        ]
    pocket = outline(
        [(-9.5, 41), (9.5, 41)],
        [(9.5, 41), (15.0, 51.5)],
        [(15.0, 51.5), (15.0, 59.8)],
        [(15.0, 59.8), (0, 60.6), (-15.0, 59.8)],
        [(-15.0, 59.8), (-15.0, 51.5)],
        [(-15.0, 51.5), (-9.5, 41)],
    )
    parts += [
        Panel(
            pocket,
            fabric,
            folds=drop(rng, smooth([(-8, 42), (8, 42)]), smooth([(-12, 59), (12, 59)]), 4, 2.2, 0.5),
            round=1.2,
            lip=0.18,
            cast=0.45,
        )
    ]
    for s in (-1, 1):
        edge = smooth([(s * 8.9, 41.8), (s * 14.0, 51.6)])
        parts += [Stitch(edge, thread, 0.35, 0.2, 0.13), Stitch(edge - [s * 0.8, 0], thread, 0.35, 0.2, 0.13)]
    return parts


def tank(fabric: Fabric, pose: Pose, rng: np.random.Generator, thread: str) -> list[Part]:
    """Ribbed tank top with bound neck and armholes."""
    cut = Cut(
        shoulder=12.5,
        slope=1.5,
        neck=8.6,
        drop=14.5,
        chest=20.5,
        armhole=22.5,
        waist=19.0,
        waist_at=40,
        hem=20.8,
        length=62,
    )
    hole = smooth([cut.tip, (11.6, 9), (13.4, 17.5), cut.pit])
    right = np.vstack(
        [
            smooth([(cut.neck, 0.0), cut.tip]),
            hole,
            smooth([cut.pit, (19.6, 31), (cut.waist, 40), (cut.hem, cut.length)]),
        ]
    )
    hem = smooth([(cut.hem, cut.length), (0, cut.length + 1.2), (-cut.hem, cut.length)])
    shape = np.vstack([neckline(cut), right, hem, mirror(right)])
    parts: list[Part] = back(cut, fabric, pose, rise=4.5)
    behind = outline([cut.tip, (12.2, 9), (14.5, 17), cut.pit], [cut.pit, (10.4, 14), (10.4, 3), cut.tip])
    if pose.holder != "form":
        own = Panel(behind, fabric.darker(0.75), round=0.8, cast=0, inside=0.65, crumple=0.2)
        parts += [own, flip(own)]
    folds = torso_folds(cut, rng, 0.8)
    parts.append(Panel(shape, fabric, folds=folds, round=2.5 + 4.5 * pose.body, cast=0.45))
    for edge in (neckline(cut), hole, mirror(hole)):
        parts += [
            Panel(band(edge, -1.1), fabric, grain=90, round=0.7, lip=0.15, crumple=0, cast=0.25),
            Stitch(beside(edge, -1.35), thread, 0.35, 0.2, 0.11),
        ]
    parts += [
        Stitch(
            smooth([(-cut.hem + 0.8, cut.length - 2), (0, cut.length - 0.8), (cut.hem - 0.8, cut.length - 2)]),
            thread,
            0.35,
            0.2,
            0.12,
        )
    ]
    return parts
