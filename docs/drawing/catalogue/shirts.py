"""Woven tops with a collar and buttons: flannel shirt, blouse, polo; also the collar and placket dresses use."""

from __future__ import annotations

import numpy as np

from docs.drawing.catalogue.bodice import armhole, neckline, sleeve, torso
from docs.drawing.catalogue.curves import Path, mirror, part, smooth
from docs.drawing.catalogue.fabric import Fabric
from docs.drawing.catalogue.measures import Cut, Pose
from docs.drawing.catalogue.necks import back
from docs.drawing.catalogue.parts import Button, Cord, Panel, Part, Seam, Stitch, drop
from docs.drawing.catalogue.tees import torso_folds
from docs.drawing.catalogue.trims import bow, collar, patch, placket, ruffle


def tail(cut: Cut, sharp: bool = False) -> Path:
    """Outline of a shirt front with a curved tail."""
    w, end = cut.hem, cut.length
    right = np.vstack(
        [
            smooth([(cut.neck, 0.0), cut.tip]),
            armhole(cut),
            smooth([cut.pit, (cut.waist, cut.waist_at), (w, end - 8), (w - 0.6, end - 5.5)]),
        ]
    )
    hem = smooth(
        [
            (w - 0.6, end - 5.5),
            (w * 0.72, end - 0.8),
            (w * 0.3, end + cut.dip),
            (0, end + cut.dip),
            (-w * 0.3, end + cut.dip),
            (-w * 0.72, end - 0.8),
            (-w + 0.6, end - 5.5),
        ]
    )
    return np.vstack([neckline(cut, sharp), right, hem, mirror(right)])


SHIRT = Cut(sleeve=54, cuff=5.2, elbow=7.6, length=70, drop=6.0, neck=7.0, hem=22.5)


def shirt(
    fabric: Fabric,
    pose: Pose,
    rng: np.random.Generator,
    thread: str,
    button: str,
    cut: Cut = SHIRT,
    pockets: int = 2,
    flap: float = 4.5,
) -> list[Part]:
    """Button-down shirt with chest pockets and cuffs."""
    parts: list[Part] = back(cut, fabric, pose)
    for which in (-1, 1):
        arm = sleeve(cut, pose, fabric, rng, which, cuff=fabric, cuff_long=6.0, blouse=1.2)
        parts += arm.parts
    parts.append(Panel(tail(cut), fabric, folds=torso_folds(cut, rng), round=2.2 + 4.5 * pose.body, cast=0.4))
    yoke = smooth(
        [
            (-cut.tip[0] + 0.2, cut.tip[1] + 3.2),
            (-cut.neck - 3, 4.6),
            (cut.neck + 3, 4.6),
            (cut.tip[0] - 0.2, cut.tip[1] + 3.2),
        ]
    )
    parts += [
        Seam([armhole(cut), mirror(armhole(cut))], 0.22, 0.3),
        Seam([part(yoke, 0, 0.3), part(yoke, 0.7, 1)], 0.2, 0.35),
    ]
    parts += placket(cut, fabric, thread, button, 7)
    for x in (-1, 1)[-pockets:] if pockets else ():
        parts += patch(x * 11.5, 22.5, 10.5, 11.0, fabric, thread, flap=flap, button=button)
    return parts + collar(cut, fabric, thread, pose)


POLO = Cut(drop=7.0, neck=7.4, length=67, sleeve=21, cuff=8.2)


def polo(
    fabric: Fabric,
    pose: Pose,
    rng: np.random.Generator,
    thread: str,
    trim: Fabric,
    button: str,
    cut: Cut = POLO,
) -> list[Part]:
    """Pique polo: knitted collar and cuffs, short placket, little embroidery."""
    parts: list[Part] = back(cut, fabric, pose)
    for which in (-1, 1):
        parts += sleeve(cut, pose, fabric, rng, which, cuff=trim, cuff_long=2.6).parts
    parts.append(Panel(torso(cut), fabric, folds=torso_folds(cut, rng), round=2.5 + 4.5 * pose.body, cast=0.4))
    parts.append(Seam([armhole(cut), mirror(armhole(cut))], 0.22, 0.3))
    y = cut.length - 2.2
    parts.append(Stitch(smooth([(-cut.hem + 0.8, y), (0, y + cut.dip), (cut.hem - 0.8, y)]), thread, 0.35, 0.2, 0.12))
    parts += placket(cut, fabric, thread, button, 2, end=cut.drop + 11.0, half=1.7)
    parts += [Cord(smooth([(9.6, 21.6), (10.4, 20.6), (11.4, 21.2), (12.4, 20.4)], 0.2), 0.35, "#e8dcc0", cast=0.1)]
    return parts + collar(cut, trim, thread, pose, point=9.0, spread=0.95)


BLOUSE = Cut(sleeve=52, cuff=4.2, elbow=9.6, length=61, drop=15.0, neck=7.0, hem=23, waist=20.5)


def blouse(
    fabric: Fabric,
    pose: Pose,
    rng: np.random.Generator,
    thread: str,
    cut: Cut = BLOUSE,
) -> list[Part]:
    """Satin blouse: V-neck with ruffles and a bow, full sleeves gathered into cuffs."""
    parts: list[Part] = back(cut, fabric, pose)
    for which in (-1, 1):
        parts += sleeve(cut, pose, fabric, rng, which, cuff=fabric, cuff_long=5.0, blouse=4.6).parts
    low = smooth([(-cut.hem, cut.length), (cut.hem, cut.length)])
    top = smooth([(-cut.chest * 0.8, 14.0), (cut.chest * 0.8, 14.0)])
    folds = torso_folds(cut, rng, 0.7) + drop(rng, top, low, 12, 1.5, 0.5)
    parts.append(Panel(torso(cut, sharp=True), fabric, folds=folds, round=2.2 + 4.5 * pose.body, cast=0.4, crumple=0.7))
    parts.append(Seam([armhole(cut), mirror(armhole(cut))], 0.22, 0.3))
    parts += [Button((0.0, float(y)), 0.5, "#e9ddd0") for y in np.linspace(cut.drop + 6, cut.length - 7, 6)]
    parts.append(Seam([smooth([(-1.2, cut.drop), (-1.2, cut.length + 0.5)])], 0.25, 0.4))
    parts += ruffle(neckline(cut, sharp=True), fabric, 4.0, rng)
    return parts + bow((0.0, cut.drop + 1.0), fabric, rng)
